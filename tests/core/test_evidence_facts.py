"""What the facts of a file mean: sites, period, age, end of validity, each against its rule said in other words."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.core.evidence_facts import (
    OLD_MONTHS,
    SOON_DAYS,
    FileFacts,
    Purpose,
    days_left_bucket,
    months_later,
    remarks,
)

TODAY = date(2026, 11, 21)
YEAR = Purpose("result", date(2025, 1, 1), date(2025, 12, 31), date(2026, 12, 31))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))
SITES = st.frozensets(st.sampled_from("abcdef"), max_size=6)
NATURES = st.sampled_from(["result", "action", "policy", "commitment", "certification"])
CODES = {
    "evidence_expired": "validity",
    "evidence_ends_before_round": "validity",
    "evidence_ends_soon": "validity",
    "evidence_outside_period": "period",
    "evidence_part_of_period": "period",
    "evidence_result_old": "age",
    "evidence_part_of_sites": "sites",
    "evidence_part_of_chosen": "sites",
}


def codes(file: FileFacts, purpose: Purpose = YEAR, today: date = TODAY) -> list[str]:
    return [one.code for one in remarks(file, purpose, today)]


def test_a_file_without_facts_is_not_remarked_upon() -> None:
    assert codes(FileFacts()) == []


def test_sites_are_counted_against_those_there_are() -> None:
    purpose = Purpose(sites=frozenset("abcde"))
    (found,) = remarks(FileFacts(sites=frozenset("abcx")), purpose, TODAY)
    assert (found.code, dict(found.values)) == ("evidence_part_of_sites", {"covered": 3, "all": 5})
    assert codes(FileFacts(sites=frozenset("abcde")), purpose) == []
    assert codes(FileFacts(), purpose) == []
    chosen = Purpose(sites=frozenset("ax"), chosen=True)
    assert codes(FileFacts(sites=frozenset("abcx")), chosen) == []
    (found,) = remarks(FileFacts(sites=frozenset("ab")), chosen, TODAY)
    assert (found.code, dict(found.values)) == ("evidence_part_of_chosen", {"covered": 1, "all": 2})


def test_the_end_is_held_against_today_and_the_round() -> None:
    assert codes(FileFacts(valid_until=date(2026, 11, 20))) == ["evidence_expired"]
    assert codes(FileFacts(valid_until=TODAY)) == ["evidence_ends_before_round"]
    assert codes(FileFacts(valid_until=date(2026, 12, 30))) == ["evidence_ends_before_round"]
    assert codes(FileFacts(valid_until=date(2026, 12, 31))) == ["evidence_ends_soon"]
    assert codes(FileFacts(valid_until=TODAY + timedelta(days=SOON_DAYS + 1))) == []
    assert codes(FileFacts(valid_until=TODAY), Purpose()) == ["evidence_ends_soon"]


def test_only_a_measured_result_grows_old_and_must_span_the_period() -> None:
    old = FileFacts(covers_from=date(2024, 1, 1), covers_to=date(2024, 11, 20))
    assert codes(old) == ["evidence_outside_period", "evidence_result_old"]
    assert "evidence_result_old" not in codes(FileFacts(covers_to=date(2024, 11, 21)))
    half = FileFacts(covers_from=date(2025, 4, 1), covers_to=date(2025, 12, 31))
    assert codes(half) == ["evidence_part_of_period"]
    for nature in ("certification", "action"):
        assert codes(half, Purpose(nature, YEAR.period_start, YEAR.period_end)) == []
        assert codes(old, Purpose(nature, YEAR.period_start, YEAR.period_end)) == ["evidence_outside_period"]
    for nature in ("policy", "commitment"):
        assert codes(old, Purpose(nature, YEAR.period_start, YEAR.period_end)) == []


@given(DAYS, DAYS, DAYS, SITES, SITES, NATURES, st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_one_remark_of_a_kind_and_each_says_what_is_so(
    start: date | None,
    end: date | None,
    until: date | None,
    covered: frozenset[str],
    known: frozenset[str],
    nature: str,
    today: date,
) -> None:
    file = FileFacts(start, end, until, covered)
    purpose = Purpose(nature, date(2025, 1, 1), date(2025, 12, 31), date(2026, 12, 31), known)
    found = remarks(file, purpose, today)
    kinds = [CODES[one.code] for one in found]
    assert len(set(kinds)) == len(kinds)
    for one in found:
        if one.code == "evidence_part_of_sites":
            assert covered and 0 <= one.values["covered"] < one.values["all"] == len(known)
        if one.code == "evidence_expired":
            assert until is not None and until < today
        if one.code == "evidence_result_old":
            assert nature == "result" and (end or start) == one.values["last"] < today
    if covered >= known or not covered:
        assert "sites" not in kinds


@given(DAYS, DAYS, SITES, SITES, st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_waiting_never_makes_a_file_fresher(
    end: date | None, until: date | None, covered: frozenset[str], known: frozenset[str], today: date
) -> None:
    file, purpose = FileFacts(None, end, until, covered), Purpose("result", sites=known)
    now, later = (
        {CODES[code] for code in codes(file, purpose, day)} for day in (today, today + timedelta(days=90))
    )
    assert now <= later


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(0, 60))
def test_months_later_keeps_the_day_or_takes_the_last_of_the_month(day: date, months: int) -> None:
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_a_leap_day_has_its_last_day_two_years_on() -> None:
    assert months_later(date(2024, 2, 29), OLD_MONTHS) == date(2026, 2, 28)
    assert "evidence_result_old" in codes(FileFacts(covers_to=date(2024, 2, 29)), today=date(2026, 3, 1))
    assert codes(FileFacts(covers_to=date(2024, 2, 29)), Purpose("result"), date(2026, 2, 28)) == []


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_the_list_to_renew_agrees_with_the_remark(until: date) -> None:
    bucket = days_left_bucket(until, TODAY)
    found = codes(FileFacts(valid_until=until), Purpose())
    assert (bucket == "expired") == (found == ["evidence_expired"])
    assert (bucket in {"very_soon", "soon"}) == (found == ["evidence_ends_soon"])
    assert days_left_bucket(None, TODAY) == ""
