"""Submissions as they are answered."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from leadersboard.domain.parameters import Parameter
from leadersboard.domain.submission import Submission


class Accepted(BaseModel):
    submission_id: str
    user_id: str
    digest: str


class FileView(BaseModel):
    name: str
    size: int
    sha256: str


class ParameterView(BaseModel):
    """A parameter of the notebook: what a form needs to ask for it. The platform sets those that are `fixed`."""

    name: str
    kind: str
    default: Any
    choices: list[Any]
    help: str
    expected: str
    fixed: bool

    @classmethod
    def of(cls, parameter: Parameter) -> Self:
        return cls(
            name=parameter.name,
            kind=parameter.kind,
            default=parameter.default,
            choices=list(parameter.choices),
            help=parameter.help,
            expected=parameter.expected,
            fixed=parameter.is_fixed,
        )


class SubmissionView(BaseModel):
    submission_id: str
    user_id: str
    created_at: datetime
    entrypoint: str
    config_file: str
    kind: str
    digest: str
    files: list[FileView]
    metadata: dict[str, Any]
    parameters: list[ParameterView] | None

    @classmethod
    def of(cls, submission: Submission) -> Self:
        declared = submission.parameters
        return cls(
            submission_id=submission.submission_id,
            user_id=submission.user_id,
            created_at=submission.created_at,
            entrypoint=submission.entrypoint,
            config_file=submission.config_file,
            kind=submission.entry,
            digest=submission.digest,
            files=[FileView(name=file.name, size=file.size, sha256=file.sha256) for file in submission.files],
            metadata=dict(submission.metadata),
            parameters=None if declared is None else [ParameterView.of(one) for one in declared],
        )


class SubmissionList(BaseModel):
    items: list[SubmissionView]
    total: int
    limit: int
    offset: int
