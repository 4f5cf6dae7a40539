"""What can go wrong when a document becomes a file."""


class ExportError(Exception):
    """Any reason why a file could not be made."""


class FaultyDocument(ExportError):
    """The document breaks a rule that every reader relies on; the message names the place."""


class RenderFailed(ExportError):
    """The renderer ended without a PDF."""


class RenderTooLarge(RenderFailed):
    """The document needs more memory, time or pages than a render may take."""


class PdfUnavailable(RenderFailed):
    """The system libraries that PDF needs are not installed."""
