"""Scripts run in the same way as notebooks."""

import json

import pytest

from leadersboard.ports.runner import Run, RunEnd
from tests.integration.runner.conftest import CarryOut, Ear, Place


def test_a_script_runs_with_its_arguments_in_its_folder(place: Place, carry_out: CarryOut) -> None:
    (place.submission / "config.yaml").write_text("method: padim")
    spec = place.script("import sys\nprint(sys.argv[1:], open('config.yaml').read())", arguments=("--config", "x"))
    outcome, ear = carry_out(spec)
    assert (outcome.end, outcome.exit_code) == (RunEnd.SUCCEEDED, 0)
    assert ear.log == "['--config', 'x'] method: padim\n"


def test_its_lines_are_heard_while_it_runs(place: Place, carry_out: CarryOut) -> None:
    go = place.output / "go"
    spec = place.script(f"import os, time\nprint('working')\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)")

    async def look(run: Run, ear: Ear) -> None:
        await ear.hears("working")
        go.touch()

    assert carry_out(spec, look)[0].end is RunEnd.SUCCEEDED


def test_an_error_is_named_with_its_traceback(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script("import json\nprint('before')\njson.loads('{')"))
    assert (outcome.end, outcome.exit_code) == (RunEnd.CODE_FAILED, 1)
    assert outcome.error_name == "JSONDecodeError"
    assert outcome.error_value is not None
    assert outcome.error_value.startswith("Expecting property name")
    assert outcome.traceback is not None
    assert outcome.traceback.startswith("Traceback")


def test_a_script_that_python_cannot_read_is_named_too(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script("if True\n    pass"))
    assert (outcome.end, outcome.error_name) == (RunEnd.CODE_FAILED, "SyntaxError")


def test_an_exit_code_is_passed_on(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script("import sys\nprint('giving up')\nsys.exit(4)"))
    assert (outcome.end, outcome.exit_code, outcome.error_name) == (RunEnd.CODE_FAILED, 4, None)
    assert outcome.traceback == "giving up"


@pytest.mark.parametrize(("signal", "number"), [("SIGKILL", -9), ("SIGSEGV", -11)])
def test_a_script_that_dies_says_of_what(signal: str, number: int, place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script(f"import os, signal\nos.kill(os.getpid(), signal.{signal})"))
    assert (outcome.end, outcome.exit_code) == (RunEnd.PROCESS_DIED, number)


def test_a_script_sees_nothing_of_the_workers_environment(
    place: Place, carry_out: CarryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_WORKER", "s3cret")
    _, ear = carry_out(place.script("import json, os\nprint(json.dumps(dict(os.environ)))"))
    assert "s3cret" not in ear.log
    assert json.loads(ear.log)["HOME"].startswith(str(place.run_dir))


def test_a_script_has_ended_when_it_ends_whoever_holds_its_output(place: Place, carry_out: CarryOut) -> None:
    outcome, ear = carry_out(place.script("import subprocess\nsubprocess.Popen(['sleep', '1000'])\nprint('end')"))
    assert outcome.end is RunEnd.SUCCEEDED
    assert ear.log == "end\n"


def test_a_script_that_closes_its_output_goes_on(place: Place, carry_out: CarryOut) -> None:
    source = f"import os\nos.close(1); os.close(2)\nos.mkdir({str(place.output / 'made')!r})\nos._exit(3)"
    outcome, _ = carry_out(place.script(source))
    assert (outcome.end, outcome.exit_code) == (RunEnd.CODE_FAILED, 3)


def test_a_script_can_read_nothing(place: Place, carry_out: CarryOut) -> None:
    outcome, _ = carry_out(place.script("input()"))
    assert outcome.error_name == "EOFError"
