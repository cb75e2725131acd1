"""Forms with files as they go over the wire, made while they are sent."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a form."""

    field: str
    name: str
    content: bytes


class Form:
    """A form of `values` and then `parts`, of which no more than one is held at a time."""

    def __init__(self, values: Mapping[str, str], parts: AsyncIterable[Part]) -> None:
        self._values = values
        self._parts = parts
        self._boundary = uuid4().hex

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self._boundary}"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for name, value in self._values.items():
            yield self._head(f'name="{_quoted(name)}"') + value.encode() + b"\r\n"
        async for part in self._parts:
            about = f'name="{_quoted(part.field)}"; filename="{_quoted(part.name)}"'
            yield self._head(about, "Content-Type: application/octet-stream\r\n")
            for start in range(0, len(part.content), _CHUNK_BYTES):
                yield part.content[start : start + _CHUNK_BYTES]
            yield b"\r\n"
        yield f"--{self._boundary}--\r\n".encode()

    def _head(self, about: str, more: str = "") -> bytes:
        return f"--{self._boundary}\r\nContent-Disposition: form-data; {about}\r\n{more}\r\n".encode()


def _quoted(text: str) -> str:
    # As browsers do: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
