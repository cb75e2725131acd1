"""Voilà as a service of the hub: its login, its addresses, and no more kernels than the machine bears."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from tornado.httpclient import AsyncHTTPClient
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.identity import HubProvider, Viewers
from leadersboard_dashboards.pages import BOARD, PAGES, RUN, SUBMIT, HomePage, Page
from leadersboard_dashboards.passing import PassedOn
from leadersboard_dashboards.room import Room
from leadersboard_dashboards.settings import DashboardSettings

NOTEBOOKS = Path(__file__).parents[1]
# What Voilà would show of the folder itself: our addresses are in their place.
_LEFT_OUT = (TornadoVoilaTreeHandler, VoilaContentsHandler, TornadoVoilaHandler)
_CULL_SECONDS = 10
# A file that is chosen on the page to submit travels in one message, a third larger than it is.
_MOST_BYTES = 140 * 1024**2


class Dashboards(Voila):
    """The server of the dashboards."""

    name = "leadersboard-dashboards"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings_of_dashboards = DashboardSettings.taken()

    def initialize(self, argv: Any = None) -> None:
        self.update_config(_configuration(self.settings_of_dashboards))
        super().initialize(argv)

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        # The styles that the plain board has too.
        self.template_paths.append(str(NOTEBOOKS / "pages"))

    def init_settings(self) -> Any:
        settings = self.settings_of_dashboards
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        of_voila: Any = super().init_settings()
        return {
            **of_voila,
            "dashboards": settings,
            "room": Room(self.kernel_manager, settings),
            "plain_pages": Environment(loader=FileSystemLoader(NOTEBOOKS / "pages"), autoescape=True),
            "api_client": AsyncHTTPClient(),
        }

    def init_handlers(self) -> Any:
        of_voila: Any = super().init_handlers()
        voila = [handler for handler in of_voila if handler[1] not in _LEFT_OUT]
        about = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        ours = [(PREFIX + pattern, Page, {**about, "notebook": name}) for pattern, name in PAGES]
        return [*voila, *ours, (PREFIX + r"api/(.*)", PassedOn), (PREFIX.rstrip("/") + "/?", HomePage)]


def _configuration(settings: DashboardSettings) -> Config:
    config = Config()
    config.Voila.ip, config.Voila.port, config.Voila.port_retries = settings.host, settings.port, 0
    config.Voila.base_url, config.Voila.root_dir = PREFIX, str(NOTEBOOKS)
    config.Voila.open_browser = False
    config.Voila.identity_provider_class, config.Voila.authorizer_class = HubProvider, Viewers
    config.Voila.tornado_settings = {"websocket_max_message_size": _MOST_BYTES, "log_function": _log_nothing}
    voila = config.VoilaConfiguration
    voila.template, voila.theme = "leadersboard", "light"
    voila.allow_template_override = voila.allow_theme_override = "NO"
    voila.preheat_kernel, voila.default_pool_size = settings.ready_pages > 0, 0
    voila.http_header_envs = ["X-LeadersBoard-Viewer", "Accept-Language"]
    # Others would be loaded by every page, and look for a JupyterLab around them.
    voila.extension_allowlist = [
        "@voila-dashboards/widgets-manager8",
        "@jupyter-widgets/jupyterlab-manager",
        "anywidget",
        "jupyterlab-plotly",
    ]
    voila.file_allowlist = []
    kept_ready = {BOARD: settings.ready_pages, RUN: settings.ready_others, SUBMIT: settings.ready_others, "default": 0}
    pools = {name: {"pool_size": number} for name, number in kept_ready.items()}
    config.VoilaKernelManager.kernel_pools_config = pools
    # Sockets in a folder of ours, not ports that others on the machine can reach.
    config.KernelManager.transport = "ipc"
    # A page that is open has a connection; one that was left has none.
    config.MappingKernelManager.cull_idle_timeout = settings.idle_seconds
    config.MappingKernelManager.cull_interval = _CULL_SECONDS
    return config


def _log_nothing(handler: Any) -> None:
    """Addresses hold what people look for; Voilà's own log says what goes wrong."""
