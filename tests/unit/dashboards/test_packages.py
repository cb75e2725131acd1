"""Packages of runs beside each other."""

from leadersboard_dashboards.packages import differing_packages


def test_packages_that_differ_are_told_and_no_others() -> None:
    shown = differing_packages({"a": {"numpy": "1.0", "torch": "2.0"}, "b": {"numpy": "1.1", "torch": "2.0"}})
    assert "1.1" in shown
    assert "torch" not in shown


def test_of_a_run_that_kept_no_packages_nothing_is_said() -> None:
    assert differing_packages({"a": {"numpy": "1.0"}, "b": {}}) == ""
