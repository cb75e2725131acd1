"""What Prometheus reads, and who may."""

from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from leadersboard.adapters.system_clock import SystemClock
from leadersboard.api.metrics.endpoints import RECORDS_UP
from leadersboard.api.metrics.latency import LATENCY
from leadersboard.bootstrap import open_records
from leadersboard.ports.monitoring import Counted, Mood, WorkerState
from leadersboard.settings import Settings
from tests.builders import form, notebook

NewClient = Callable[..., httpx.Client]
Samples = dict[str, list[tuple[dict[str, str], float]]]


def samples(answer: httpx.Response) -> Samples:
    assert answer.status_code == 200, answer.text
    found: Samples = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def waiting(found: Samples) -> dict[str, float]:
    return {labels["resource_class"]: value for labels, value in found.get("leadersboard_queue_jobs", [])}


def submit(client: httpx.Client) -> str:
    sent = client.post("/submissions", files=form({"nb.ipynb": notebook("1")}), data={"entrypoint": "nb.ipynb"})
    job = client.post("/jobs", json={"submission_id": sent.json()["submission_id"]})
    job_id: str = job.json()["job_id"]
    return job_id


def test_metrics_are_for_organisers_and_for_those_with_their_own_token(new_client: NewClient, api_url: str) -> None:
    assert httpx.get(f"{api_url}/metrics").status_code == 401
    assert new_client("wrong").get("/metrics").status_code == 401
    assert new_client().get("/metrics").status_code == 403
    assert new_client("boss-token").get("/metrics").status_code == 200
    measuring = new_client("only-for-metrics")
    assert measuring.get("/metrics").status_code == 200
    assert measuring.get("/jobs").status_code == 401


def test_the_queue_and_the_latencies_are_told_by_the_template_of_the_route(new_client: NewClient) -> None:
    client, boss = new_client(), new_client("boss-token")
    before = waiting(samples(boss.get("/metrics")))
    job_id = submit(client)
    client.get(f"/jobs/{job_id}/status")
    client.get("/no/such/place")
    found = samples(boss.get("/metrics"))
    assert waiting(found) == {**before, "small": before.get("small", 0) + 1}
    assert found["leadersboard_queue_oldest_seconds"][0][1] >= 0
    assert found[RECORDS_UP] == [({}, 1.0)]
    answered = {tuple(labels.values()) for labels, _ in found[f"{LATENCY}_count"]}
    assert {("GET", "/jobs/{job_id}/status", "200"), ("GET", "none", "404")} <= answered
    assert not any(job_id in value for labels in answered for value in labels)


def test_workers_are_counted_from_what_they_have_said(new_client: NewClient, settings: Settings) -> None:
    boss = new_client("boss-token")
    with open_records(settings) as records:
        now = SystemClock().now()
        with records.writing() as transaction:
            transaction.workers.say(
                WorkerState("host-1", now, now, 4, 3, Mood.WORKING, {Counted.LEASES_KEPT: 7, Counted.ATTEMPTS: 5})
            )
        found = samples(boss.get("/metrics"))
        assert ({"worker": "host-1"}, 4.0) in found["leadersboard_devices"]
        assert ({"worker": "host-1"}, 3.0) in found["leadersboard_devices_busy"]
        assert ({"worker": "host-1", "outcome": "kept"}, 7.0) in found["leadersboard_lease_renewals_total"]
        assert boss.get("/readyz").json()["checks"]["workers"] == "ok"
        with records.writing() as transaction:
            transaction.workers.leave("host-1")
    assert "none is heard of" in boss.get("/readyz").json()["checks"]["workers"]
