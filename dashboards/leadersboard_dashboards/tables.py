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


def _readable(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _html(frame: pd.DataFrame, *, header: bool = True) -> str:
    table: str = frame.to_html(classes="lb-table", border=0, header=header, na_rep="–", escape=True)
    return f'<div class="lb-scroll" tabindex="0">{table}</div>'
