"""The files of a tender: each format written from the same tender, with its hash."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from exports.assembly import tender_document
from exports.bidding import checklist_sheet
from exports.checklist import checklist_bytes
from exports.document import Document
from exports.pdf import pdf_with_pages
from exports.reports import stop_document
from exports.word import word_bytes
from procurement.tender import Tender

FORMATS = ("docx", "pdf", "xlsx", "json")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@dataclass(frozen=True)
class File:
    """A finished file: its name, what it is ("tender", "checklist", "stop", "record"), its language and bytes."""

    name: str
    kind: str
    language: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The media type, from the end of the name."""
        return MEDIA_TYPES[self.name.rsplit(".", 1)[1]]

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hexadecimal."""
        return sha256(self.content).hexdigest()


def tender_files(tender: Tender, language: str, formats: Iterable[str], *, suffix: str = "") -> tuple[File, ...]:
    """The tender and checklist, or the stop report, in one language and the formats wanted (json apart).

    `suffix` goes into each name before its end. Raises the export errors of the writers.
    """
    wanted = set(formats)
    if tender.stopped:
        return _document_files("stop", stop_document(tender, language), language, wanted, suffix)
    files = _document_files("tender", tender_document(tender, language), language, wanted, suffix)
    if "xlsx" in wanted:
        content = checklist_bytes(checklist_sheet(tender, language))
        files += (File(f"checklist{suffix}.xlsx", "checklist", language, content),)
    return files


def _document_files(kind: str, document: Document, language: str, wanted: set[str], suffix: str) -> tuple[File, ...]:
    """Word and PDF of one document. Where both are made, the PDF's pages fill Word's table of contents."""
    files: tuple[File, ...] = ()
    pages: dict[str, int] = {}
    if "pdf" in wanted:
        content, pages = pdf_with_pages(document)
        files = (File(f"{kind}{suffix}.pdf", kind, language, content),)
    if "docx" in wanted:
        files = (File(f"{kind}{suffix}.docx", kind, language, word_bytes(document, pages or None)), *files)
    return files
