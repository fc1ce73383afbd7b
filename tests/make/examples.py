"""How many examples a property is tried on: all of them, or a third for every small change (`make quick`)."""

from __future__ import annotations

import os
from collections.abc import Mapping

import hypothesis


def run_of(environment: Mapping[str, str]) -> str:
    """Whether this run is "quick", "complete" or "default"; one that must be complete is never quick."""
    if environment.get("UPSTREAM_TESTS_COMPLETE"):
        return "complete"
    return "quick" if environment.get("UPSTREAM_TESTS_QUICK") else "default"


RUN = run_of(os.environ)


def examples(count: int, run: str = RUN) -> int:
    """What a property whose examples take long says as its `max_examples`."""
    return -(-count // 3) if run == "quick" else count


# Examples are drawn anew at every run of a developer, who finds what nobody thought of: many quick runs see more than one
# long one. A complete run draws the same ones every time, so that it fails by what was changed and by nothing else.
hypothesis.settings.register_profile("quick", max_examples=examples(100, "quick"))
hypothesis.settings.register_profile("complete", derandomize=True)
