"""Metrics, their reference and the dashboard say the same."""

import json
import re
from pathlib import Path

from leadersboard.api.metrics.endpoints import DISK_FREE, RECORDS_UP
from leadersboard.api.metrics.families import FAMILIES
from leadersboard.api.metrics.latency import LATENCY

ROOT = Path(__file__).parents[3]
NAMES = {*(family.name for family in FAMILIES), LATENCY, RECORDS_UP, DISK_FREE}


def test_every_metric_is_in_the_reference_with_its_labels_and_no_other() -> None:
    text = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(leadersboard_\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    assert set(rows) == NAMES
    for family in FAMILIES:
        assert tuple(re.findall(r"`(\w+)`", rows[family.name])) == family.labels


def test_the_dashboard_shows_metrics_that_there_are_and_all_but_a_few_of_them() -> None:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "leadersboard.json").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    shown = {
        name.removesuffix("_bucket").removesuffix("_count")
        for expression in expressions
        for name in re.findall(r"leadersboard_\w+", expression)
    }
    assert shown <= NAMES
    assert NAMES - shown <= {"leadersboard_folders_swept_total", "leadersboard_pruned_bytes_total"}
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
