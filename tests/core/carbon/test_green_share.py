"""Green share: 0..100 %, never lowered by a certificate, the same in any order, no certificate counted twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.electricity import Cover, Use, green_share, read_use, site_key, together

AMOUNTS = st.decimals(0, 9999, places=3)
USES = st.lists(
    st.builds(
        Use,
        site=st.sampled_from(["North", "South"]),
        country=st.sampled_from(["CN", "VN", "ES", "DE"]),
        year=st.sampled_from([2024, 2025]),
        source=st.sampled_from(["grid", "own_pv", "ppa", "green_tariff", "other"]),
        mwh=AMOUNTS,
    ),
    max_size=8,
)
COVERS = st.lists(
    st.builds(
        Cover,
        key=st.uuids().map(str),
        scheme=st.sampled_from(["gec", "irec", "go"]),
        country=st.sampled_from(["CN", "VN", "ES", "DE"]),
        year=st.sampled_from([2024, 2025]),
        mwh=AMOUNTS,
        retired=st.booleans(),
        backs=st.sampled_from(["grid", "ppa"]),
        site=st.sampled_from(["", "North"]),
    ),
    max_size=6,
)
SITES = st.sampled_from(["", "North", "South"])


@given(USES, COVERS, SITES)
def test_a_share_is_between_nothing_and_all(uses: list[Use], covers: list[Cover], site: str) -> None:
    found = green_share(uses, covers, 2025, site)
    assert found.share is None or 0 <= found.share <= 1
    assert found.excess >= 0
    assert sum(found.by_source.values(), Fraction(0)) == found.consumption


@given(USES, COVERS, COVERS, SITES)
def test_a_certificate_more_never_lowers_it(
    uses: list[Use], covers: list[Cover], more: list[Cover], site: str
) -> None:
    before = green_share(uses, covers, 2025, site)
    after = green_share(uses, [*covers, *more], 2025, site)
    assert before.consumption == after.consumption
    assert (before.share or 0) <= (after.share or 0)


@given(st.data(), USES, COVERS, SITES)
def test_order_changes_nothing(data: st.DataObject, uses: list[Use], covers: list[Cover], site: str) -> None:
    mixed = data.draw(st.permutations(uses)), data.draw(st.permutations(covers))
    assert green_share(uses, covers, 2025, site) == green_share(*mixed, 2025, site)


@given(USES, COVERS)
def test_a_certificate_counts_in_one_year_only(uses: list[Use], covers: list[Cover]) -> None:
    left_out = [dict(green_share(uses, covers, year).left_out) for year in (2024, 2025)]
    for cover in covers:
        assert any(cover.key in found for found in left_out)


@given(USES, COVERS)
def test_sites_never_count_more_certificates_than_the_company_was_offered(
    uses: list[Use], covers: list[Cover]
) -> None:
    whole = green_share(uses, covers, 2025)
    sites = [green_share(uses, covers, 2025, site) for site in ("North", "South")]
    assert sum((s.offered for s in sites), Fraction(0)) <= whole.offered
    assert sum((s.consumption for s in sites), Fraction(0)) == whole.consumption


GRID = Use("North", "CN", 2025, "grid", Decimal(600))
OWN = Use("North", "CN", 2025, "own_pv", Decimal(100))
PPA = Use("North", "CN", 2025, "ppa", Decimal(300))
GEC = Cover("a", "gec", "CN", 2025, Decimal(200), retired=True)


def test_the_written_arithmetic() -> None:
    found = green_share([GRID, OWN, PPA], [GEC], 2025)
    assert (found.own, found.ppa, found.counted, found.consumption) == (100, 300, 200, 1000)
    assert found.share == Fraction(3, 5)


def test_what_does_not_count_says_why() -> None:
    covers = [
        replace(GEC, key="late", year=2024),
        replace(GEC, key="held", retired=False),
        replace(GEC, key="with the agreement", backs="ppa"),
        replace(GEC, key="elsewhere", scheme="irec", country="VN"),
    ]
    found = green_share([GRID, OWN, PPA], covers, 2025)
    assert dict(found.left_out) == {
        "late": "other_year",
        "held": "not_retired",
        "with the agreement": "proves_ppa",
        "elsewhere": "no_market",
    }
    assert found.share == Fraction(2, 5) and found.bundled == 200


def test_more_certificates_than_electricity_are_capped_and_told() -> None:
    found = green_share([GRID, OWN, PPA], [replace(GEC, mwh=Decimal(900))], 2025)
    assert found.share == 1 and found.excess == 300


def test_a_market_does_not_pay_for_another() -> None:
    abroad = Use("South", "VN", 2025, "grid", Decimal(1000))
    found = green_share([GRID, abroad], [replace(GEC, mwh=Decimal(900))], 2025)
    assert found.counted == 600 and found.excess == 300


def test_guarantees_of_origin_cross_european_borders_and_other_certificates_do_not() -> None:
    spanish = Use("Vigo", "ES", 2025, "grid", Decimal(100))
    norwegian = Cover("n", "go", "NO", 2025, Decimal(40), retired=True)
    assert green_share([spanish], [norwegian], 2025).counted == 40
    assert green_share([spanish], [replace(norwegian, scheme="irec")], 2025).counted == 0


def test_a_national_certificate_pays_for_its_own_country_inside_europe_too() -> None:
    german = Use("Jena", "DE", 2025, "grid", Decimal(10))
    french = Use("Lyon", "FR", 2025, "grid", Decimal(90))
    tied = Cover("i", "irec", "DE", 2025, Decimal(100), retired=True)
    found = green_share([german, french], [tied], 2025)
    assert (found.counted, found.offered, found.excess) == (10, 100, 90)
    traded = replace(tied, key="g", scheme="go", mwh=Decimal(60))
    assert green_share([german, french], [tied, traded], 2025).counted == 70


def test_a_site_counts_what_is_allotted_to_it() -> None:
    south = Use("South", "CN", 2025, "grid", Decimal(400))
    covers = [replace(GEC, key="north", site=" north"), replace(GEC, key="all")]
    assert green_share([GRID, south], covers, 2025).counted == 400
    assert green_share([GRID, south], covers, 2025, "North").counted == 200
    assert green_share([GRID, south], covers, 2025, "South").counted == 0


ROW = {
    "site": "North",
    "country": "CN",
    "region": "CN-AH",
    "year": "2025",
    "month": "",
    "source": "grid",
    "amount": "1250000.5",
    "unit": "kWh",
}


def test_kilowatt_hours_become_megawatt_hours_exactly() -> None:
    use, problems = read_use(ROW)
    assert problems == [] and use is not None
    assert (use.mwh, use.month, use.region) == (Decimal("1250.0005"), None, "CN-AH")


def test_every_wrong_cell_is_named() -> None:
    bad = {
        "site": "",
        "country": "XX",
        "year": "25",
        "month": "13",
        "source": "coal",
        "amount": "28,4",
        "unit": "GWh",
    }
    use, problems = read_use(ROW | bad)
    assert use is None
    assert {p.where for p in problems} == set(bad)
    assert {p.where for p in read_use(ROW | {"region": "VN-01"})[1]} == {"region"}
    assert {p.where for p in read_use(ROW | {"amount": "-1"})[1]} == {"amount"}


def test_rows_that_contradict_each_other_are_found() -> None:
    year, month = GRID, replace(GRID, month=3)
    assert [p.code for p in together([("2", year), ("3", month)])] == ["electricity_month_and_year"]
    assert [p.code for p in together([("2", year), ("3", replace(year, site="NORTH "))])] == [
        "electricity_row_twice"
    ]
    moved = replace(OWN, country="VN")
    assert [p.code for p in together([("2", year), ("3", moved)])] == ["electricity_site_moves"]
    assert together([("2", month), ("3", replace(month, month=4)), ("4", OWN)]) == []


@pytest.mark.parametrize("name", ["一厂（南区）１", " 一厂(南区)1 ", "一厂(南区)\u200b1", "一厂（南区）1"])
def test_a_site_is_one_site_however_its_name_is_typed(name: str) -> None:
    assert site_key(name) == site_key("一厂(南区)1")
    rows = [
        ("A1", Use("一厂(南区)1", "CN", 2025, "grid", Decimal(5))),
        ("A2", Use(name, "CN", 2025, "grid", Decimal(5))),
    ]
    assert [p.code for p in together(rows)] == ["electricity_row_twice"]
