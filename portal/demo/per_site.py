"""Two invented companies whose plants are not alike: their assessment is answered for three sites."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.exact import decimal_text
from portal.core.questionnaire.model import Indicator, indicators_of, option_of
from portal.core.questionnaire.sites import asked_per_site
from portal.operations.answering import Given, save_site_page
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.scoring import open_case
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.sites import sites_of

# Output of the three sites with its unit; how many questions the last of them still owes.
PER_SITE: dict[str, tuple[tuple[str, ...], str, int]] = {
    "ALU-02": (("42000", "18500", "9800"), "t", 9),
    "CEL-01": (("3200", "1450", "800"), "MWp", 0),
}
# What is taken over from the carbon register at the sites it knows, by code of the company.
FROM_REGISTER = {"ALU-02": ("NRG-01", "NRG-02", "NRG-03")}
# What the third site does less well than the others.
BEHIND = frozenset({"EMW-05", "ZCF-03", "COM-01", "OHS-06"})
SHARES = (Decimal("0.6"), Decimal("0.27"), Decimal("0.13"))
STEPS = (Decimal(0), Decimal(2), Decimal(-3))


def answer_per_site(
    session: Session, lead: Actor, assessment: Assessment, company_code: str, *, now: datetime
) -> None:
    """Choose three sites and answer what is asked of each, from what the company had answered; nothing for others."""
    if company_code not in PER_SITE:
        return
    outputs, unit, owing = PER_SITE[company_code]
    known = sorted(sites_of(session, assessment.supplier_id), key=lambda site: not site.in_electricity)
    chosen = [ChosenSite(site.key, output) for site, output in zip(known, outputs, strict=False)]
    choose_sites(session, lead, assessment=assessment, chosen=chosen, unit=unit, now=now)
    rows = answers_of(session, assessment.id)
    case = open_case(session, assessment)
    assert case.sites is not None
    asked = [i for i in indicators_of(case.questionnaire) if asked_per_site(i) and i.code in rows]
    in_register = {site.key for site in known if site.in_electricity}
    for number, one in enumerate(chosen):
        left = asked[: len(asked) - owing] if number == len(chosen) - 1 else asked
        if one.key in in_register:
            left = [i for i in left if i.code not in FROM_REGISTER.get(company_code, ())]
        given = {i.code: Given(_at(i, rows[i.code].value, number), None, 0) for i in left}
        save_site_page(
            session, lead, assessment=assessment, case=open_case(session, assessment), site_id=case.sites.ids[one.key],
            given=given, now=now + timedelta(minutes=20 * (number + 1)),
        )  # fmt: skip
    differing = {"HRT-01": Given("internal", None, 0)} if owing else {}
    save_site_page(
        session, lead, assessment=assessment, case=open_case(session, assessment), site_id=case.sites.ids[chosen[1].key],
        given=differing, now=now + timedelta(hours=2),
    )  # fmt: skip


def _at(indicator: Indicator, value: Any, number: int) -> Any:
    """The answer of one site: its share of an amount, a little more or less of an average, the same choice."""
    if indicator.kind == "table":
        return value if number == 0 else []
    if indicator.code in BEHIND and number == 2:
        return _one_less(indicator, value)
    if indicator.kind not in {"number", "percentage"} or value is None:
        return value
    whole = Decimal(value)
    if indicator.roll_up == "sum":
        if indicator.whole:
            return value if number == 0 else "0"
        return decimal_text((whole * SHARES[number]).quantize(Decimal("0.1")))
    moved = whole + (STEPS[number] if indicator.roll_up.endswith("weighted_mean") else Decimal(0))
    low = indicator.minimum if indicator.minimum is not None else moved
    high = indicator.maximum if indicator.maximum is not None else moved
    return decimal_text(min(max(moved, low), high))


def _one_less(indicator: Indicator, value: Any) -> Any:
    """The next option with fewer points, the same where there is none."""
    own = option_of(indicator, value) if isinstance(value, str) else None
    less = [option for option in indicator.options if own is not None and option.points < own.points]
    return max(less, key=lambda option: option.points).key if less else value
