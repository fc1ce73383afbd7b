"""Certificate serials: one certificate is one MWh, no number is held twice, however it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.certificates import (
    PARTS,
    Range,
    first_overlaps,
    overlap,
    range_of,
    read_certificates,
    read_serial,
    registry_key,
    sort_key,
)

ROW = {
    "scheme": "irec",
    "serial_from": "0000-0102-4526-4520.000000",
    "serial_to": "0000-0102-4526-4619.999999",
    "mwh": "100",
    "generation_year": "2025",
    "technology": "solar",
    "country": "VN",
    "retired_on": "2026-02-03",
    "retired_for": "Example Glass",
}
GEC = "1101A010120230101" + "2025030000417" + "11"
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda at: Range("irec", "", at[0] * PARTS, (at[0] + at[1] + 1) * PARTS - 1)
)


def codes(**changed: str) -> dict[str, str]:
    """Problems by column for the sample row with some cells changed."""
    _value, problems = read_certificates(ROW | changed, today=date(2026, 11, 21))
    return {p.where: p.code for p in problems}


def test_a_row_is_read() -> None:
    value, problems = read_certificates(ROW, today=date(2026, 11, 21))
    assert problems == [] and value is not None
    assert value.span.mwh == 100 and value.mwh == Decimal(100)
    assert (value.registry_name, value.backs) == ("I-REC", "grid")


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"mwh": "99"}, "mwh", "certificate_mwh_differs"),
        ({"mwh": "0"}, "mwh", "row_not_above_zero"),
        ({"serial_to": "0000-0102-4526-4000.999999"}, "serial_to", "certificate_range_backwards"),
        ({"serial_to": "AB-4619"}, "serial_to", "certificate_series_differ"),
        ({"serial_from": "none"}, "serial_from", "certificate_serial_unreadable"),
        ({"scheme": "gold"}, "scheme", "certificate_choice_unknown"),
        ({"scheme": "other"}, "registry", "certificate_registry_missing"),
        ({"country": "ZZ"}, "country", "certificate_country_unknown"),
        ({"retired_on": ""}, "retired_on", "row_missing_beside"),
        ({"retired_for": ""}, "retired_for", "row_missing_beside"),
        ({"retired_on": "2024-12-31"}, "retired_on", "certificate_retired_early"),
        ({"retired_on": "2027-01-01"}, "retired_on", "certificate_retired_ahead"),
        ({"generation_year": "2027", "retired_on": "", "retired_for": ""}, "generation_year", "certificate_year_ahead"),
        ({"retired_for": "a" * 201}, "retired_for", "certificate_text_too_long"),
    ],
)  # fmt: skip
def test_each_wrong_cell_is_named(changed: dict[str, str], column: str, code: str) -> None:
    assert codes(**changed)[column] == code


@pytest.mark.parametrize("text", ["000123", "GEC-000123", "gec 123", "１２３", "0_0/123"])
def test_one_number_however_it_is_written(text: str) -> None:
    assert read_serial("gec", text) == ("", 123 * PARTS, PARTS)


@pytest.mark.parametrize(
    "text",
    ["VN–1050", "VN—1050", "VN#1050", "VN:1050", "(VN)1050", "VN·1050", "VN|1050", "VN~1050", "VN\\1050", "V.N1050",
     "VN\u200b1050", "VN\u00ad1050", "ＶＮ－１０５０", "vn 1050)", "I-REC VN−1050"],
)  # fmt: skip
def test_no_mark_makes_another_certificate(text: str) -> None:
    assert read_serial("irec", text) == read_serial("irec", "VN-1050")


@pytest.mark.parametrize(
    "text", ["VN-1,050", "VN1050，000", "\u0412\u0415-1050", "VN.1050", "1.2.3456", "VN-\u0661"]
)
def test_a_serial_that_may_be_two_is_asked_for(text: str) -> None:
    assert read_serial("irec", text) is None


def test_a_chinese_certificate_counts_before_its_last_two_marks() -> None:
    last = "1101A010120230101" + "2025030000516" + "11"
    found = range_of("gec", "", GEC, last)
    assert isinstance(found, Range)
    assert found.mwh == 100 and found.series == "1101A010120230101"
    traded = range_of("gec", "", GEC[:-1] + "2", GEC[:-1] + "2")
    assert isinstance(traded, Range) and overlap(found, traded)


def test_parts_of_one_certificate() -> None:
    found = range_of("irec", "", "77.000000", "77.249999")
    assert isinstance(found, Range) and found.mwh == Fraction(1, 4)
    rest = range_of("irec", "", "77.250000", "77.999999")
    whole = range_of("irec", "", "77", "77")
    assert isinstance(rest, Range) and isinstance(whole, Range)
    assert not overlap(found, rest) and overlap(whole, rest) and whole.mwh == found.mwh + rest.mwh


def test_registries_are_told_apart_by_name_not_spelling() -> None:
    assert registry_key("rec", " M-RETS ") == registry_key("rec", "mrets")
    assert registry_key("rec", "WREGIS") != registry_key("rec", "M-RETS")
    assert registry_key("irec", "anything") == registry_key("irec", "")


@pytest.mark.parametrize(
    ("scheme", "name"),
    [("irec", "I-REC Standard"), ("irec", "I-REC(E)"), ("gec", "中国绿证"), ("gec", "绿色电力证书"), ("go", "Guarantees of Origin")],
)  # fmt: skip
def test_a_registry_for_all_is_the_same_under_another_scheme(scheme: str, name: str) -> None:
    assert registry_key("other", name) == registry_key(scheme, "")


@given(SPANS, SPANS)
def test_overlap_is_sharing_a_number(one: Range, other: Range) -> None:
    shared = set(range(one.start // PARTS, one.end // PARTS + 1)) & set(
        range(other.start // PARTS, other.end // PARTS + 1)
    )
    assert overlap(one, other) == overlap(other, one) == bool(shared)


@given(st.lists(SPANS, max_size=8))
def test_without_overlaps_no_certificate_is_counted_twice(spans: list[Range]) -> None:
    refused = {place for place, _earlier in first_overlaps((str(n), s) for n, s in enumerate(spans))}
    kept = [s for n, s in enumerate(spans) if str(n) not in refused]
    disjoint = [s for n, s in enumerate(kept) if not any(overlap(s, t) for m, t in enumerate(kept) if m != n)]
    numbers = [n for s in disjoint for n in range(s.start // PARTS, s.end // PARTS + 1)]
    assert len(numbers) == len(set(numbers))
    if not refused:
        assert disjoint == spans


@given(st.integers(0, 10**50), st.integers(0, 10**50))
def test_keys_compare_like_numbers(one: int, other: int) -> None:
    assert (sort_key(one) < sort_key(other)) == (one < other)
