"""The errors of publication: one family, each named after the broken rule."""


class PublicationError(Exception):
    """Any rule of this room that was broken."""


class NoSuchPublication(PublicationError):
    """Nothing is published under this address."""


class AlreadyPublished(PublicationError):
    """A tender is published once; `published_id` says where."""

    def __init__(self, published_id: str) -> None:
        super().__init__(published_id)
        self.published_id = published_id


class ChangedMeanwhile(PublicationError):
    """The draft is no longer the one that was read; nothing was published."""

    def __init__(self, tender_id: str) -> None:
        super().__init__(tender_id)
        self.tender_id = tender_id
