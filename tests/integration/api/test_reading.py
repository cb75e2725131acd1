"""Benchmarks, templates and boards, as anybody with a token reads them."""

import csv
import io
import json

import httpx
import pytest


def test_the_demonstration_benchmark_is_listed_with_its_metrics(client: httpx.Client) -> None:
    listed = {one["slug"]: one for one in client.get("/benchmarks").json()}
    benchmark = listed["demo-inspection"]
    assert benchmark["primary_metric"] in benchmark["metrics"]
    assert (
        client.get("/benchmarks/demo-inspection", headers={"Accept-Language": "ja"}).json()["title"]
        != benchmark["title"]
    )
    answer = client.get("/benchmarks/none-such")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_benchmark")


def test_templates_are_listed_the_simplest_first_and_can_be_fetched(client: httpx.Client) -> None:
    listed = client.get("/templates").json()
    assert [one["name"] for one in listed] == ["classical", "padim", "patchcore", "fastflow", "script"]
    for template in listed:
        for file in template["files"]:
            assert client.get(f"/templates/{template['name']}", params={"file": file}).content
    about = json.loads(client.get("/templates/padim").content)["metadata"]["leadersboard"]
    assert (about["template"], about["benchmark"]) == ("padim", "demo-inspection")
    assert client.get("/templates/padim", params={"file": "../script/main.py"}).status_code == 404
    assert client.get("/templates/..%2f..%2fpyproject.toml").status_code == 404


def test_a_board_without_rows_is_an_empty_list_or_table(client: httpx.Client) -> None:
    board = client.get("/leaderboard/demo-inspection").json()
    assert (board["benchmark"], board["rows"], board["total"]) == ("demo-inspection", [], 0)
    for asked in ({"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}):
        answer = client.get("/leaderboard/demo-inspection", **asked)  # type: ignore[arg-type]
        assert answer.headers["Content-Type"].startswith("text/csv")
        (header,) = csv.reader(io.StringIO(answer.text))
        assert header[0] == "rank"
        assert "image_auroc" in header
    assert client.get("/leaderboard/none-such").status_code == 404


@pytest.mark.parametrize("part", ["", "/page", "/plots"])
def test_fields_of_the_filter_that_are_left_empty_filter_nothing(client: httpx.Client, part: str) -> None:
    left_empty = dict.fromkeys(("q", "user", "template", "category", "since", "until"), "")
    assert client.get(f"/leaderboard/demo-inspection{part}", params=left_empty).status_code == 200
    assert client.get(f"/leaderboard/demo-inspection{part}", params={"since": "yesterday"}).status_code == 400
