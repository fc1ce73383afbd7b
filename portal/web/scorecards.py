"""Gathers the scorecard of one released or reviewed assessment, for the supplier's and the buyer's door alike."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.core.commitments import is_overdue
from portal.core.errors import NotFound
from portal.core.exact import decimal_of, decimal_text, rounded
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Indicator, find_indicator, text_in
from portal.core.scoring.roll_up import is_red_flag
from portal.core.scoring.sheet import ScoreSheet
from portal.language import N_, forms, say
from portal.language.reasons import reason_sentence
from portal.operations.judging import Review, open_review
from portal.reports.scorecard import (
    CommitmentPart,
    FootprintPart,
    IndicatorLine,
    InventoryPart,
    RedFlag,
    Result,
    Scorecard,
    TopicPart,
)
from portal.store.assessments import Assessment
from portal.store.carbon import footprints_in_force, inventories_in_force
from portal.store.commitments import findings_of
from portal.store.suppliers import Supplier, material_keys, role_keys
from portal.web.site_words import answer_with_sites
from portal.web.words import STATE_WORDS, material_word, role_word


def scorecard_of(
    session: Session,
    assessment: Assessment,
    *,
    locale: str,
    organisation: str,
    zone: tzinfo,
    now: datetime,
    by: str,
) -> Scorecard:
    """Everything on the scorecard of one assessment, in the reader's language. Raises NotFound before it was sent.

    The caller decides who may see it: to the supplier only from release on.
    """
    review = open_review(session, assessment)
    if review is None:
        raise NotFound
    supplier, round_ = assessment.supplier, assessment.round
    today = now.astimezone(zone).date()
    return Scorecard(
        organisation=organisation,
        supplier=supplier.name_zh if locale == "zh" and supplier.name_zh else supplier.name,
        supplier_code=supplier.code,
        profile=(*_profile(supplier, locale), *_set_of(review.declared, locale)),
        round=round_.name,
        period=f"{forms.show_date(round_.period_start, locale)} – {forms.show_date(round_.period_end, locale)}",
        questionnaire=review.declared.questionnaire,
        method=review.declared.method,
        generated_at=now,
        zone=zone,
        generated_by=by,
        released_on=assessment.released_at.astimezone(zone).date() if assessment.released_at else None,
        valid_until=assessment.valid_until,
        declared=_result(review.declared),
        verified=_result(review.verified),
        capped_by_red_flag=review.verified.capped_by_red_flag,
        topics=_topics(review, locale),
        red_flags=_flags(review, locale),
        commitments=_commitments(session, assessment, today),
        footprints=_footprints(session, supplier.id, locale),
        inventories=_inventories(session, supplier.id),
    )


def _profile(supplier: Supplier, locale: str) -> tuple[tuple[str, str], ...]:
    between = "、" if locale == "zh" else ", "
    return (
        (N_("Country"), supplier.country),
        (N_("Roles"), between.join(role_word(locale, key) for key in role_keys(supplier))),
        (N_("Materials"), between.join(material_word(locale, key) for key in material_keys(supplier))),
    )


def _set_of(sheet: ScoreSheet, locale: str) -> tuple[tuple[str, str], ...]:
    if not sheet.short:
        return ()
    return (
        (
            N_("Set of questions"),
            say(locale, N_("Short set: gating questions and those of the highest weight")),
        ),
    )


def _result(sheet: ScoreSheet) -> Result:
    return Result(rounded(sheet.total, 2), sheet.grade)


def _score(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, 2)


def _points(value: Fraction | None) -> Decimal | None:
    return None if value is None else decimal_of(value)


def _topics(review: Review, locale: str) -> tuple[TopicPart, ...]:
    return tuple(
        TopicPart(
            code=topic.code,
            name=text_in(topic.name, locale),
            weight=_score(review.verified.topics[topic.code].weight_effective) or Decimal(0),
            declared=_score(review.declared.topics[topic.code].score),
            verified=_score(review.verified.topics[topic.code].score),
            indicators=tuple(_line(review, indicator, locale) for indicator in topic.indicators),
        )
        for topic in review.case.questionnaire.topics
    )


def _line(review: Review, indicator: Indicator, locale: str) -> IndicatorLine:
    code = indicator.code
    declared, verified = review.declared.lines[code], review.verified.lines[code]
    value = review.case.answers.get(code)
    in_play = declared.state != "not_applicable"
    return IndicatorLine(
        code=code,
        subject=text_in(indicator.subject, locale),
        answer=answer_with_sites(review.case, code, show(indicator, value, locale), locale)
        if value is not None and in_play
        else "",
        state=verified.state,
        weight=declared.weight,
        declared=_points(declared.points),
        verified=_points(verified.points),
        reason=reason_sentence(locale, declared.reason),
        reviewer_words=reason_sentence(locale, verified.reason) if verified.reason != declared.reason else "",
        red_flag=code in review.verified.red_flags,
    )


def _flags(review: Review, locale: str) -> tuple[RedFlag, ...]:
    """Red flags that stand, and those a reviewer closed with proof."""
    found = []
    for code, line in review.verified.lines.items():
        closed = line.judged == "flag_closed"
        if closed or is_red_flag(line):
            indicator = find_indicator(review.case.questionnaire, code)
            assert indicator is not None
            words = reason_sentence(locale, line.reason)
            found.append(RedFlag(code, text_in(indicator.subject, locale), words, closed))
    return tuple(found)


def _commitments(session: Session, assessment: Assessment, today: date) -> tuple[CommitmentPart, ...]:
    return tuple(
        CommitmentPart(
            code=finding.indicator,
            action=one.action,
            owner=one.owner,
            due_on=one.due_on,
            state=STATE_WORDS[one.state],
            overdue=is_overdue(one.state, one.due_on, today),
            effect_points=one.effect_points,
            effect_tco2e=one.effect_tco2e,
        )
        for finding in findings_of(session, assessment.supplier_id)
        if finding.assessment_id == assessment.id
        for one in finding.commitments
        if one.state != "withdrawn"
    )


def _footprints(session: Session, supplier_id: int, locale: str) -> tuple[FootprintPart, ...]:
    return tuple(
        FootprintPart(
            product=row.product_id,
            material=material_word(locale, row.material),
            kgco2e=row.pcf_kgco2e,
            per=f"{decimal_text(row.declared_amount)} {row.declared_unit}",
            period=f"{forms.show_date(row.period_start, locale)} – {forms.show_date(row.period_end, locale)}",
            valid_until=row.valid_until,
            verified=row.verified,
        )
        for row in footprints_in_force(session, supplier_id)
    )


def _inventories(session: Session, supplier_id: int) -> tuple[InventoryPart, ...]:
    return tuple(
        InventoryPart(
            year=row.year,
            scope1=row.scope1_tco2e,
            scope2_location=row.scope2_location_tco2e,
            scope2_market=row.scope2_market_tco2e,
            scope3_upstream=row.scope3_upstream_tco2e,
            verified=row.verified,
        )
        for row in inventories_in_force(session, supplier_id)
    )
