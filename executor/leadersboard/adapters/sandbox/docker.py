"""Docker, spoken to by its own program."""

import subprocess
from dataclasses import dataclass

_ANSWER_SECONDS = 120
# The program reads a configuration of its user's, who is the platform's; nothing in it is for jobs.
_NO_CONFIGURATION = "/nonexistent"
_UNKNOWN = "No such container"


class DockerSays(OSError):
    """Docker did not do what it was asked; the words are its own."""


@dataclass(frozen=True, slots=True)
class Docker:
    """The daemon at `host`, an address as Docker has them, by way of the program at `program`."""

    program: str
    host: str

    def command(self, *words: str) -> list[str]:
        return [self.program, "--config", _NO_CONFIGURATION, "--host", self.host, *words]

    def ask(self, *words: str, given: bytes | None = None) -> str:
        """Return what it answers to `words`, with `given` to read.

        Raises:
            DockerSays
        """
        try:
            done = subprocess.run(
                self.command(*words), input=given or b"", capture_output=True, timeout=_ANSWER_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise DockerSays(f"docker {words[0]}: no answer in {_ANSWER_SECONDS} seconds") from late
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise DockerSays(lines[-1] if lines else f"docker {words[0]}: exit code {done.returncode}")
        return done.stdout.decode(errors="replace").strip()

    def about(self, container: str, template: str) -> str | None:
        """Return what `docker inspect` says of `container`; None where there is no such one.

        Raises:
            DockerSays
        """
        try:
            return self.ask("container", "inspect", "--format", template, container)
        except DockerSays as problem:
            if _UNKNOWN in str(problem):
                return None
            raise

    def remove(self, *containers: str) -> None:
        """End `containers` and see them gone, those that are there.

        Raises:
            DockerSays
        """
        for one in containers:
            try:
                self.ask("rm", "--force", "--volumes", one)
            except DockerSays as problem:
                if _UNKNOWN not in str(problem):
                    raise
