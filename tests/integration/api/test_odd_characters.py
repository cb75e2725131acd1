"""Texts that are no texts: nobody's answer, and nobody else's list, may break on them."""

import json
from typing import Any

import httpx
import pytest

from tests.builders import form, notebook

HALF = "\\ud800"


def odd(before: bytes, put_in: str) -> bytes:
    """Return a notebook with an escape in the place of the word PLACE, as no program of good will writes it."""
    return before.replace(b"PLACE", put_in.encode())


def submit(client: httpx.Client, content: bytes) -> httpx.Response:
    return client.post("/submissions", files=form({"nb.ipynb": content}), data={"entrypoint": "nb.ipynb"})


@pytest.mark.parametrize("put_in", [HALF, "\\udfff\\ud800"])
def test_half_a_character_in_a_notebook_is_refused(put_in: str, client: httpx.Client) -> None:
    for content in (
        notebook("PLACE"),
        notebook("1", about={"template": "PLACE"}),
        notebook(parameters='a = "PLACE"'),
    ):
        answer = submit(client, odd(content, put_in))
        assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_notebook")
        assert client.post("/notebooks/inspect", files={"file": ("a.ipynb", odd(content, put_in))}).status_code == 400
    assert client.get("/submissions").status_code == 200


def test_whole_characters_written_as_two_halves_are_accepted(client: httpx.Client) -> None:
    answer = submit(client, odd(notebook("1", about={"template": "PLACE"}), "\\ud83d\\ude00"))
    assert answer.status_code == 201
    assert client.get(f"/submissions/{answer.json()['submission_id']}").json()["metadata"]["template"] == "😀"


@pytest.mark.parametrize(
    "literal",
    ['"\\ud800"', "1e999", "[b'x']", "{1: 2}", "[{(1, 2): 3}]", "0x" + "f" * 6000, "[" * 60 + "]" * 60, "'\\x00'"],
)
def test_defaults_that_no_form_can_show_are_left_out(literal: str, client: httpx.Client) -> None:
    content = notebook("1", parameters=f"good = 1\nbad = {literal}\n")
    answer = submit(client, content)
    assert answer.status_code == 201, answer.text
    kept: list[dict[str, Any]] = client.get(f"/submissions/{answer.json()['submission_id']}").json()["parameters"]
    assert [one["name"] for one in kept] == ["good"]


def test_a_notebook_nested_beyond_all_bounds_is_refused(client: httpx.Client) -> None:
    whole = json.loads(notebook("1"))
    for depth in (200, 480, 900, 5_000):
        deep = json.dumps({**whole, "metadata": {"deep": "PLACE"}}).replace('"PLACE"', "[" * depth + "]" * depth)
        answer = submit(client, deep.encode())
        assert answer.status_code in (201, 400), depth


@pytest.mark.parametrize("address", ["/jobs/a%00b/status", "/submissions/%00", "/jobs?benchmark=%00", "/templates/%00"])
def test_an_address_with_nul_in_it_is_refused(address: str, client: httpx.Client) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("value", ['"\\ud800"', '"\\u0000"', "NaN", "1e999", "[" * 100 + "]" * 100, "1" * 4000])
def test_a_config_that_cannot_be_kept_is_refused(value: str, client: httpx.Client) -> None:
    submission_id = submit(client, notebook("1")).json()["submission_id"]
    body = f'{{"submission_id": "{submission_id}", "config": {{"note": {value}}}}}'
    answer = client.post("/jobs", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_config")
    odd_id = client.post("/jobs", content='{"submission_id": "\\ud800"}', headers={"Content-Type": "application/json"})
    assert odd_id.status_code == 400
