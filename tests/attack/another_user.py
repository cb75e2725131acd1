"""Commands that a user who is not root runs, in a file system where nothing that they need is closed to that user."""

import shlex
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534
# What a Python needs to come up and find the tests.
_NEEDED = tuple(dict.fromkeys(map(Path, (sys.base_prefix, sys.prefix, ROOT))))


def as_nobody(command: Sequence[str], keep: Path) -> list[str]:
    """Return the command that root gives to have `command` run by nobody, with no way back to more rights.

    It has mounts of its own: folders that are root's alone, such as a home in which Python was installed, are empty in
    it but for what is needed. `keep` is an empty folder that it may mount over.
    """
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", _script(command, keep)]


def _script(command: Sequence[str], keep: Path) -> str:
    closed = {folder: path for path in _NEEDED for folder in path.parents if not folder.stat().st_mode & stat.S_IXOTH}
    hidden = [folder for folder in closed if not any(above in closed for above in folder.parents)]
    behind = [path for path in _NEEDED if any(folder in path.parents for folder in hidden)]
    lines = [f"mount -t tmpfs -o mode=755 tmpfs {keep}"]
    for number, path in enumerate(behind):
        lines += [f"mkdir {keep}/{number}", f"mount --rbind {shlex.quote(str(path))} {keep}/{number}"]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(folder))}" for folder in hidden]
    for number, path in enumerate(behind):
        lines += [f"mkdir -p {shlex.quote(str(path))}", f"mount --rbind {keep}/{number} {shlex.quote(str(path))}"]
    who = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs"
    return "\n".join([*lines, f"exec {who} {shlex.join(command)}"])
