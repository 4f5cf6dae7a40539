"""What was done, in order: entries are only ever added, and each carries the hash of the one before it."""

from ledger.record import record

__all__ = ["record"]
