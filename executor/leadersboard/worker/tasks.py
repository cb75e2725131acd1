"""What arq calls."""

from typing import Any

from leadersboard.worker.crew import Crew


async def run_next(context: dict[str, Any]) -> None:
    """Wake the crew. The job itself is not arq's: it outlives a Redis that goes away."""
    crew: Crew = context["crew"]
    crew.wake()
