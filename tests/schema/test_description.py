"""The API does what its description says, whatever it is asked: no failure of its own, no answer of another shape.

A few requests are made up for each operation and caller; more with LEADERSBOARD_ATTACKS=long, as many as SCHEMA_EXAMPLES
says where that is set.
"""

import os
from collections.abc import Mapping

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from leadersboard.api.app import create_app
from leadersboard.settings import Settings

LONG = os.environ.get("LEADERSBOARD_ATTACKS") == "long"
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES") or (40 if LONG else 5))
CALLERS: Mapping[str, Mapping[str, str]] = {
    "nobody": {},
    "a stranger": {"Authorization": "Bearer wrong"},
    "a participant": {"Authorization": "Bearer secret"},
    "an organiser": {"Authorization": "Bearer boss-secret"},
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# What is right in form may be wrong in content, which is 400; what is sent beside the form is no fault.
NOT_ASKED = [positive_data_acceptance, negative_data_rejection]
DESCRIPTION = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
OPERATIONS = {found.ok().label: found.ok() for found in DESCRIPTION.get_all_operations()}
# The same every time: what is found can be found again.
steady = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def there(label: str, filled: Mapping[str, str]) -> dict[str, str]:
    """Return values of the path's parameters that name something."""
    names = {"GET /templates/{name}": "padim", "GET /jobs/{job_id}/files/{name}": "predictions.csv"}
    every = {**filled, "slug": "demo-inspection", "name": names.get(label, "")}
    return {name: every[name] for name in every if f"{{{name}}}" in label}


def asks_for_something(label: str) -> bool:
    operation = OPERATIONS[label]
    return bool(list(operation.iter_parameters()) or list(operation.body))


CASES = [
    pytest.param(label, caller, mode, id=f"{label}, {caller}, {mode}")
    for label in OPERATIONS
    for caller in CALLERS
    for mode in MODES
    if mode is GenerationMode.POSITIVE or asks_for_something(label)
]


@pytest.mark.parametrize(("label", "caller", "mode"), CASES)
def test_every_answer_is_as_described(label: str, caller: str, mode: GenerationMode, filled: dict[str, str]) -> None:
    headers, url = dict(CALLERS[caller]), filled["url"]

    @steady
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, headers=headers, timeout=30, excluded_checks=NOT_ASKED)
        if case.path_parameters:
            # With what is there as well: made-up ids lead no further than to 404.
            case.path_parameters = {**case.path_parameters, **there(label, filled)}
            case.call_and_validate(base_url=url, headers=headers, timeout=30, excluded_checks=NOT_ASKED)

    ask()
