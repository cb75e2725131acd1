"""Notebooks before they are submitted and after they ran."""

import json
from collections.abc import Callable

from tests.builders import notebook
from tests.integration.labextension.conftest import Lab

Leave = Callable[[str, dict[str, bytes]], None]
PARAMETERS = 'data_dir = ""\noutput_dir = ""\ndevice = "cpu"\nseed = 0\nepochs = 3  # passes over the data\n'


def test_a_form_can_be_made_from_the_saved_notebook(lab: Lab) -> None:
    lab.write("work/mine.ipynb", notebook("print(1)", parameters=PARAMETERS, about={"benchmark": "demo-inspection"}))
    answer = lab.client.post("inspect", json={"path": "/work/mine.ipynb"})
    assert answer.status_code == 200, answer.text
    parameters = {one["name"]: one for one in answer.json()["parameters"]}
    assert (parameters["epochs"]["default"], parameters["epochs"]["kind"]) == (3, "integer")
    assert (parameters["data_dir"]["fixed"], parameters["seed"]["fixed"]) == (True, False)
    assert (answer.json()["benchmark"], answer.json()["cells"]) == ("demo-inspection", 2)


def test_a_file_that_is_no_notebook_is_refused_by_the_api(lab: Lab) -> None:
    lab.write("work/broken.ipynb", b"not a notebook")
    answer = lab.client.post("inspect", json={"path": "work/broken.ipynb"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_notebook")


def test_an_executed_notebook_asks_for_no_trust(lab: Lab, outputs: Leave) -> None:
    left = json.loads(notebook("print(1)", "print(2)"))
    left["metadata"] |= {"signature": "sha256:forged", "widgets": {"state": "<img onerror=alert(1)>"}}
    for cell in left["cells"]:
        cell["metadata"]["trusted"] = True
    output = {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}, "metadata": {}}
    left["cells"][1]["outputs"] = [output]
    job_id = lab.submit().json()["job_id"]
    outputs(job_id, {"executed.ipynb": json.dumps(left).encode()})
    answer = lab.client.get(f"executed/{job_id}")
    assert answer.headers["Content-Type"] == "application/json"
    shown = answer.json()
    assert not shown["metadata"].keys() & {"signature", "widgets"}
    assert not any("trusted" in cell["metadata"] for cell in shown["cells"])
    # All else is as it came out.
    assert shown["cells"][1]["outputs"] == [output]
    assert shown["cells"][0]["metadata"]["tags"] == ["parameters"]
    assert (shown["nbformat"], len(shown["cells"])) == (4, 3)


def test_what_is_no_notebook_is_not_opened(lab: Lab, outputs: Leave) -> None:
    for content in (b"no json", b"[]", b'{"cells": 3}', b'{"cells": ["x"]}', b"[" * 100_000):
        job_id = lab.submit().json()["job_id"]
        outputs(job_id, {"executed.ipynb": content})
        answer = lab.client.get(f"executed/{job_id}")
        assert (answer.status_code, answer.json()["code"]) == (502, "api_unexpected")


def test_an_executed_notebook_larger_than_lab_can_open_is_not_fetched(lab: Lab, outputs: Leave) -> None:
    job_id = lab.submit().json()["job_id"]
    outputs(job_id, {"executed.ipynb": b'{"cells": [], "x": "' + b"x" * (64 * 1024 * 1024) + b'"}'})
    answer = lab.client.get(f"executed/{job_id}", headers={"Accept-Language": "ja"})
    assert (answer.status_code, answer.json()["code"]) == (413, "result_too_large")
    assert "ダウンロード" in answer.json()["detail"]


def test_a_job_that_left_no_notebook_has_none(lab: Lab) -> None:
    answer = lab.client.get(f"executed/{lab.submit().json()['job_id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file")
