"""Tables of figures and facts, drawn by pandas."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from leadersboard_dashboards.words import word

_DIGITS = 4


def facts(known: Mapping[str, object]) -> str:
    """Return names and their values as an HTML table of two columns."""
    frame = pd.DataFrame({"value": {name: _readable(value) for name, value in known.items()}}, dtype=object)
    return _html(frame, header=False)


def metrics_by_category(results: Mapping[str, Any], language: str) -> str:
    """Return the metrics of a run, a row each category and one for their mean, as an HTML table."""
    rows = {word("mean", language): results["metrics"], **results["by_category"]}
    if not any(rows.values()):
        return facts(results["reported_metrics"])
    return _html(pd.DataFrame(rows).T.round(_DIGITS))


def metrics_of_runs(scored: Mapping[str, Mapping[str, float]], directions: Mapping[str, str], language: str) -> str:
    """Return the metrics of several runs, a row each metric, with the difference of each further run from the first
    and a mark at the best."""
    frame = pd.DataFrame(scored)
    frame = frame.reindex([name for name in directions if name in frame.index] or frame.index)
    shown = frame.apply(lambda row: _marked(row, directions.get(str(row.name), "maximize"), language), axis=1)
    first, *further = frame.columns
    columns = [shown[first]]
    for name in further:
        change = (frame[name] - frame[first]).map(lambda value: f"{value:+.{_DIGITS}f}", na_action="ignore")
        columns += [shown[name], change.rename(word("against", language, run=first))]
    shown = pd.concat(columns, axis=1)
    return _html(shown)


def differing_facts(known: Mapping[str, Mapping[str, object]]) -> str:
    """Return the facts that are not the same for all, a row each, as an HTML table; empty where all are."""
    names = list(dict.fromkeys(name for about in known.values() for name in about))
    differing = [name for name in names if len({repr(about.get(name)) for about in known.values()}) > 1]
    if not differing:
        return ""
    columns = {
        run: {name: _readable(about[name]) if name in about else "–" for name in differing}
        for run, about in known.items()
    }
    return _html(pd.DataFrame(columns, dtype=object).reindex(differing))


def _marked(row: "pd.Series[float]", direction: str, language: str) -> "pd.Series[str]":
    best = row.max() if direction == "maximize" else row.min()
    return row.map(
        lambda value: (
            f"{value:.{_DIGITS}f}" + (f" ({word('best', language)})" if value == best and len(row) > 1 else "")
        ),
        na_action="ignore",
    )


def _readable(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _html(frame: pd.DataFrame, *, header: bool = True) -> str:
    table: str = frame.to_html(classes="lb-table", border=0, header=header, na_rep="–", escape=True)
    return f'<div class="lb-scroll" tabindex="0">{table}</div>'
