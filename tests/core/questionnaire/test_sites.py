"""Answers of sites become one: what must hold for any sites, and the rules one by one."""

from __future__ import annotations

import datetime as days
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.model import Indicator, Questionnaire, indicator, indicators_of, is_scored
from portal.core.questionnaire.path import walk
from portal.core.questionnaire.sites import Effective, Site, asked_per_site, effective_answers, may_differ
from portal.core.questionnaire.soundness_levels import level_problems
from portal.core.scoring.roll_up import score
from portal.core.scoring.rules import points_of
from tests.core.questionnaire import small
from tests.core.scoring.test_properties import SHIPPED, sets_of_answers, value_of
from tests.make.examples import examples

SETTINGS = settings(max_examples=examples(40), deadline=None)
PER_SITE = [i for i in indicators_of(SHIPPED) if asked_per_site(i)]
OUTPUTS = st.integers(1, 10**6).map(lambda n: Decimal(n) / 100)
AtSites = dict[str, dict[str, Any]]


@st.composite
def groups_with_sites(draw: st.DrawFn) -> tuple[list[str], dict[str, object], list[Site], AtSites]:
    """Roles, answers of the group, one to four sites, and answers of sites to what may be answered there."""
    roles, group = draw(sets_of_answers())
    sites = [Site(f"s{n}", f"Site {n}", draw(OUTPUTS)) for n in range(draw(st.integers(1, 4)))]
    at: AtSites = {}
    for one in indicators_of(SHIPPED):
        if asked_per_site(one) or (may_differ(one) and draw(st.integers(0, 7)) == 0):
            at[one.code] = {s.key: draw(value_of(one)) for s in sites if draw(st.integers(0, 5))}
    return roles, group, sites, at


def counted(group: Any, sites: list[Site], at: AtSites) -> Effective:
    return effective_answers(SHIPPED, sites, group, at)


@SETTINGS
@given(groups_with_sites(), st.randoms())
def test_the_order_of_sites_changes_nothing(case: Any, chance: Any) -> None:
    roles, group, sites, at = case
    other = list(sites)
    chance.shuffle(other)
    mixed = {code: dict(sorted(own.items(), key=lambda _: chance.random())) for code, own in at.items()}
    one, two = counted(group, sites, at), counted(group, other, mixed)
    tables = {i.code for i in indicators_of(SHIPPED) if i.roll_up == "sum" and i.kind == "table"}
    assert {c: v for c, v in one.answers.items() if c not in tables} == {
        c: v for c, v in two.answers.items() if c not in tables
    }
    assert score(SHIPPED, roles, one.answers) == score(SHIPPED, roles, two.answers)
    assert {c: set(r.owing) for c, r in one.roll_ups.items()} == {
        c: set(r.owing) for c, r in two.roll_ups.items()
    }


@SETTINGS
@given(sets_of_answers(), st.none() | OUTPUTS)
def test_one_site_is_as_without_sites(case: Any, output: Decimal | None) -> None:
    _, answers = case
    here = {i.code for i in PER_SITE}
    group = {code: value for code, value in answers.items() if code not in here}
    at = {code: {"s": value} for code, value in answers.items() if code in here}
    assert dict(counted(group, [Site("s", "Site", output)], at).answers) == answers
    everything_there = {
        c: {"s": v} for c, v in answers.items() if c in here or may_differ(indicator(SHIPPED, c))
    }
    assert dict(counted(group, [Site("s", "Site", output)], everything_there).answers) == answers


@SETTINGS
@given(groups_with_sites(), st.data())
def test_hidden_answers_change_nothing(case: Any, data: st.DataObject) -> None:
    """Of the group to what sites answer, of a site that is not in, of any site to a closed question."""
    roles, group, sites, at = case
    sheet = score(SHIPPED, roles, counted(group, sites, at).answers)
    one = data.draw(st.sampled_from(PER_SITE))
    value = data.draw(value_of(one))
    assert score(SHIPPED, roles, counted(group | {one.code: value}, sites, at).answers) == sheet
    away = at | {one.code: at.get(one.code, {}) | {"gone": value}}
    assert score(SHIPPED, roles, counted(group, sites, away).answers) == sheet
    closed = sorted(
        set(walk(SHIPPED, roles, counted(group, sites, at).answers).closed) & {i.code for i in PER_SITE}
    )
    if closed:
        shut = indicator(SHIPPED, data.draw(st.sampled_from(closed)))
        hidden = at | {shut.code: {s.key: data.draw(value_of(shut)) for s in sites}}
        assert score(SHIPPED, roles, counted(group, sites, hidden).answers) == sheet


@SETTINGS
@given(groups_with_sites(), st.data())
def test_a_site_that_does_better_never_lowers_the_score(case: Any, data: st.DataObject) -> None:
    """As far as no question opens or closes by it, which the rules of the questionnaire decide with or without sites."""
    roles, group, sites, at = case
    one = data.draw(st.sampled_from([i for i in PER_SITE if is_scored(i)]))
    own = {s.key: data.draw(value_of(one)) for s in sites}
    at = at | {one.code: own}
    there = data.draw(st.sampled_from(sites)).key
    better = _better(one, own[there], data)
    if better is None:
        return
    before, after = counted(group, sites, at), counted(group, sites, at | {one.code: own | {there: better}})
    if walk(SHIPPED, roles, before.answers).open != walk(SHIPPED, roles, after.answers).open:
        return
    was, now = score(SHIPPED, roles, before.answers), score(SHIPPED, roles, after.answers)
    assert now.total >= was.total
    assert set(now.red_flags) <= set(was.red_flags)


def _better(one: Indicator, value: Any, data: st.DataObject) -> Any:
    """A value with more points; in a table, where rows of sites stand together, one more filled cell of a row."""
    if one.kind == "table":
        # a row without any cell is not scored: its first cell makes it one row more
        empty = [(n, c.key) for n, row in enumerate(value) if row for c in one.columns if c.key not in row]
        if not empty:
            return None
        number, key = data.draw(st.sampled_from(empty))
        return tuple(row | {key: "2025"} if n == number else row for n, row in enumerate(value))
    other = data.draw(value_of(one))
    earned = [points_of(one, v).points or Fraction(0) for v in (value, other)]
    return other if earned[1] > earned[0] else None


MEAN = small.indicator("AAA-01", "percentage", level="site", roll_up="output_weighted_mean")
NUMBERS = st.decimals(0, 100, places=4)


@given(st.lists(st.tuples(NUMBERS, OUTPUTS), min_size=1, max_size=6), st.integers(1, 10**6))
def test_a_weighted_mean_lies_within_and_knows_no_scale(
    pairs: list[tuple[Decimal, Decimal]], scale: int
) -> None:
    def mean(factor: Fraction) -> Decimal:
        sites = [
            Site(f"s{n}", "", Decimal((Fraction(w) * factor).numerator) / (Fraction(w) * factor).denominator)
            for n, (_, w) in enumerate(pairs)
        ]
        values = {f"s{n}": value for n, (value, _) in enumerate(pairs)}
        made = effective_answers(_only(MEAN), sites, {}, {"AAA-01": dict(values)})
        found = made.answers["AAA-01"]
        assert isinstance(found, Decimal)
        return found

    found = mean(Fraction(1))
    assert min(v for v, _ in pairs) <= found <= max(v for v, _ in pairs)
    assert mean(Fraction(scale)) == found
    exact = sum(Fraction(v) * Fraction(w) for v, w in pairs) / sum(Fraction(w) for _, w in pairs)
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**6)


@SETTINGS
@given(st.data())
def test_the_worst_is_never_above_any_site(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([i for i in PER_SITE if i.roll_up == "worst" and is_scored(i)]))
    values = data.draw(st.lists(value_of(one), min_size=1, max_size=5))
    sites = [Site(str(n), "") for n in range(len(values))]
    made = counted({}, sites, {one.code: {str(n): v for n, v in enumerate(values)}})
    found = made.roll_ups[one.code]
    own = [points_of(one, value).points or Fraction(0) for value in values]
    assert points_of(one, found.value).points == min(own)
    assert found.value == values[int(found.decided_by)]


@given(st.lists(st.decimals(0, 10**9, places=6), min_size=1, max_size=6))
def test_a_sum_is_exact(values: list[Decimal]) -> None:
    one = small.indicator("AAA-01", "number", level="site", roll_up="sum", unit="t")
    sites = [Site(str(n), "") for n in range(len(values))]
    made = effective_answers(_only(one), sites, {}, {"AAA-01": {str(n): v for n, v in enumerate(values)}})
    assert Fraction(made.answers["AAA-01"]) == sum(Fraction(v) for v in values)  # type: ignore[arg-type]


def _only(*indicators: Indicator) -> Questionnaire:
    return small.questionnaire(small.topic("AAA", *indicators))


TWO = [Site("a", "Anhui", Decimal(3)), Site("b", "Baoding", Decimal(1))]


def test_a_missing_site_makes_the_answer_missing_and_is_named() -> None:
    made = counted({"LAB-02": Decimal(40)}, TWO, {"LAB-02": {"a": Decimal(44)}})
    assert "LAB-02" not in made.answers
    assert made.roll_ups["LAB-02"].owing == ("b",)
    unreadable = counted({}, TWO, {"LAB-02": {"a": Decimal(44), "b": None}})
    assert unreadable.roll_ups["LAB-02"].owing == ("b",)


def test_the_groups_answer_holds_at_each_site_until_one_differs() -> None:
    policy = {"HRT-01": "public"}
    assert counted(policy, TWO, {}).answers["HRT-01"] == "public"
    assert "HRT-01" not in counted(policy, TWO, {}).roll_ups
    made = counted(policy, TWO, {"HRT-01": {"b": "internal"}})
    assert made.answers["HRT-01"] == "internal" and made.roll_ups["HRT-01"].decided_by == "b"
    assert [part.inherited for part in made.roll_ups["HRT-01"].parts] == [True, False]
    better = counted(policy, TWO, {"HRT-01": {"b": "public_and_supply_chain"}})
    assert better.answers["HRT-01"] == "public" and better.roll_ups["HRT-01"].decided_by == "a"
    alone = counted({}, TWO, {"HRT-01": {"b": "internal"}})
    assert "HRT-01" not in alone.answers and alone.roll_ups["HRT-01"].owing == ()


def test_a_site_cannot_differ_where_nothing_tells_which_answer_is_worse() -> None:
    assert counted({"GOV-01": ("cell",)}, TWO, {"GOV-01": {"b": ("glass",)}}).answers == {"GOV-01": ("cell",)}


def test_arithmetic_of_each_roll_up() -> None:
    at: AtSites = {
        "EMW-01": {"a": Decimal("100.5"), "b": Decimal("20")},
        "EMW-02": {"a": Decimal(40), "b": Decimal(80)},
        "ENV-04": {"a": days.date(2027, 3, 1), "b": days.date(2026, 12, 31)},
        "NRG-03": {"a": ({"mwh": "3"},), "b": ({"mwh": "4"}, {"mwh": "5"})},
    }
    answers = counted({}, TWO, at).answers
    assert answers["EMW-01"] == Decimal("120.5")
    assert answers["EMW-02"] == Decimal("50")
    assert answers["ENV-04"] == days.date(2026, 12, 31)
    assert answers["NRG-03"] == ({"mwh": "3"}, {"mwh": "4"}, {"mwh": "5"})


def test_without_an_output_there_is_no_mean_and_nobody_guesses() -> None:
    sites = [TWO[0], replace(TWO[1], output=None)]
    made = counted({}, sites, {"EMW-02": {"a": Decimal(40), "b": Decimal(80)}})
    assert "EMW-02" not in made.answers
    assert made.roll_ups["EMW-02"].unweighed == ("b",)


def test_the_renewable_share_is_weighed_by_the_electricity_it_is_a_share_of() -> None:
    at: AtSites = {"NRG-02": {"a": Decimal(40), "b": Decimal(80)}}
    missing = counted({}, TWO, at).roll_ups["NRG-02"]
    assert (missing.value, missing.unweighed, missing.weighed_by) == (None, ("a", "b"), "NRG-01")
    at["NRG-01"] = {"a": Decimal(100), "b": Decimal(300)}
    assert counted({}, TWO, at).answers["NRG-02"] == Decimal(70)  # by output it would be 50
    at["NRG-01"] = {"a": Decimal(0), "b": Decimal(300)}
    assert counted({}, TWO, at).answers["NRG-02"] == Decimal(80)
    at["NRG-01"] = {"a": Decimal(0), "b": Decimal(0)}
    assert counted({}, TWO, at).roll_ups["NRG-02"].unweighed == ("a", "b")


@pytest.mark.parametrize(
    ("weigher", "code"),
    [
        ({"roll_up": "output_weighted_mean"}, "weigher_not_used"),
        ({"roll_up": "weighted_mean", "weighed_by": ""}, "weigher_missing"),
        ({"weighed_by": "AAA-09"}, "weigher_unfit"),
        ({"weighed_by": "AAA-03"}, "weigher_unfit"),
        ({"weighed_by": "AAA-04"}, "weigher_unfit"),
        ({"weighed_by": "AAA-01"}, "weigher_unfit"),
    ],
)
def test_what_cannot_weigh_sites_is_told(weigher: dict[str, str], code: str) -> None:
    amount = small.indicator("AAA-02", "number", level="site", roll_up="sum", minimum=Decimal(0))
    others = (
        amount,
        replace(amount, code="AAA-03", roll_up="worst", worst_end="lowest"),
        replace(amount, code="AAA-04", minimum=None),
    )
    fields = {"roll_up": "weighted_mean", "weighed_by": "AAA-02"}
    one = small.indicator("AAA-01", "percentage", level="site", **fields)
    assert level_problems(_only(one, *others)) == []
    assert [problem.code for problem in level_problems(_only(replace(one, **weigher), *others))] == [code]


def test_a_sum_that_is_no_possible_answer_counts_for_nothing_and_says_why() -> None:
    much = Decimal(10**15 - 1)
    made = counted({}, TWO, {"EMW-01": {"a": much, "b": much}})
    assert "EMW-01" not in made.answers
    assert [p.code for p in made.roll_ups["EMW-01"].problems] == ["number_too_long"]


def test_equally_bad_answers_are_told_apart_by_what_is_written() -> None:
    one = indicator(SHIPPED, "LAB-02")
    for values in ({"a": Decimal(50), "b": Decimal(53)}, {"a": Decimal(53), "b": Decimal(50)}):
        assert counted({}, TWO, {one.code: dict(values)}).answers[one.code] == Decimal(50)


def test_conditions_look_at_what_counts() -> None:
    roles = ("manufacturing",)
    valid = counted({}, TWO, {"ENV-03": {"a": "all_valid", "b": "renewal_pending"}})
    assert "ENV-04" in walk(SHIPPED, roles, valid.answers).open
    expired = counted({}, TWO, {"ENV-03": {"a": "all_valid", "b": "missing_or_expired"}})
    assert "ENV-04" not in walk(SHIPPED, roles, expired.answers).open


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (small.indicator("AAA-01", level="site"), "roll_up_missing"),
        (small.indicator("AAA-01", level="site", roll_up="sum"), "roll_up_does_not_fit"),
        (small.indicator("AAA-01", "percentage", level="site", roll_up="sum"), "roll_up_does_not_fit"),
        (
            small.indicator("AAA-01", "date", level="site", roll_up="output_weighted_mean"),
            "roll_up_does_not_fit",
        ),
        (small.indicator("AAA-01", "number", level="group", roll_up="sum"), "roll_up_sums_inherited"),
        (small.indicator("AAA-01", "text", level="site", roll_up="worst"), "roll_up_no_order"),
        (small.indicator("AAA-01", "date", level="site", roll_up="worst"), "worst_end_missing"),
        (
            small.indicator("AAA-01", "number", level="site", roll_up="output_weighted_mean", whole=True),
            "roll_up_not_whole",
        ),
        (
            small.indicator(
                "AAA-01",
                "number",
                level="site",
                roll_up="sum",
                rule="bands",
                bands=small.bands("<2:0.5;<4:1;else:0"),
            ),
            "roll_up_not_one_way",
        ),
        (small.indicator("AAA-01", level="site", roll_up="worst", worst_end="lowest"), "worst_end_not_used"),
    ],
)
def test_a_level_that_makes_no_sense_is_told(one: Indicator, code: str) -> None:
    assert [problem.code for problem in level_problems(_only(one))] == [code]


def test_every_indicator_of_the_shipped_version_has_its_level() -> None:
    assert {i.level for i in indicators_of(SHIPPED)} == {"group", "site"}
    assert all(i.roll_up for i in PER_SITE) and len(PER_SITE) > 30
