"""What jobs can compute on here: one slot a GPU, or a number of CPU slots where there is none."""

import logging
import shutil
import subprocess

from leadersboard.usecases.workshop import Device

logger = logging.getLogger(__name__)
_ASK_SECONDS = 20


def find_devices(cpu_slots: int, visible: str | None) -> list[Device]:
    """Return a device for each job that can run at once.

    `visible` is the worker's own CUDA_VISIBLE_DEVICES: an operator who narrows the worker narrows its jobs.
    """
    gpus = _gpus()
    if visible is not None:
        allowed = [part.strip() for part in visible.split(",") if part.strip()]
        gpus = [(index, name) for index, name in gpus if index in allowed]
    if gpus:
        return [Device("cuda", index, f"cuda:{index} ({name})") for index, name in gpus]
    return [Device("cpu", "", "cpu") for _ in range(cpu_slots)]


def _gpus() -> list[tuple[str, str]]:
    """Return index and name of each GPU, as its driver's own tool lists them; none where there is no such tool."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    command = [tool, "--query-gpu=index,name", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("the GPUs cannot be listed, jobs run on the CPU: %s", error)
        return []
    return [
        (index.strip(), name.strip()) for index, _, name in (line.partition(",") for line in answer.stdout.splitlines())
    ]
