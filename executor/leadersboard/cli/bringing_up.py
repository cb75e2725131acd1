"""What `leadersboard up` does and shows, from the first part to the last Ctrl-C."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import typer

from leadersboard.cli.addresses import print_addresses
from leadersboard.cli.language import language
from leadersboard.cli.outcome import ExitCode
from leadersboard.cli.progress import job_screen
from leadersboard.cli.render import print_board, warn
from leadersboard.cli.words import say
from leadersboard.client import Client, PlatformUnreachable, Refused
from leadersboard.settings import Settings
from leadersboard.supervisor import configuration, demonstration, hub, identity
from leadersboard.supervisor.baselines import DEMONSTRATION, Baselines
from leadersboard.supervisor.errors import PlatformEnded
from leadersboard.supervisor.lock import only_one
from leadersboard.supervisor.platform import Platform
from leadersboard.supervisor.preflight import prepare_folders

_ASK_EVERY_SECONDS = 0.5
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def bring_up(settings: Settings, *, baselines: bool, detach: bool) -> None:
    """Bring the platform up and, unless `detach`, stay until it ends.

    Raises:
        LeadersBoardError: it cannot be brought up; nothing is left running.
    """
    prepare_folders(settings)
    platform = Platform(settings)
    with only_one(settings) as first, _interruptible():
        if not first or platform.is_up():
            _show_what_is_up(settings, platform, first=first)
            return
        try:
            _start(settings, platform, baselines=baselines, detach=detach)
            if detach:
                return
            if platform.is_up():
                warn(say("stays_up"))
            platform.wait()
        except KeyboardInterrupt:
            _end(settings, platform)
            raise typer.Exit(ExitCode.OK) from None
        except BaseException:
            platform.stop()
            raise
        # It was ended from elsewhere, or broke down.
        platform.stop()
        if platform.ended_by_itself:
            raise PlatformEnded(log=configuration.service_log(settings, "supervisord"))
        warn(say("ended"))


def _start(settings: Settings, platform: Platform, *, baselines: bool, detach: bool) -> None:
    begun = time.monotonic()
    warn(say("starting"))
    new_passwords = settings.hub and hub.passwords_are_new(settings)
    platform.start()
    warn(say("api_answers", url=platform.addresses().api, seconds=time.monotonic() - begun))
    if not demonstration.is_prepared(settings):
        warn(say("preparing_data"))
        demonstration.prepare(settings)
    with Client(platform.addresses().api, identity.baseline_token(settings), language()) as client:
        if baselines:
            try:
                _bring_baselines(client, platform, detach=detach)
            except Refused as refusal:
                # The platform is there for its users, with baselines or without.
                warn(refusal.detail)
        if platform.is_up():
            _print_demonstration_board(client)
            print_addresses(platform)
            if new_passwords:
                _tell_passwords(settings)


def _tell_passwords(settings: Settings) -> None:
    password, operator = hub.passwords(settings)
    folder = identity.secret_file(settings, "demo-password").parent
    warn(say("passwords", password=password, operator=operator, folder=folder))


def _bring_baselines(client: Client, platform: Platform, *, detach: bool) -> None:
    baselines = Baselines(client)
    with job_screen() as screen:
        while platform.is_up():
            baselines.advance()
            for entry in baselines.entries:
                if entry.job is not None:
                    screen.show(entry.name, entry.job)
            if baselines.are_done or (detach and baselines.are_submitted):
                break
            time.sleep(_ASK_EVERY_SECONDS)
    for entry in baselines.entries:
        status = entry.job.status if entry.job else "-"
        if entry.problem or status in ("failed", "cancelled"):
            error = entry.problem or (entry.job.error if entry.job else None) or say("no_reason")
            warn(say("baseline_failed", name=entry.name, status=status, error=error))
    if not baselines.are_done:
        warn(say("baselines_running", slug=DEMONSTRATION))


def _end(settings: Settings, platform: Platform) -> None:
    try:
        # The terminal may be what has gone; then there is nobody to tell.
        with suppress(OSError):
            warn(say("ending", seconds=settings.grace_seconds))
        platform.stop()
    except KeyboardInterrupt:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        platform.stop_at_once()
    with suppress(OSError):
        warn(say("ended"))


def _show_what_is_up(settings: Settings, platform: Platform, *, first: bool) -> None:
    """Say that it is up, wait for its API where it has only begun to start, and print the board."""
    warn(say("already_up" if first else "another_up"))
    _wait_until_answering(platform)
    with Client(platform.addresses().api, identity.baseline_token(settings), language()) as client:
        _print_demonstration_board(client)
    print_addresses(platform)


def _wait_until_answering(platform: Platform) -> None:
    # The other one may still be looking at ports: until its supervisor answers, there is nothing to judge.
    deadline = time.monotonic() + 30
    while not platform.is_up() and time.monotonic() < deadline:
        time.sleep(0.05)
    platform.wait_for_api()


def _print_demonstration_board(client: Client) -> None:
    try:
        print_board(client.board(DEMONSTRATION))
    except Refused as refusal:
        # Installations without the demonstration are as good as those with it.
        warn(refusal.detail)
    except PlatformUnreachable as problem:
        warn(problem.sentence(language()))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let the end of the terminal and a polite kill do what Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
