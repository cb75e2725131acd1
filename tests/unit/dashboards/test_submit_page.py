"""What the page to submit does where a browser would only be in the way."""

import httpx
import pytest

from leadersboard_dashboards.chosen_job import ChosenJob
from leadersboard_dashboards.own_jobs import OwnJobs, duration
from leadersboard_dashboards.sending import Filled, Sender
from leadersboard_dashboards.settings import DashboardSettings
from leadersboard_dashboards.submit_form import entrypoint_among
from leadersboard_dashboards.tail import marked
from leadersboard_dashboards.viewer import ApiAway, ApiRefuses, Viewer

JOB = {
    "job_id": "j1234567890",
    "entrypoint": "<b>.py",
    "status": "running",
    "stage": "executing",
    "progress": {"cell": 2, "cells": 5},
    "queue": None,
    "created_at": "2026-04-01T09:00:00Z",
    "cancel_requested": False,
    "benchmark": "b",
    "score": None,
    "error": None,
    "failure": None,
}


class Api:
    """An API in the kernel's own process, which can go away."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.is_away = False
        self.asked: list[httpx.Request] = []

    def viewer(self) -> Viewer:
        http = httpx.Client(base_url="http://api", transport=httpx.MockTransport(self._answer))
        return Viewer("submit", {}, {}, "en", "ann", False, DashboardSettings(), http)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        if self.is_away:
            raise httpx.ConnectError("away")
        answer = self.answers[request.url.path.rpartition("/")[2]]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def test_what_is_meant_to_be_run_is_guessed_from_the_files() -> None:
    cases: dict[tuple[str, ...], str] = {
        ("main.py", "model.py", "config.yaml"): "main.py",
        ("analysis.ipynb", "model.py"): "analysis.ipynb",
        ("train.py", "config.yaml"): "train.py",
        ("a.py", "b.py"): "main.py",
        (): "main.py",
    }
    assert {names: entrypoint_among(dict.fromkeys(names, b"")) for names in cases} == cases


def test_a_form_that_failed_on_the_way_is_the_same_submission_when_it_is_sent_again() -> None:
    api = Api(submissions={"submission_id": "s"}, jobs=httpx.Response(429, json={"detail": "two are running"}))
    sender, viewer, form = Sender(), api.viewer(), Filled({"main.py": b"1"}, entrypoint="main.py")
    with pytest.raises(ApiRefuses, match="two are running"):
        sender.send(form, viewer)
    api.answers["jobs"] = {"job_id": "j"}
    assert sender.send(form, viewer) == "j"
    sender.send(form, viewer)
    sender.send(Filled({"main.py": b"2"}, entrypoint="main.py"), viewer)
    keys = [one.headers["Idempotency-Key"] for one in api.asked if one.url.path == "/submissions"]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_refusal_names_its_field_and_a_breakdown_its_sentence() -> None:
    api = Api(submissions=httpx.Response(400, json={"detail": "no", "field": "metadata"}))
    with pytest.raises(ApiRefuses) as refused:
        Sender().send(Filled({"main.py": b""}), api.viewer())
    assert refused.value.field == "metadata"
    for body, sentence in (({"json": {"detail": "the disk is full"}}, "the disk is full"), ({"text": "<html>"}, None)):
        api.answers["submissions"] = httpx.Response(503, **body)  # type: ignore[arg-type]
        with pytest.raises(ApiAway) as away:
            Sender().send(Filled({"main.py": b""}), api.viewer())
        assert away.value.sentence == sentence


def test_lines_that_speak_of_errors_stand_out_and_all_are_escaped() -> None:
    lines = marked(
        "fine <b>\nValueError: x\nTraceback (most recent call last):\nterror and errors\nERROR y"
    ).splitlines()
    assert lines[0] == "fine &lt;b&gt;"
    assert ["<mark" in line for line in lines] == [False, True, True, False, True]


def test_jobs_are_asked_for_only_while_something_goes_on() -> None:
    api = Api(jobs={"items": [JOB]})
    own = OwnJobs(api.viewer())
    first = own.read()
    assert "&lt;b&gt;.py" in first
    assert 'value="2"' in first
    assert own.news() is None
    asked = len(api.asked)
    api.answers["jobs"] = {"items": [{**JOB, "status": "completed"}]}
    assert "completed" in (own.news() or "")
    assert own.news() is None
    assert len(api.asked) == asked + 1


def test_the_last_list_stays_while_the_platform_is_away_and_comes_back() -> None:
    api = Api(jobs={"items": [{**JOB, "status": "completed"}]})
    own = OwnJobs(api.viewer())
    whole = own.read()
    api.is_away = True
    assert own.read().endswith(whole)
    api.is_away = False
    assert own.news() == whole


def test_the_last_log_stays_where_it_cannot_be_read_again_and_ends_with_the_job() -> None:
    api = Api(jobs={"items": [JOB]}, status=JOB, logs={"logs": "first line\n"})
    own = OwnJobs(api.viewer())
    own.read()
    chosen = ChosenJob(own)
    assert (chosen.log.lines, chosen.log.note, chosen.log.follows) == ("first line", "", True)
    api.is_away = True
    chosen.look()
    assert chosen.log.lines == "first line"
    assert "could not be read again" in chosen.log.note
    api.is_away = False
    api.answers |= {"status": {**JOB, "status": "failed"}, "logs": {"logs": "first line\nlast line\n"}}
    chosen.look()
    assert (chosen.log.lines, chosen.log.note, chosen.log.follows) == ("first line\nlast line", "", False)


@pytest.mark.parametrize(("seconds", "text"), [(5, "5 s"), (600, "10 min"), (7500, "2 h 5 min")])
def test_times_are_told_roughly(seconds: float, text: str) -> None:
    assert duration(seconds, "en") == text
