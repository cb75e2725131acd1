"""The limits that use cases go by, from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one submission may hold, in bytes and files."""

    max_file_bytes: int
    max_upload_bytes: int
    max_notebook_bytes: int
    max_files: int
