"""The quick run leaves things out, the complete run nothing: what is left out in one place is not left out in the other."""

from __future__ import annotations

import hypothesis

from tests.make.examples import examples, run_of
from tests.rules.test_house import TREE

LEAVES_OUT = ("-m ", "--ignore", "--deselect", "-k ", "UPSTREAM_TESTS_QUICK")


def command_of(target: str, makefile: str) -> str:
    """What a target of the Makefile runs pytest with."""
    _, _, after = makefile.partition(f"\n{target}:")
    return next(line for line in after.splitlines()[1:] if "pytest" in line)


def test_the_complete_run_leaves_nothing_out() -> None:
    makefile = (TREE / "Makefile").read_text(encoding="utf-8")
    planted = "\nunit: ready\n\tpytest -m fast\n\nquick:\n\tpytest\n"
    assert any(word in command_of("unit", planted) for word in LEAVES_OUT)
    assert not any(word in command_of("unit", makefile) for word in LEAVES_OUT)
    assert all(word in command_of("quick", makefile) for word in ("not slow", "not postgres", "QUICK=1"))
    run = (TREE / ".ci" / "run").read_text(encoding="utf-8")
    assert "UPSTREAM_TESTS_COMPLETE=1" in run and "make test" in run and "QUICK" not in run


def test_a_third_of_the_examples_is_for_the_quick_run_alone() -> None:
    quick, complete = {"UPSTREAM_TESTS_QUICK": "1"}, {"UPSTREAM_TESTS_COMPLETE": "1"}
    assert [run_of(given) for given in ({}, quick, complete, quick | complete)] == [
        "default", "quick", "complete", "complete",
    ]  # fmt: skip
    assert [examples(30, run) for run in ("default", "quick", "complete")] == [30, 10, 30]
    assert [examples(count, "quick") for count in (1, 2, 100)] == [1, 1, 34]
    assert hypothesis.settings().max_examples == examples(100)
