"""The pure rules of the factor library: changes between versions, precedence, mapping of materials, search."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon import choosing
from portal.core.carbon.factor_changes import applied, difference, jumps
from portal.core.carbon.factor_mapping import Decision, engine_rows, in_force, propose
from portal.core.carbon.factor_precedence import gaps, merged_rates, take_precedence
from portal.core.carbon.factor_records import Record, kind_of, record_of, texts_of
from portal.core.carbon.factor_search import closeness, haystack, matches, normalised, terms

cells = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["", "1", "2"]), max_size=3)
tables = st.dictionaries(st.sampled_from(["x", "y", "z", "w"]), cells, max_size=4)


def factor(factor_id: str, material: str = "glass", unit: str = "kgCO2e/kg", **more: object) -> Record:
    given = {
        "name_en": factor_id, "geography": "CN", "year": "2024", "value": "1", "source": "s", "boundary": "cradle-to-gate",
        "factor_id": factor_id, "material": material, "unit": unit,
    }  # fmt: skip
    return replace(record_of(given), **more)  # type: ignore[arg-type]


@given(tables, tables)
def test_changes_applied_to_the_old_version_give_the_new(
    old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
) -> None:
    changes = difference(old, new)
    filled = {key: {c: t for c, t in row.items() if t} for key, row in new.items()}
    assert applied(old, changes) == filled
    assert len(changes.new) + len(changes.changed) + changes.same == len(new)
    assert not difference(new, new).any


def test_jumps_are_changes_by_more_than_five_times() -> None:
    old = {"a": {"value": "1"}, "b": {"value": "1"}, "c": {"value": "0"}, "d": {"value": "10"}}
    new = {"a": {"value": "5"}, "b": {"value": "5.01"}, "c": {"value": "3"}, "d": {"value": "1"}}
    assert [change.key for change in jumps(difference(old, new), "value")] == ["b", "c", "d"]


records = st.builds(
    factor,
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from(["", "glass", "wafer"]),
    st.sampled_from(["kgCO2e/kg", "kgCO2e/m2", "kgCO2e/USD-2022", "kgCO2/kWh"]),
    sector=st.sampled_from(["", "327211"]),
)
sets = st.lists(records, max_size=4, unique_by=lambda record: record.factor_id)


@given(sets, sets, st.randoms())
def test_precedence_does_not_depend_on_order(own: list[Record], shipped: list[Record], chance) -> None:  # type: ignore[no-untyped-def]
    once = take_precedence(own, shipped)
    chance.shuffle(own), chance.shuffle(shipped)
    assert take_precedence(own, shipped) == once
    assert {r.factor_id for r in once} == {r.factor_id for r in (*own, *shipped)}


@given(sets, sets)
def test_an_own_factor_speaks_alone_for_its_material(own: list[Record], shipped: list[Record]) -> None:
    mine = {r.factor_id for r in own}
    spoken = {(r.material, kind_of(r)) for r in own if r.material and kind_of(r)}
    for record in take_precedence(own, shipped):
        if record.factor_id not in mine:
            assert (record.material, kind_of(record)) not in spoken


def test_precedence_is_by_kind_of_unit_and_sector() -> None:
    own = [factor("O", "glass"), factor("OS", "", "kgCO2e/USD-2022", sector="327211")]
    shipped = [
        factor("S-KG", "glass"), factor("S-M2", "glass", "kgCO2e/m2"),
        factor("S-USD", "", "kgCO2e/USD-2022", sector="327211"), factor("O", "wafer"),
    ]  # fmt: skip
    found = {r.factor_id: r for r in take_precedence(own, shipped)}
    assert found["O"].material == "glass"
    assert (found["S-KG"].material, found["S-M2"].material, found["S-USD"].sector) == ("", "glass", "")


def test_a_mapping_is_proposed_by_the_tables_and_decided_by_people() -> None:
    rows = [
        factor("CN"), factor("EU", geography="EU", proxy=True), factor("P", "wafer", boundary="PARTIAL: electricity"),
        factor("F", ""),
    ]  # fmt: skip
    proposed = propose(rows, {"glass": "327211", "paste": "331410"})
    assert {m: (p.factor_ids, p.sector, p.confidence) for m, p in proposed.items()} == {
        "glass": (("CN", "EU"), "327211", "proxy"),
        "paste": ((), "331410", "poor"),
        "wafer": (("P",), "", "poor"),
    }
    decided = [Decision("glass", ("F", "LOST"), "", "exact"), Decision("wafer", ("LOST",), "334413", "exact")]
    mapping = in_force(proposed, decided, ["CN", "EU", "P", "F"])
    assert (mapping["glass"].factor_ids, mapping["glass"].confirmed, mapping["glass"].gone) == (
        ("F",),
        True,
        ("LOST",),
    )
    assert (mapping["wafer"].factor_ids, mapping["wafer"].confirmed) == (("P",), False)
    index = choosing.by_material(engine_rows(rows, mapping))
    assert [f.factor_id for f in index["glass", "mass"]] == ["F"]
    assert [f.factor_id for f in index["CN", "mass"]] == ["CN"]


@pytest.mark.parametrize(("confidence", "proxy"), [("exact", False), ("proxy", True), ("poor", True)])
def test_stated_confidence_makes_a_stand_in_of_a_factor(confidence: str, proxy: bool) -> None:
    rows = [factor("F", "", proxy=not proxy)]
    mapping = in_force({}, [Decision("glass", ("F",), "", confidence)], ["F"])
    assert [f.proxy for f in engine_rows(rows, mapping) if f.material == "glass"] == [proxy]


def test_rates_are_merged_and_gaps_named() -> None:
    own = {("MYR", 2024): Decimal("4.5"), ("CNY", 2023): Decimal("7")}
    shipped = {("CNY", 2023): Decimal("7.08"), ("CNY", 2024): Decimal("7.2"), ("MYR", 2023): Decimal("4.56")}
    merged = merged_rates(own, shipped)
    assert merged["CNY", 2023] == Decimal("7") and len(merged) == 4
    assert gaps(merged, [2023, 2024, 2025]) == {"CNY": (2025,), "MYR": (2025,)}


GRID = haystack("Electricity, China", ("全国电力", "CN", "China 中国"))
SILICON = haystack(
    "Polysilicon (Siemens), electricity part, CN grid", ("多晶硅（西门子法），电力部分（中国电网）",)
)


@pytest.mark.parametrize(
    ("query", "text", "hit"),
    [
        ("中国多晶硅", SILICON, True),
        ("多晶硅中国", SILICON, True),
        ("POLYSILICON grid", SILICON, True),
        ("ｐｏｌｙ", SILICON, True),
        ("多晶铝", SILICON, False),
        ("polysilicon norway", SILICON, False),
        ("玻璃", haystack("Flat Glass Manufacturing", ()), True),
        ("aluminium", haystack("Aluminum Sheet", ()), True),
        ("电网", GRID, True),
        ("", GRID, True),
        ("()", GRID, True),
        ("CN多晶硅", SILICON, True),
    ],
)
def test_search(query: str, text: str, hit: bool) -> None:
    assert matches(terms(query), text) is hit


@given(st.text(max_size=60))
def test_a_text_is_found_by_itself_and_any_query_is_harmless(text: str) -> None:
    assert matches(terms(text), haystack(text, ())) and normalised(normalised(text)) == normalised(text)


def test_closer_names_come_first() -> None:
    assert [
        closeness(terms("glass"), name) for name in ("Glass", "Glass, flat", "Solar glass", "Silica")
    ] == [0, 1, 2, 3]


def test_a_record_keeps_what_was_published() -> None:
    given = {"factor_id": "A", "name_en": "n", "geography": "CN", "year": "2024", "value": "1.50", "unit": "kgCO2e/kg",
             "source": "s", "naics_2017": "327211", "proxy": "yes", "colour": "red"}  # fmt: skip
    record = record_of(given)
    assert (record.sector, record.proxy, dict(record.extra)) == (
        "327211",
        True,
        {"naics_2017": "327211", "colour": "red"},
    )
    assert texts_of(record)["value"] == "1.50"
