"""The board as it was last seen, for the time when the platform does not answer."""

import html
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadersboard.board import words
from leadersboard.domain.errors import Language
from leadersboard_dashboards.parts import warning

_OWN = ' class="lb-mine"'


class LastSeen:
    """Keeps the board of one benchmark in one language, in `folder`. Every viewer's own rows are marked anew."""

    def __init__(self, folder: Path, slug: str, language: Language) -> None:
        self._file = folder / f"{slug}.{language}.json"
        self._language = language

    def keep(self, board: str) -> None:
        """Remember `board`, as HTML."""
        about = {"at": datetime.now(UTC).isoformat(), "board": board.replace(_OWN, "")}
        unfinished = self._file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(about), encoding="utf-8")
        unfinished.replace(self._file)

    def shown_to(self, user_id: str) -> str | None:
        """Return the board below a note of how old it is, None where none was ever seen."""
        if not self._file.exists():
            return None
        about: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(about["at"])
        seconds = (datetime.now(UTC) - at).total_seconds()
        facts = {"age": words.age(seconds, self._language), "time": words.moment(at)}
        owner = f'data-user="{html.escape(user_id)}"'
        board = about["board"].replace(owner, owner + _OWN) if user_id else about["board"]
        return warning(words.word("stale", self._language, **facts)) + str(board)
