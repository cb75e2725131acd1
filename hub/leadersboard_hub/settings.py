"""What an operator can set about the hub. Nothing else in this folder reads the environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEMO, NATIVE, PAM = "demo", "native", "pam"
LOCAL, DOCKER = "local", "docker"


class HubSettings(BaseSettings):
    """Environment variables of the field's name after `LEADERSBOARD_HUB_`."""

    model_config = SettingsConfigDict(env_prefix="LEADERSBOARD_HUB_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address that the hub listens on for browsers.")
    port: int = Field(8000, ge=1, le=65535, description="Port that the hub listens on for browsers.")
    internal_host: str = Field("127.0.0.1", description="Address that users' servers reach the hub at.")
    internal_port: int = Field(8081, ge=1, le=65535, description="Port of the hub's own API.")
    proxy_port: int = Field(8001, ge=1, le=65535, description="Port of the proxy's own API, on this machine only.")
    proxy_command: str = Field("", description="Command that starts the proxy; empty for the one that is installed.")
    home: Path = Field(Path(".leadersboard/hub"), description="Folder of the hub's database and its users' files.")
    guides: Path | None = Field(None, description="Notebooks that a new user finds in their folder.")
    extra_config: Path | None = Field(None, description="A further configuration file, for what is not set here.")

    authenticator: str = Field(DEMO, description="'demo', 'native', 'pam', or any other that is installed.")
    demo_password: str = Field("", repr=False, description="With 'demo': the password of everybody but operators.")
    demo_operator_password: str = Field("", repr=False, description="With 'demo': the password of operators.")
    operators: str = Field("admin", description="Users who run the hub, comma-separated.")
    organisers: str = Field("", description="Users in the group 'organisers', comma-separated.")
    allowed_users: str = Field("", description="Who may log in, comma-separated; '*' for everybody who has a password.")

    spawner: str = Field(LOCAL, description="'local' for a process on this machine, 'docker' for a container a user.")
    image: str = Field("leadersboard-user", description="With 'docker': the image of users' servers.")
    docker_network: str = Field("leadersboard", description="With 'docker': the network of users' servers.")
    memory_limit: str = Field("8G", description="Memory of one user's server, where the spawner can limit it.")
    cpu_limit: float = Field(2, gt=0, description="Processors of one user's server, where the spawner can limit it.")
    idle_seconds: int = Field(3600, ge=60, description="How long a server may be idle before it is ended, in seconds.")
    start_seconds: int = Field(60, ge=10, description="How long a user's server may take to start, in seconds.")

    api_url: str = Field("http://127.0.0.1:8010", description="The LeadersBoard API, as the hub and servers reach it.")
    dashboards_url: str = Field("", description="The dashboards, as the hub reaches them; empty for none.")
    service_token: str = Field("", repr=False, description="What the hub knows the API by; a secret.")
    mlflow_token: str = Field("", repr=False, description="What the hub knows the view of MLflow by; a secret.")
    dashboards_token: str = Field("", repr=False, description="What the hub knows the dashboards by; a secret.")

    @model_validator(mode="after")
    def _demonstration_stays_on_this_machine(self) -> Self:
        if self.authenticator == DEMO and self.host not in LOOPBACK:
            raise ValueError(
                f"the demonstration login lets anybody be anybody, so the hub does not listen on {self.host!r} with it; "
                "set LEADERSBOARD_HUB_AUTHENTICATOR, or LEADERSBOARD_HUB_HOST=127.0.0.1"
            )
        if self.authenticator == DEMO and not (self.demo_password and self.demo_operator_password):
            raise ValueError("the demonstration login needs LEADERSBOARD_HUB_DEMO_PASSWORD and _DEMO_OPERATOR_PASSWORD")
        return self

    @property
    def operator_names(self) -> set[str]:
        return names(self.operators)


def names(text: str) -> set[str]:
    """Return the names in a comma-separated list."""
    return {part.strip() for part in text.split(",") if part.strip()}
