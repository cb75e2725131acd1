"""Starting from a template, and what has become of it since."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.integration.labextension.conftest import Lab

TEMPLATES = Path(__file__).parents[3] / "templates"


def start(lab: Lab, template: str, directory: str) -> str:
    (lab.root / directory).mkdir(exist_ok=True)
    answer = lab.client.post("start", json={"template": template, "directory": directory})
    assert answer.status_code == 201, answer.text
    path: str = answer.json()["path"]
    return path


def read(lab: Lab, path: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((lab.root / path).read_text())
    return notebook


def test_a_copy_remembers_its_template(lab: Lab) -> None:
    path = start(lab, "padim", "first")
    assert path == "first/padim.ipynb"
    original = TEMPLATES / "padim" / "padim.ipynb"
    about = read(lab, path)["metadata"]["leadersboard"]
    assert (about["template"], about["template_version"]) == ("padim", "1")
    assert about["template_digest"] == sha256(original.read_bytes()).hexdigest()
    assert about["benchmark"] == "demo-inspection"
    assert [cell["source"] for cell in read(lab, path)["cells"]] == [
        cell["source"] for cell in json.loads(original.read_text())["cells"]
    ]
    # And the API reads it as what it is.
    assert lab.client.post("inspect", json={"path": path}).json()["template"] == "padim"


def test_at_the_top_of_the_users_files_works_too(lab: Lab) -> None:
    assert start(lab, "classical", "") == "classical.ipynb"


def test_nothing_is_overwritten_by_starting_again(lab: Lab) -> None:
    lab.write("again/padim.ipynb", b"my own work")
    with ThreadPoolExecutor(6) as pool:
        paths = set(pool.map(lambda _: start(lab, "padim", "again"), range(6)))
    assert len(paths) == 6
    assert (lab.root / "again/padim.ipynb").read_bytes() == b"my own work"
    assert {path.name for path in (lab.root / "again").iterdir() if path.is_file()} == {
        *(Path(path).name for path in paths),
        "padim.ipynb",
    }


def test_a_script_template_becomes_a_folder(lab: Lab) -> None:
    first, second = start(lab, "script", "scripts"), start(lab, "script", "scripts")
    assert (first, second) == ("scripts/script/main.py", "scripts/script-1/main.py")
    for name in ("main.py", "config.yaml"):
        assert (lab.root / "scripts/script" / name).read_bytes() == (TEMPLATES / "script" / name).read_bytes()
    assert {path.name for path in (lab.root / "scripts").iterdir()} == {"script", "script-1"}


def test_a_started_script_can_be_submitted(lab: Lab) -> None:
    path = start(lab, "script", "running")
    digest = sha256((lab.root / path).read_bytes()).hexdigest()
    body = {"path": path, "hash": digest, "files": ["running/script/config.yaml"], "idempotency_key": "script"}
    answer = lab.client.post("submit", json=body)
    assert answer.status_code == 202, answer.text
    assert lab.api.get(f"/submissions/{answer.json()['submission_id']}").json()["kind"] == "script"


@pytest.mark.parametrize(
    ("template", "directory", "code"),
    [
        ("gone", "", "unknown_template"),
        ("../padim", "", "unknown_template"),
        ("padim", "no/such/folder", "no_such_file"),
        ("padim", "../..", "no_such_file"),
        ("padim", ".hidden", "no_such_file"),
    ],
)
def test_what_cannot_be_started_is_said(lab: Lab, template: str, directory: str, code: str) -> None:
    (lab.root / ".hidden").mkdir(exist_ok=True)
    answer = lab.client.post("start", json={"template": template, "directory": directory})
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize("template", ["padim", "script"])
def test_a_start_that_cannot_be_finished_leaves_nothing(poor_lab: Lab, template: str) -> None:
    answer = poor_lab.client.post("start", json={"template": template, "directory": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, "cannot_write")
    assert list(poor_lab.root.glob("*.incomplete")) == []
    assert not (poor_lab.root / template).exists()
    assert not (poor_lab.root / f"{template}.ipynb").exists()


def test_a_fresh_copy_is_up_to_date(lab: Lab) -> None:
    origin = lab.client.get("origin", params={"path": start(lab, "padim", "fresh")}).json()
    assert origin == {"template": "padim", "title": "PaDiM", "version": "1", "started_version": "1", "changed": False}


def test_a_changed_template_is_noticed_and_compared(lab: Lab) -> None:
    path = start(lab, "padim", "older")
    notebook = read(lab, path)
    # As if the template had gone on since: another digest then, and other cells.
    notebook["metadata"]["leadersboard"] |= {"template_version": "0", "template_digest": "0" * 64}
    gone, changed = notebook["cells"].pop(1), notebook["cells"][1]
    changed["source"] = ["my line\n", *changed["source"]]
    notebook["cells"].append({"cell_type": "code", "id": "mine", "source": "my cell", "metadata": {}, "outputs": []})
    lab.write(path, json.dumps(notebook).encode())

    origin = lab.client.get("origin", params={"path": path}).json()
    assert (origin["changed"], origin["started_version"], origin["version"]) == (True, "0", "1")

    shown = lab.client.get("compare", params={"path": path}).json()
    assert shown["title"] == "PaDiM"
    kinds = [cell["kind"] for cell in shown["cells"]]
    assert kinds == ["same", "added", "changed", *["same"] * (len(kinds) - 4), "removed"]
    assert "\n".join(row["text"] for row in shown["cells"][1]["rows"]) == "".join(gone["source"])
    assert shown["cells"][2]["rows"][0] == {"kind": "removed", "text": "my line"}
    assert {row["kind"] for row in shown["cells"][2]["rows"][1:]} == {"same"}
    assert shown["cells"][-1] == {
        "kind": "removed",
        "cell_type": "code",
        "rows": [{"kind": "removed", "text": "my cell"}],
    }


def test_an_own_notebook_came_from_nowhere(lab: Lab) -> None:
    own = {"cells": [], "metadata": {"leadersboard": {"template": "gone"}}, "nbformat": 4, "nbformat_minor": 5}
    lab.write("own.ipynb", json.dumps(own).encode())
    lab.write("plain.ipynb", json.dumps({**own, "metadata": []}).encode())
    lab.write("main.py", b"print(1)")
    for path in ("own.ipynb", "plain.ipynb", "main.py"):
        answer = lab.client.get("origin", params={"path": path})
        assert (answer.status_code, answer.content) == (204, b"")
    answer = lab.client.get("compare", params={"path": "own.ipynb"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_template")


def test_a_damaged_notebook_is_said_to_be(lab: Lab) -> None:
    lab.write("damaged.ipynb", b"\xff\xfe")
    for route in ("origin", "compare"):
        answer = lab.client.get(route, params={"path": "damaged.ipynb"})
        assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_notebook")
