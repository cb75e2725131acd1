"""Secrets from files: for each setting that is one, `NAME_FILE` names a file that holds it, as containers mount them."""

from pathlib import Path
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

_SUFFIX = "_FILE"


class SecretFiles(EnvSettingsSource):
    """Reads the settings in `names` from the files that the environment names; a file comes before a value."""

    def __init__(self, settings: type[BaseSettings], names: frozenset[str]) -> None:
        super().__init__(settings)
        self._names = names

    def __call__(self) -> dict[str, Any]:
        found = {}
        for name in self._names:
            field = self.settings_cls.model_fields[name]
            for variable in self._variables(name, field):
                path = self.env_vars.get((variable + _SUFFIX).lower())
                if path:
                    found[variable if field.validation_alias else name] = _read(variable, Path(path))
                    break
        return found

    def _variables(self, name: str, field: FieldInfo) -> list[str]:
        alias = field.validation_alias
        if isinstance(alias, AliasChoices):
            return [str(choice) for choice in alias.choices if str(choice).isupper()]
        return [f"{self.env_prefix}{name.upper()}"]


def _read(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ValueError(f"{variable}{_SUFFIX}: the file {str(path)!r} cannot be read ({problem})") from None
