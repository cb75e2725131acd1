"""The devices of NVIDIA that a run gets to see: its own cards, and what all cards are spoken to through."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CARDS = Path("/proc/driver/nvidia/gpus")
_FOR_ALL = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps")
# Where the driver's libraries look for the cards that they may use.
_OF_SYS = ("/sys/bus/pci", "/sys/devices", "/sys/module/nvidia", "/sys/module/nvidia_uvm")
_MINOR = re.compile(r"^Device Minor:\s*(\d+)", re.MULTILINE)
_UUID = re.compile(r"^GPU UUID:\s*(GPU-\S+)", re.MULTILINE)
VISIBLE = "CUDA_VISIBLE_DEVICES"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run sees: nodes of devices, and by which names the code has to call its cards, if others than it was told."""

    nodes: Sequence[Path] = ()
    names: str | None = None


def shown(visible: str, cards: Path = _CARDS, devices: Path = Path("/dev")) -> Shown:
    """Return what a run sees of the cards in `visible`, numbers as in CUDA_VISIBLE_DEVICES; nothing for none.

    The other cards stay out of sight, since the variable alone is the code's own to change. Where the driver does not
    say which device belongs to which card, all are shown.
    """
    wanted = [part.strip() for part in visible.split(",") if part.strip()]
    if not wanted:
        return Shown()
    known = _known(cards)
    for_all = [devices / name for name in _FOR_ALL]
    if all(number in known for number in wanted):
        nodes = [devices / f"nvidia{known[number][0]}" for number in wanted]
        # Numbers count the cards in sight; names stay what they are.
        return Shown([*nodes, *for_all], ",".join(known[number][1] for number in wanted))
    nodes = [path for path in devices.glob("nvidia*") if path.name.removeprefix("nvidia").isdigit()]
    return Shown([*nodes, *for_all])


def binds(visible: str, cards: Path = _CARDS, devices: Path = Path("/dev")) -> list[str]:
    """Return bubblewrap's words for what `shown` returns."""
    seen = shown(visible, cards, devices)
    words = ["--setenv", VISIBLE, seen.names] if seen.names is not None else []
    for path in seen.nodes:
        words += ["--dev-bind-try", str(path), str(path)]
    for folder in _OF_SYS if seen.nodes else ():
        words += ["--ro-bind-try", folder, folder]
    return words


def options(visible: str, cards: Path = _CARDS, devices: Path = Path("/dev")) -> list[str]:
    """Return Docker's words for what `shown` returns; what the driver tells in /sys is in every container."""
    seen = shown(visible, cards, devices)
    words = ["--env", f"{VISIBLE}={seen.names}"] if seen.names is not None else []
    return [*words, *(word for path in seen.nodes if path.exists() for word in ("--device", str(path)))]


def _known(cards: Path) -> dict[str, tuple[str, str]]:
    """Return minor number and name of each card, by its place on the bus, which is how they are counted."""
    found = []
    for about in sorted(cards.glob("*/information")):
        text = about.read_text(encoding="utf-8", errors="replace")
        minor, uuid = _MINOR.search(text), _UUID.search(text)
        if minor is None or uuid is None:
            return {}
        found.append((minor[1], uuid[1]))
    return {str(place): card for place, card in enumerate(found)}
