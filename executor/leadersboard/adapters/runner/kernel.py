"""Kernels: the one place where they come from."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import zmq
import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from leadersboard.adapters.runner.launch import CONNECTION, SOCKETS, Enclosure, before_exec, environment
from leadersboard.ports.runner import RunSpec

KERNEL_NAME = "python3"
# What the kernel's process says beside its messages: the last words of a crash.
LAST_WORDS = "kernel.err"
# Starts a kernel as `ipykernel_launcher` does, but for one thing: by default a kernel that prints faster than its outputs
# are read drops what is more than a thousand messages behind.
_LAUNCH = """
import sys
sys.path[:1] = []
import zmq
from ipykernel.kernelapp import IPKernelApp
class Kernel(IPKernelApp):
    def init_iopub(self, context):
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)
Kernel.launch_instance()
"""
Started = Callable[["subprocess.Popen[bytes]"], None]


def kernel_manager_for(spec: RunSpec, enclosure: Enclosure, started: Started) -> type[AsyncKernelManager]:
    """Return a class whose kernels are for `spec` alone: talked to over sockets in its run folder, nothing else.

    The platform's own interpreter runs them, whichever kernel a notebook names. `started` is told of the process.
    """

    class RunKernelManager(AsyncKernelManager):
        def __init__(self, **traits: Any) -> None:
            # Whatever waits here counts as the run's memory; a limit on messages would lose outputs without a word.
            context = zmq.asyncio.Context()
            context.setsockopt(zmq.RCVHWM, 0)
            super().__init__(
                **{
                    **traits,
                    "context": context,
                    "transport": "ipc",
                    "ip": str(spec.run_dir / SOCKETS / "k"),
                    "connection_file": str(spec.run_dir / CONNECTION),
                }
            )

        @property
        def kernel_spec(self) -> KernelSpec:
            argv = [sys.executable, "-c", _LAUNCH, "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="Python 3", language="python")

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            return enclosure.command(super().format_kernel_cmd(extra_arguments))

        async def _async_start_kernel(self, **options: Any) -> None:
            with (spec.run_dir / LAST_WORDS).open("wb") as last_words:
                await super()._async_start_kernel(**options, **_process_options(spec, enclosure, last_words))
            provisioner: Any = self.provisioner
            started(provisioner.process)

        start_kernel = _async_start_kernel

    return RunKernelManager


def _process_options(spec: RunSpec, enclosure: Enclosure, last_words: BinaryIO) -> dict[str, Any]:
    return {
        "env": environment(spec),
        "cwd": str(spec.folder),
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": last_words,
        "pass_fds": enclosure.descriptors,
        "preexec_fn": before_exec(trusted=spec.trusted),
    }
