"""What somebody may do here."""

from enum import StrEnum


class Role(StrEnum):
    """Participants see what is theirs; organisers see everything; operators run the installation and see it as well."""

    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    OPERATOR = "operator"

    @property
    def sees_everything(self) -> bool:
        return self is not Role.PARTICIPANT


# Whose submissions are the platform's own, for others to be measured by.
BASELINE_USER = "baseline"
# The group of the hub whose members organise.
ORGANISERS_GROUP = "organisers"
