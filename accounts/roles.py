"""What a person may be. One person has one role."""

from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
