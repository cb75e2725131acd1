"""What a form in JupyterLab needs to know, before a notebook is submitted and after."""

import hashlib
from typing import Any

import httpx
import pytest

from tests.builders import form, notebook

PARAMETERS = """data_dir = ""
epochs: int = 3  # passes over the data
rate = 0.1
deep = False
name = "a"
layers: Literal["one", "two"] = "one"
sizes = [1, 2]
"""


def inspect(client: httpx.Client, content: bytes, name: str = "nb.ipynb") -> httpx.Response:
    return client.post("/notebooks/inspect", files={"file": (name, content)})


def test_a_notebook_says_which_parameters_a_form_asks_for(client: httpx.Client) -> None:
    about = {
        "template": "padim",
        "template_version": "1",
        "benchmark": "demo-inspection",
        "title": {"en": "A", "ja": "あ"},
    }
    content = notebook("1", parameters=PARAMETERS, about=about)

    found = inspect(client, content).json()

    kinds = {one["name"]: one["kind"] for one in found["parameters"]}
    assert kinds == {
        "data_dir": "text",
        "epochs": "integer",
        "rate": "number",
        "deep": "boolean",
        "name": "text",
        "layers": "choice",
        "sizes": "list",
    }
    assert [one["name"] for one in found["parameters"] if one["fixed"]] == ["data_dir"]
    epochs = next(one for one in found["parameters"] if one["name"] == "epochs")
    assert (epochs["default"], epochs["help"]) == (3, "passes over the data")
    assert (found["cells"], found["template"], found["benchmark"], found["title"]) == (
        2,
        "padim",
        "demo-inspection",
        "A",
    )
    japanese = client.post(
        "/notebooks/inspect", files={"file": ("nb.ipynb", content)}, headers={"Accept-Language": "ja"}
    )
    assert japanese.json()["title"] == "あ"


def test_a_notebook_without_a_parameters_cell_has_none(client: httpx.Client) -> None:
    found = inspect(client, notebook("1", parameters=None)).json()
    assert found["parameters"] is None
    assert found["template"] is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a notebook", "unreadable_notebook"),
        (b"x" * 100_001, "file_too_large"),
        (notebook(parameters="a = ("), "unreadable_parameters_cell"),
    ],
)
def test_what_is_no_notebook_is_refused(content: bytes, code: str, client: httpx.Client) -> None:
    answer = inspect(client, content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"parameters": {"epochs": "three"}}, "parameters.epochs"),
        ({"parameters": {"unknown": 1}}, "parameters.unknown"),
        ({"parameters": {"data_dir": "/"}}, "parameters.data_dir"),
        ({"benchmark": "none-such"}, "benchmark"),
        ({"resource_class": "huge"}, "resource_class"),
    ],
)
def test_an_error_names_the_field_that_it_is_about(config: dict[str, Any], field: str, client: httpx.Client) -> None:
    sent = form({"nb.ipynb": notebook("1", parameters=PARAMETERS)})
    submission = client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
    answer = client.post("/jobs", json={"submission_id": submission["submission_id"], "config": config})
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_waiting_job_is_listed_with_what_is_run_and_its_place_in_the_queue(client: httpx.Client) -> None:
    sent = form({"nb.ipynb": notebook("1")})
    submission = client.post("/submissions", files=sent, data={"entrypoint": "nb.ipynb"}).json()
    client.post("/jobs", json={"submission_id": submission["submission_id"]})

    (job,) = client.get("/jobs").json()["items"]

    assert (job["entrypoint"], job["status"], job["score"]) == ("nb.ipynb", "pending", None)
    assert job["queue"]["ahead"] >= 0


def test_a_template_has_the_digest_of_its_first_file(client: httpx.Client) -> None:
    for template in client.get("/templates").json():
        content = client.get(f"/templates/{template['name']}", params={"file": template["files"][0]}).content
        assert template["digest"] == hashlib.sha256(content).hexdigest()
