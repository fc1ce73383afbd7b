"""Reads the score a page shows and works it out again from the page's own lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from playwright.sync_api import Page

from tests.journeys.steps_estimate import number_in

ROWS = """(tables) => tables.map((t) => [...t.querySelectorAll('tbody tr')].map((r) => [...r.cells].map((c) => c.innerText.trim())))"""


@dataclass(frozen=True)
class Shown:
    """A total on 0..100 with its grade, as the page shows them."""

    total: Decimal
    grade: str


def shown_score(page: Page, label: str) -> Shown:
    """The figure with this label: total and grade letter."""
    box = page.locator(".figure", has=page.locator("dt", has_text=label))
    return Shown(number_in(box.locator(".figure-value").inner_text()), box.locator(".grade").inner_text())


def recomputed_total(page: Page, column: int) -> Decimal:
    """The total of one side from the points and weights of every indicator on the score page, by the published rule:
    topic = sum(weight x points) / sum(weight), total = sum(topic weight x topic) / sum(open topic weights)."""
    first, *topics = page.locator("main table.data").evaluate_all(ROWS)
    weights = {row[0]: Decimal(row[1]) for row in first}
    open_topics = [row[0] for row in first if row[2] != "–"]
    total = Decimal(0)
    for name, rows in zip(open_topics, topics, strict=True):
        scored = [(Decimal(row[1]), Decimal(row[column])) for row in rows if row[column] != "–"]
        topic = sum((w * p for w, p in scored), Decimal(0)) / sum((w for w, _p in scored), Decimal(0))
        total += weights[name] * topic
    total = 100 * total / sum((weights[name] for name in open_topics), Decimal(0))
    return total.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
