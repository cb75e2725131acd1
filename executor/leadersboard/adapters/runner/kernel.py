"""Kernels: the one place where they come from."""

import subprocess
import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from leadersboard.adapters.runner.launch import Launcher, before_exec, environment
from leadersboard.ports.runner import RunSpec

KERNEL_NAME = "python3"
# What the kernel's process says beside its messages: the last words of a crash.
LAST_WORDS = "kernel.err"


def kernel_manager_for(spec: RunSpec, launcher: Launcher) -> type[AsyncKernelManager]:
    """Return a class whose kernels are for `spec` alone: talked to over sockets in its run folder, nothing else.

    The platform's own interpreter runs them, whichever kernel a notebook names.
    """

    class RunKernelManager(AsyncKernelManager):
        def __init__(self, **traits: Any) -> None:
            super().__init__(
                **{
                    **traits,
                    "transport": "ipc",
                    "ip": str(spec.run_dir / "k"),
                    "connection_file": str(spec.run_dir / "kernel.json"),
                }
            )

        @property
        def kernel_spec(self) -> KernelSpec:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="Python 3", language="python")

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            return launcher.command(super().format_kernel_cmd(extra_arguments), spec)

        async def _async_start_kernel(self, **options: Any) -> None:
            with (spec.run_dir / LAST_WORDS).open("wb") as last_words:
                options |= {
                    "env": environment(spec),
                    "cwd": str(spec.folder),
                    "stdin": subprocess.DEVNULL,
                    "stdout": subprocess.DEVNULL,
                    "stderr": last_words,
                    "preexec_fn": before_exec(),
                }
                await super()._async_start_kernel(**options)

        start_kernel = _async_start_kernel

    return RunKernelManager
