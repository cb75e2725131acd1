"""What an operator can set about the dashboards. Nothing else in this folder reads the environment, but `viewer`."""

import os
from pathlib import Path
from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LEADERSBOARD_DASHBOARDS_"


class DashboardSettings(BaseSettings):
    """Environment variables of the field's name after `LEADERSBOARD_DASHBOARDS_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address that the dashboards listen on for the hub's proxy.")
    port: int = Field(8011, ge=1, le=65535, description="Port that the dashboards listen on.")
    home: Path = Field(Path(".leadersboard/dashboards"), description="Folder of the boards that were last seen.")
    api_url: str = Field("http://127.0.0.1:8010", description="The LeadersBoard API, as the dashboards reach it.")
    hub_api_url: str = Field("http://127.0.0.1:8081/hub/api", description="The hub's own API.")
    hub_token: str = Field("", repr=False, description="What the hub knows the dashboards by; a secret.")
    default_benchmark: str = Field("demo-inspection", description="The board that is shown first.")
    refresh_seconds: float = Field(5, gt=0, description="How often a page that is looked at asks for what is new.")
    ready_pages: int = Field(2, ge=0, description="How many pages of the leaderboard are kept ready.")
    ready_others: int = Field(
        1, ge=0, description="How many pages of a run, and of the page to submit, are kept ready."
    )
    most_viewers: int = Field(60, ge=1, description="How many pages may be live at once; others see a plain board.")
    idle_seconds: int = Field(60, ge=10, description="How long a page that nobody looks at is kept, in seconds.")

    @classmethod
    def taken(cls) -> Self:
        """Return the settings, and take the secret out of the environment: the kernels of pages inherit that."""
        settings = cls()
        os.environ.pop(f"{PREFIX}HUB_TOKEN", None)
        return settings
