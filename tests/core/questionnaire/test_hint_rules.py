"""The rule language of hints: reading, three-valued logic, units, and answers that count for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.problems import Problem
from portal.core.questionnaire.facts import FACTS, fact_from, fact_text
from portal.core.questionnaire.hint_rule import Rule, parse_rule
from portal.core.questionnaire.hints import hint_text, raised
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import ROLES, Hint, Questionnaire, Text, indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.files.questionnaires import find_questionnaire
from tests.make.examples import examples

SHIPPED = find_questionnaire("sustainability/2026.1")
NOTHING_KNOWN = {"period.start": date(2025, 1, 1), "period.end": date(2025, 12, 31)}


def answered(**raw: object) -> dict[str, object]:
    """Canonical answers from raw ones; GOV_02 stands for GOV-02."""
    named = {code.replace("_", "-"): value for code, value in raw.items()}
    return {code: read(indicator(SHIPPED, code), value).value for code, value in named.items()}


def rule(text: str) -> Rule:
    found = parse_rule(text)
    assert not isinstance(found, Problem), found
    return found


def stands(text: str, answers: dict[str, object], facts: dict[str, object] | None = None) -> bool:
    one = Hint("one", text, rule(text), (), Text("", ""))
    alone = Questionnaire("q", "1", "draft", Text("", ""), SHIPPED.topics, (), "D", (one,))
    path = walk(SHIPPED, ROLES, answers)
    return bool(raised(alone, path.open, answers, NOTHING_KNOWN | (facts or {})))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NRG-02 >= 80 %", True),
        ("NRG-02 > 85 %", False),
        ("NRG-02 = 85 % and NRG-04 is no_certificates", True),
        ("NRG-02 < 50 % or NRG-04 is one of (no_certificates, bought_not_retired)", True),
        ("NRG-04 is not no_certificates", False),
        ("not (NRG-04 is bought_not_retired)", True),
        ("NRG-01 > 900 kWh", True),
        ("NRG-01 = 1 GWh", True),
        ("sum of mwh in NRG-03 > NRG-01", True),
        ("sum of mwh in NRG-03 > 1.2 * NRG-01", False),
        ("rows of NRG-03 = 2", True),
        ("any row of NRG-03 (retired is no and mwh > 500 MWh)", True),
        ("any row of NRG-03 (retired is yes and mwh > 500 MWh)", False),
        ("any row of NRG-03 (generation_year < period.last_year)", False),
        ("ETH-05 has anonymous and ETH-05 has not cases_tracked", True),
        ("ETH-05 has one of (cases_tracked, open_to_third_parties)", False),
        ("GOV-05 is not answered", True),
        ("NRG-02 is answered", True),
    ],
)
def test_what_a_rule_says(text: str, expected: bool) -> None:
    answers = answered(
        NRG_01="1000",
        NRG_02="85",
        NRG_04="no_certificates",
        ETH_05=["anonymous"],
        NRG_03=[{"mwh": "400", "retired": "yes"}, {"mwh": "700", "retired": "no"}],
    )
    assert stands(text, answers, {"period.last_year": Decimal(2025)}) is expected


@pytest.mark.parametrize(
    "text",
    ["NRG-02 > 5 %", "not (NRG-02 > 5 %)", "NRG-02 != 5 %", "NRG-04 is not no_certificates", "NRG-02 > register.renewable_share"],
)  # fmt: skip
def test_the_unknown_raises_nothing_however_it_is_turned(text: str) -> None:
    assert not stands(text, {})
    assert not stands(f"not ({text})", {})


def test_one_unknown_part_leaves_the_others_their_say() -> None:
    answers = answered(NRG_02="85")
    assert stands("NRG-02 > 80 % or NRG-04 is no_certificates", answers)
    assert not stands("NRG-02 > 80 % and NRG-04 is no_certificates", answers)


def test_facts_compare_in_their_own_units() -> None:
    answers = answered(CDS_01="scope1_2_3", CDS_02="100")
    text = "CDS-02 > 1.05 * register.scope1"
    assert stands(text, answers, {"register.scope1": Decimal(95)})
    assert not stands(text, answers, {"register.scope1": Decimal(96)})
    assert stands("CDS-02 > 99000 kgCO2e", answers)
    assert stands("register.inventory_verified is no", {}, {"register.inventory_verified": "no"})
    assert stands("period.end < 2026-01-01 and period.start = 2025-01-01", {})


def test_answers_of_closed_questions_raise_nothing() -> None:
    hidden = answered(CDS_01="none", CDS_02="100")
    opened = answered(CDS_01="scope1_2_3", CDS_02="100")
    assert stands("CDS-02 > 5 tCO2e", opened)
    assert not stands("CDS-02 > 5 tCO2e", hidden)
    assert stands("CDS-02 is not answered", hidden)


def test_the_text_names_the_figures_in_both_languages() -> None:
    one = Hint(
        "one", "", rule("NRG-02 > 5 %"), (), Text("{NRG-02} of {register.certificates}, {NRG-01}", "绿电 {NRG-02}")
    )  # fmt: skip
    said = hint_text(SHIPPED, one, answered(NRG_02="85"), {"register.certificates": Decimal(1200)}, "en")
    assert said == "85\u00a0% of 1200\u00a0MWh, –"
    assert hint_text(SHIPPED, one, answered(NRG_02="85"), {}, "zh") == "绿电 85%"
    assert hint_text(SHIPPED, one, answered(NRG_02="12.263519"), {}, "zh") == "绿电 12.26%"


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from("NRG-02 and or not ( ) > 5 % is any row of sum in 2025-02-31 yes , *".split()), max_size=25).map(" ".join))  # fmt: skip
def test_no_text_breaks_the_parser(text: str) -> None:
    parse_rule(text)


def test_deep_and_long_rules_are_refused() -> None:
    for text, code in (("(" * 50 + "NRG-02 > 5 %" + ")" * 50, "hint_rule_too_deep"), ("x" * 3000, "hint_rule_too_long")):  # fmt: skip
        found = parse_rule(text)
        assert isinstance(found, Problem) and found.code == code


@pytest.mark.parametrize("name", sorted(FACTS))
def test_facts_are_kept_and_read_again(name: str) -> None:
    samples = {
        "quantity": Decimal("12.50"),
        "date": date(2025, 3, 1),
        "yes_no": "yes",
        "words": "1.2 tCO2e/t",
    }
    value = samples[FACTS[name].kind]
    assert fact_from(name, fact_text(value)) == value  # type: ignore[arg-type]


CASES = {
    "green_power_without_certificates": ({"NRG_02": "80", "NRG_04": "no_certificates"}, {}),
    "retired_certificates_not_in_register": ({"NRG_04": "retired_unbundled"}, {"register.certificates_retired": 0}),
    "certificates_not_counted": ({"NRG_02": "0"}, {"register.certificates_retired": 10}),
    "listed_source_not_retired": ({"NRG_04": "retired_unbundled", "NRG_03": [{"retired": "no"}]}, {}),
    "renewable_share_above_register": ({"NRG_02": "60"}, {"register.renewable_share": 30}),
    "renewable_sources_above_use": ({"NRG_01": "5", "NRG_03": [{"mwh": "6"}]}, {}),
    "electricity_differs_from_register": ({"NRG_01": "50"}, {"register.electricity": 100}),
    "market_above_location": (
        {"CDS_01": "scope1_2_3", "NRG_04": "retired_unbundled",
         "CDS_03": [{"scope2_location_based": "5", "scope2_market_based": "6"}]}, {},
    ),
    "scope1_differs_from_register": ({"CDS_01": "scope1_2_3", "CDS_02": "5"}, {"register.scope1": 50}),
    "target_without_inventory": ({"CDS_06": "sbti_validated", "CDS_01": "none"}, {}),
    "inventory_not_in_register": ({"CDS_01": "scope1_2_site"}, {"register.inventories": 0}),
    "verification_not_in_register": (
        {"CDS_01": "scope1_2_3", "CDS_05": "limited_assurance"}, {"register.inventory_verified": "no"},
    ),
    "footprint_coverage_without_footprint": ({"PCF_01": "5"}, {"register.footprints": 0}),
    "footprint_verified_not_in_register": (
        {"PCF_03": "iso14067_verified"}, {"register.footprints": 2, "register.footprints_verified": 0},
    ),
    "zero_carbon_factory_on_grid_power": ({"ZCF_01": "zero_carbon_certified", "NRG_02": "10"}, {}),
    "deaths_without_lost_time": ({"OHS_03": "0", "OHS_02": "1"}, {}),
    "permit_expires_in_period": ({"ENV_03": "all_valid", "ENV_04": "2025-06-30"}, {}),
    "product_certificate_expires_in_period": ({"PQS_02": "valid_all_types", "PQS_03": "2025-06-30"}, {}),
    "audits_without_supply_chain_map": ({"SCM_02": "40", "TRC_01": "none"}, {}),
}  # fmt: skip


def test_every_shipped_hint_has_a_case() -> None:
    assert sorted(CASES) == sorted(hint.id for hint in SHIPPED.hints)


@pytest.mark.parametrize("name", sorted(CASES))
def test_shipped_hints_stand_when_they_should_and_only_then(name: str) -> None:
    raw, known = CASES[name]
    answers = answered(**raw)
    facts = NOTHING_KNOWN | {n: Decimal(v) if isinstance(v, int) else v for n, v in known.items()}
    path = walk(SHIPPED, ROLES, answers)
    assert name in {hint.id for hint in raised(SHIPPED, path.open, answers, facts)}  # type: ignore[arg-type]
    assert raised(SHIPPED, frozenset(i.code for i in indicators_of(SHIPPED)), {}, NOTHING_KNOWN) == ()
    for code in answers:
        rest = {c: v for c, v in answers.items() if c != code}
        path = walk(SHIPPED, ROLES, rest)
        assert name not in {hint.id for hint in raised(SHIPPED, path.open, rest, facts)}, code  # type: ignore[arg-type]
