"""Walls by bubblewrap: namespaces of its own for each run, and a file system in which only its own files are.

Inside there is no network but a loopback of its own, no process but those of the run, and of the file system the
operating system's programs, the interpreter, what the run may read and what it may write. The code has no capability,
cannot get one, and may not call what `seccomp` refuses.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadersboard.adapters.runner.launch import CONNECTION, Enclosure, InTree, Launched
from leadersboard.adapters.runner.memory import MemoryKills
from leadersboard.adapters.sandbox import nvidia, seccomp, user_namespace, view
from leadersboard.adapters.sandbox.ownership import hand_over
from leadersboard.ports.runner import RunSpec

# How many processors there are and where memory is near to them; numerical libraries ask.
_OF_SYS = ("/sys/devices/system/cpu", "/sys/devices/system/node")
# What the system is set by: a user who is root outside might write there, whatever else was taken from him.
_OF_PROC = ("/proc/sys", "/proc/sysrq-trigger")
# The number of a process that does not exist inside; a kernel that looks for it believes itself forgotten.
_PARENT = "JPY_PARENT_PID"
# Of util-linux, which every system has; they put the last touch to what becomes the code, inside.
_SETPRIV, _PRLIMIT = "/usr/bin/setpriv", "/usr/bin/prlimit"
_TO_BECOME_ANOTHER = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@dataclass(frozen=True, slots=True)
class BubblewrapLauncher:
    """The `Launcher` that starts runs in bubblewrap.

    `program` is bubblewrap's own, `readable` are further folders that every run may read. Where the platform runs as
    root, the code runs as a user who owns nothing but the run's folders.
    """

    program: str
    readable: Sequence[Path] = ()

    def enclose(self, spec: RunSpec) -> Enclosure:
        filter_of_calls = seccomp.descriptor()
        namespace = user_namespace.open_namespace() if os.getuid() == 0 else None
        return _Walls(self, spec, view.prepare(spec), filter_of_calls, namespace, MemoryKills())

    def launched(self, spec: RunSpec, executor: int) -> Launched:
        return InTree(executor)

    def sweep(self, run_root: Path) -> int:
        # What it started ended with the process that started it.
        return 0


@dataclass(frozen=True, slots=True)
class _Walls:
    """The walls of one run: `user` is who its code runs as, `namespace` a descriptor of a user namespace made for it."""

    launcher: BubblewrapLauncher
    spec: RunSpec
    user: int
    filter_of_calls: int | None
    namespace: int | None
    kills: MemoryKills

    @property
    def descriptors(self) -> Sequence[int]:
        return tuple(each for each in (self.filter_of_calls, self.namespace) if each is not None)

    def command(self, argv: Sequence[str]) -> list[str]:
        limits = self.spec.limits
        files = [path for path in (self.spec.run_dir / CONNECTION,) if path.exists()]
        if self._becomes_another:
            # It is written late, and for its owner alone.
            hand_over(files, self.user)
        return [
            self.launcher.program,
            *self._namespaces(),
            *_system(self.spec),
            *_in_memory("/tmp", limits.memory_bytes // view.TEMPORARY_PART),  # noqa: S108 - inside
            *_folders(self._readable(), view.writable(self.spec), files),
            *nvidia.binds(self.spec.environment.get("CUDA_VISIBLE_DEVICES", "")),
            *_in_memory("/dev/shm", limits.memory_bytes // view.SHARED_MEMORY_PART),  # noqa: S108 - inside
            *("--remount-ro", "/dev", "--remount-ro", "/"),
            *("--chdir", str(self.spec.folder), "--new-session", "--die-with-parent"),
            *("--unsetenv", _PARENT),
            "--",
            *self._become_user(),
            *(
                _PRLIMIT,
                f"--nproc={limits.processes}",
                f"--fsize={limits.file_bytes}",
                "--core=0",
                "--msgqueue=0",
                "--",
            ),
            *argv,
        ]

    def exit_code(self, code: int) -> int:
        return view.with_signal(code)

    def killed_for_memory(self) -> bool:
        return self.kills.any()

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def _readable(self) -> list[Path]:
        return [*view.environment_of_python(self.spec), *view.readable(self.spec, self.launcher.readable)]

    def _namespaces(self) -> list[str]:
        user = ["--unshare-user"] if self.namespace is None else ["--userns", str(self.namespace)]
        calls = [] if self.filter_of_calls is None else ["--seccomp", str(self.filter_of_calls)]
        others = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        capabilities = ["--cap-drop", "ALL"]
        if self._becomes_another:
            capabilities += [word for each in _TO_BECOME_ANOTHER for word in ("--cap-add", each)]
        return [*user, *others, "--hostname", "job", *calls, *capabilities]

    @property
    def _becomes_another(self) -> bool:
        return self.user != os.getuid()

    def _become_user(self) -> list[str]:
        """Return what gives the code its user, and takes from it the capabilities that this needs."""
        if not self._becomes_another:
            return []
        who = [f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        return [_SETPRIV, *who, "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--"]


def _system(spec: RunSpec) -> list[str]:
    """Return the parts of the file system that are the same for every run."""
    words = ["--ro-bind", "/usr", "/usr", *_open_folders(map(Path, ("/etc/fonts", *_OF_SYS)))]
    for name in view.SYSTEM_FOLDERS:
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for name in view.OF_ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for path in (spec.run_dir / view.MADE_UP).iterdir():
        words += ["--ro-bind", str(path), f"/etc/{path.name}"]
    for folder in _OF_SYS:
        words += ["--ro-bind-try", folder, folder]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for name in _OF_PROC:
        words += ["--ro-bind-try", name, name]
    return words


def _in_memory(folder: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", folder]


def _folders(readable: Iterable[Path], writable: Sequence[Path], files: Sequence[Path]) -> list[str]:
    """Return the binds, outer folders first, so that one inside another has the last word about itself."""
    binds = dict.fromkeys((*readable, *files), "--ro-bind") | dict.fromkeys(writable, "--bind")
    words = _open_folders(binds)
    for path in sorted(binds, key=_depth):
        words += [binds[path], str(path), str(path)]
    return words


def _open_folders(paths: Iterable[Path]) -> list[str]:
    """Return what makes the folders that `paths` lie in; those that bubblewrap makes by itself are closed to the run."""
    parents = {parent for path in paths for parent in list(path.parents)[:-1]}
    return [word for parent in sorted(parents, key=_depth) for word in ("--dir", str(parent))]


def _depth(path: Path) -> tuple[int, str]:
    return len(path.parts), str(path)
