"""Errors as HTTP answers, in one table: `{"detail": sentence, "code": stable code, "field": what it is about}`."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from leadersboard.api.protection import OF_DATA
from leadersboard.api.upload_limit import Refused
from leadersboard.domain.errors import Kind, LeadersBoardError, TooMany
from leadersboard.domain.language import language_of
from leadersboard.ports.records import RecordsUnavailable

logger = logging.getLogger(__name__)

STATUS_BY_KIND: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}


class ErrorBody(BaseModel):
    """Every error looks like this; `field` is there where the error is about one field of what was sent."""

    detail: str
    code: str
    field: str | None = None


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries for errors of these statuses, and of those that any request may be answered with."""
    return {status: {"model": ErrorBody} for status in sorted({400, *statuses, 503})}


def documented_beside_a_stream(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the same for a route whose answers are of another type than its errors."""
    shape = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ErrorBody.__name__}"}}}
    return {status: {"description": "An error.", "content": shape} for status in documented(*statuses)}


def install(app: FastAPI) -> None:
    """Have every error of `app` answered in the one shape."""
    app.add_exception_handler(LeadersBoardError, _own)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RecordsUnavailable, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def _answer(
    status: int, detail: str, code: str, headers: Mapping[str, str] | None = None, field: str | None = None
) -> JSONResponse:
    body = {"detail": detail, "code": code} if field is None else {"detail": detail, "code": code, "field": field}
    return JSONResponse(body, status, headers=dict(headers or {}))


async def _own(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LeadersBoardError)  # noqa: S101 - for the type checker: registered for this class
    language = language_of(request.headers.get("accept-language", "en"))
    headers: dict[str, str] = {}
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return _answer(STATUS_BY_KIND[error.kind], error.sentence(language), error.code, headers, error.field_name)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    problems = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()[:5]]
    return _answer(400, "The request cannot be read. " + "; ".join(problems), "invalid_request")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if isinstance(error, Refused):
        return await _own(request, error.error)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    return _answer(error.status_code, str(error.detail), code, error.headers)


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    logger.error("the records are away: %s", error)
    detail = "The platform's database does not answer at present. Nothing was changed; try again in a moment."
    return _answer(503, detail, "records_unavailable", {"Retry-After": "5"})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # Starlette logs the traceback itself, since it raises the error again after this answer.
    detail = "The platform made a mistake. Nothing is wrong with your request; tell the operator if it happens again."
    return _answer(500, detail, "internal_error", OF_DATA)
