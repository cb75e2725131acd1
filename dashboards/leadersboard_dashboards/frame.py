"""What is on top of every page: where one is, where one can go, who one is."""

import html

from IPython.display import HTML, display

from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.viewer import Viewer
from leadersboard_dashboards.words import word

_HUB_HOME = "/hub/home"


def show_frame(viewer: Viewer, here: str, title: str = "") -> None:
    """Display the links of all pages; `here` is the one that this is."""
    board = viewer.name if here == "leaderboard" else viewer.settings.default_benchmark
    places = [("leaderboard", f"{PREFIX}leaderboard/{board}"), ("submit", f"{PREFIX}submit")]
    if viewer.is_organiser:
        places.append(("organise", f"{PREFIX}organise"))
    places.append(("lab", _HUB_HOME))
    links = "".join(_link(name, address, here, viewer.language) for name, address in places)
    who = f'<span class="lb-who">{html.escape(viewer.user_id)}</span>'
    heading = f'<h1 class="lb-quiet">{html.escape(title)}</h1>' if title else ""
    display(HTML(f'<nav class="lb-nav"><strong>LeadersBoard</strong>{links}{who}</nav>{heading}'))


def _link(name: str, address: str, here: str, language: str) -> str:
    current = ' aria-current="page"' if name == here else ""
    return f'<a href="{html.escape(address)}"{current}>{html.escape(word(name, language))}</a>'
