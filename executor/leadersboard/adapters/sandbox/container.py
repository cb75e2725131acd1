"""Walls by Docker: a container for each run, in which only its own files are.

Inside it is as with bubblewrap: no network but a loopback of its own, no process but those of the run, no capability and
no way to one, system calls as Docker and our own `seccomp` allow them, the file system read only but for the run's own
folders. By default the system's programs and the interpreter are this machine's; an image that is named holds its own.

A container is no child of who starts it. It ends when its standard input does, which this process holds; and it carries
the name of its run, so that the worker can end it, and find what others have left.
"""

import base64
import hashlib
import io
import os
import sys
import tarfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from leadersboard.adapters.runner.launch import CONNECTION, LAST_IN_LINE, Enclosure, Launched, environment
from leadersboard.adapters.runner.memory import MemoryKills
from leadersboard.adapters.runner.process_tree import descendants
from leadersboard.adapters.sandbox import first_process, nvidia, seccomp, view
from leadersboard.adapters.sandbox.docker import Docker
from leadersboard.adapters.sandbox.ownership import hand_over
from leadersboard.ports.runner import RunnerBroken, RunSpec

RUN_ROOT, RUN = "leadersboard.run-root", "leadersboard.run"
# An image with nothing in it but a folder for all: what else is seen inside is this machine's own.
_NOTHING = "leadersboard/nothing:1"
_FOR_ALL = 0o1777
# What the kernel counts for a container and the platform does not, such as its own tables: the platform, which looks
# first, is to be the one who ends a run and says why.
_ROOM_PART = 4
# Of what others get when the processors are wanted by all; 1024 is what everybody has.
_SHARE_OF_PROCESSORS = 128
# Exit codes by which Docker's program says that nothing has run; the code itself may have the same.
_OF_DOCKER = (125, 126, 127)
_NEVER = "0001-01-01"
_DIGEST_LENGTH = 12
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ContainerLauncher:
    """The `Launcher` that starts runs in containers.

    `image` holds the system and, at the same paths, the worker's own Python environment; where it is empty, both are
    this machine's. `readable` are further folders that every run may read. `swap` says whether the kernel can limit it.
    """

    docker: Docker
    image: str = ""
    readable: Sequence[Path] = ()
    swap: bool = True

    def enclose(self, spec: RunSpec) -> Enclosure:
        if not self.image:
            self._make_nothing()
        return _Container(self, spec, view.prepare(spec), os.pipe(), MemoryKills())

    def launched(self, spec: RunSpec, executor: int) -> Launched:
        return _LaunchedContainer(self.docker, name_of(spec))

    def sweep(self, run_root: Path) -> int:
        """Remove the containers of runs below `run_root` that are over; return how many there were.

        Raises:
            DockerSays
        """
        of_root = f"label={RUN_ROOT}={run_root}"
        listed = self.docker.ask(
            *("ps", "--all", "--filter", of_root, "--format", f'{{{{.Names}}}} {{{{.Label "{RUN}"}}}}')
        )
        containers = [line.split(" ", 1) for line in listed.splitlines()]
        left = [name for name, run in containers if not (run_root / run).exists()]
        self.docker.remove(*left)
        return len(left)

    def _make_nothing(self) -> None:
        if not self.docker.ask("image", "ls", "--quiet", _NOTHING):
            self.docker.ask("import", "-", _NOTHING, given=_nothing())


def name_of(spec: RunSpec) -> str:
    """Return the name of the container for `spec`: that of its run folder, and what makes it the only one."""
    digest = hashlib.sha256(os.fsencode(spec.run_dir)).hexdigest()
    return f"leadersboard-{spec.run_dir.name}-{digest[:_DIGEST_LENGTH]}"


@dataclass(frozen=True, slots=True)
class _Container:
    """The container of one run. `alive` is a pipe: the container goes on for as long as its second end is open."""

    launcher: ContainerLauncher
    spec: RunSpec
    user: int
    alive: tuple[int, int]
    kills: MemoryKills

    @property
    def descriptors(self) -> Sequence[int]:
        return self.alive[:1]

    def command(self, argv: Sequence[str]) -> list[str]:
        program = seccomp.program()
        filter_of_calls = base64.b64encode(program).decode() if program else ""
        first = Path(first_process.__file__).read_text(encoding="utf-8")
        steps_back = 0 if self.spec.trusted else LAST_IN_LINE
        words = [
            *("run", "--interactive", "--name", name_of(self.spec)),
            *("--label", f"{RUN_ROOT}={self.spec.run_dir.parent}", "--label", f"{RUN}={self.spec.run_dir.name}"),
            *self._walls(),
            *self._limits(),
            *self._files(),
            *self._environment(),
            *("--workdir", str(self.spec.folder), "--entrypoint", sys.executable),
            self.launcher.image or _NOTHING,
            *("-I", "-S", "-c", first, name_of(self.spec), filter_of_calls, str(steps_back)),
            *argv,
        ]
        # What starts it gives everything an empty input; this one has to last.
        shell = f'exec "$@" < /dev/fd/{self.alive[0]}'
        return ["/bin/sh", "-c", shell, "sh", *self.launcher.docker.command(*words)]

    def exit_code(self, code: int) -> int:
        if code in _OF_DOCKER and not self._has_run():
            raise RunnerBroken(f"no container was started: docker's exit code is {code}")
        return view.with_signal(code)

    def killed_for_memory(self) -> bool:
        """Go by what Docker has been told, which may come late, and by what the system counts."""
        told = self.launcher.docker.about(name_of(self.spec), "{{.State.OOMKilled}}")
        return told == "true" or self.kills.any()

    def close(self) -> None:
        for descriptor in self.alive:
            os.close(descriptor)

    def _has_run(self) -> bool:
        started = self.launcher.docker.about(name_of(self.spec), "{{.State.StartedAt}}")
        return started is not None and not started.startswith(_NEVER)

    def _walls(self) -> list[str]:
        """Return what keeps the code in. Docker's own filter of system calls and its hidden parts of /proc stay."""
        user = f"{self.user}:{view.group_of(self.user)}"
        return [
            *("--pull", "never", "--log-driver", "none", "--no-healthcheck", "--restart", "no"),
            *("--network", "none", "--hostname", "job", "--ipc", "private", "--cgroupns", "private"),
            *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", user),
        ]

    def _limits(self) -> list[str]:
        limits = self.spec.limits
        memory = limits.memory_bytes + limits.memory_bytes // _ROOM_PART
        words = ["--memory", str(memory), "--memory-swap", str(memory if self.launcher.swap else -1)]
        words += ["--pids-limit", str(limits.processes)]
        ulimits = {"fsize": limits.file_bytes, "core": 0, "msgqueue": 0}
        if not self.spec.trusted:
            words += ["--cpu-shares", str(_SHARE_OF_PROCESSORS), "--oom-score-adj", "1000"]
            if self.user != os.getuid():
                # It counts all processes of a user, and only here is the user the run's own.
                ulimits["nproc"] = limits.processes
        for name, most in ulimits.items():
            words += ["--ulimit", f"{name}={most}:{most}"]
        return words

    def _files(self) -> list[str]:
        limits = self.spec.limits
        files = [path for path in (self.spec.run_dir / CONNECTION,) if path.exists()]
        if self.user != os.getuid():
            # It is written late, and for its owner alone.
            hand_over(files, self.user)
        readable = [*view.readable(self.spec, self.launcher.readable), *files]
        system: dict[Path, Path] = {}
        if not self.launcher.image:
            readable = [*view.environment_of_python(self.spec), *readable]
            system = dict(_system())
        binds = dict.fromkeys(readable, "readonly") | dict.fromkeys(view.writable(self.spec), "")
        made_up = {Path("/etc", path.name): path for path in (self.spec.run_dir / view.MADE_UP).iterdir()}
        temporary = limits.memory_bytes // view.TEMPORARY_PART
        words = ["--shm-size", str(limits.memory_bytes // view.SHARED_MEMORY_PART)]
        words += ["--tmpfs", f"/tmp:rw,exec,nosuid,nodev,mode=1777,size={temporary}"]  # noqa: S108 - inside
        for inside, outside in (system | made_up).items():
            words += _mount(outside, inside, "readonly")
        for path, how in binds.items():
            words += _mount(path, path, how)
        return words

    def _environment(self) -> list[str]:
        """Return the names of all that it finds in its environment; values come with the program that is started."""
        words = [word for name in environment(self.spec) for word in ("--env", name)]
        return words + nvidia.options(self.spec.environment.get(nvidia.VISIBLE, ""))


class _LaunchedContainer:
    """The container of a run, seen from outside. Docker is asked for it until it is there, beside everything else."""

    def __init__(self, docker: Docker, name: str) -> None:
        self._docker = docker
        self._name = name
        self._first: int | None = None
        self._over = threading.Event()
        threading.Thread(target=self._look_for_it, name="container-finder", daemon=True).start()

    def processes(self) -> Iterator[int]:
        """Yield the first process and all below it, which is all there is; none while it is not known."""
        if self._first is not None:
            yield self._first
            yield from descendants(self._first)

    def end(self) -> None:
        self._over.set()
        self._docker.remove(self._name)

    def _look_for_it(self) -> None:
        while self._first is None and not self._over.wait(_LOOK_SECONDS):
            # What Docker does not say now it may say the next time; whether it does at all shows at the end.
            with suppress(OSError):
                self._first = self._find()

    def _find(self) -> int | None:
        """Return the number of the first process, seen to be what it is and not just a number of another machine."""
        number = self._docker.about(self._name, "{{.State.Pid}}")
        command = Path(f"/proc/{number}/cmdline").read_bytes() if number else b""
        return int(number or 0) if self._name.encode() in command.split(b"\0") else None


def _nothing() -> bytes:
    """Return the archive of `_NOTHING`. What is mounted at its folder has the folder's mode, whatever else is asked for."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, _FOR_ALL
        archive.addfile(folder)
    return content.getvalue()


def _system() -> Iterator[tuple[Path, Path]]:
    """Yield what of this machine's system every run sees: where it is inside, and where here."""
    yield Path("/usr"), Path("/usr")
    for path in (Path("/", name) for name in view.SYSTEM_FOLDERS):
        if path.is_dir():
            yield path, path.resolve()
    for path in (Path("/etc", name) for name in view.OF_ETC):
        if path.exists():
            yield path, path


def _mount(outside: Path, inside: Path, how: str) -> list[str]:
    """Return the words that show `outside` at `inside`; it is a line of comma-separated values."""
    fields = ["type=bind", f"source={outside}", f"target={inside}", *([how] if how else [])]
    quoted = ('"{}"'.format(field.replace('"', '""')) if set(field) & set(',"') else field for field in fields)
    return ["--mount", ",".join(quoted)]
