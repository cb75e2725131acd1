"""What can be wrong with a data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leadersboard.domain.errors import Fault, Kind, LeadersBoardError

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in English and Japanese, without a full stop."""

    en: str
    ja: str


class DatasetLayoutError(LeadersBoardError):
    """A folder does not have the shape of MVTec AD. `problems` has all of them, the sentence the first ten."""

    code = "dataset_layout"
    fault = Fault.ORGANISER
    en = "The folder {path} cannot be used as a data set in the MVTec AD layout: {en}."
    ja = "フォルダー {path} は MVTec AD 形式のデータセットとして使えません: {ja}。"

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        en = "; ".join(problem.en for problem in self.problems[:_SHOWN])
        ja = "; ".join(problem.ja for problem in self.problems[:_SHOWN])
        more = len(self.problems) - _SHOWN
        if more > 0:
            en, ja = f"{en}; and {more} more", f"{ja}; 他 {more} 件"
        super().__init__(path=path, en=en, ja=ja)


class DatasetNameInvalid(LeadersBoardError):
    code = "dataset_name_invalid"
    fault = Fault.ORGANISER
    en = "{name!r} is no name for a data set. Use up to 64 letters, digits, '.', '-', '_', the first a letter or digit."
    ja = "{name!r} はデータセット名に使えません。英数字、'.'、'-'、'_' で 64 文字以内、先頭は英数字にしてください。"


class DatasetFolderTaken(LeadersBoardError):
    code = "dataset_folder_taken"
    kind = Kind.CONFLICT
    fault = Fault.ORGANISER
    en = "The folder {path} exists already and is not empty. Name another one, or remove it first."
    ja = "フォルダー {path} は既にあり、空ではありません。別の名前にするか、先に削除してください。"
