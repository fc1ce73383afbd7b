"""Gathers what leaves the portal: the purchasing review of a round, with the same number of queries for any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.commitments import is_overdue
from portal.core.errors import NotFound
from portal.core.lifecycle import is_expired
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Questionnaire, find_indicator, text_in
from portal.core.scoring.roll_up import score
from portal.core.scoring.sheet import METHOD
from portal.files.questionnaires import find_questionnaire
from portal.language import N_, forms, say
from portal.language.reasons import reason_sentence
from portal.language.roll_ups import answer_with_roll_up
from portal.operations.journal import note
from portal.operations.snapshots import read_snapshot
from portal.operations.target_progress import path_rows, progress_of
from portal.reports.purchasing_review import (
    Category1,
    CommitmentRow,
    EmissionRow,
    FlagRow,
    PurchasingReview,
    RankingRow,
    TopicRow,
)
from portal.store.assessments import Decision, Round, StoredSheet, Submission, assessments_in
from portal.store.commitments import Commitment, all_commitments
from portal.store.estimates import Estimate
from portal.store.standings import Standing, standings_of
from portal.store.suppliers import Supplier, material_keys


@dataclass(frozen=True)
class Reader:
    """For whom an export is made: language, the person's name, the organisation, the moment and time zone.

    `state_word` gives the msgid of a state, `material_word` and `method_word` the words for a key in the language.
    """

    locale: str
    name: str
    organisation: str
    now: datetime
    zone: tzinfo
    state_word: Callable[[str], str]
    material_word: Callable[[str], str]
    method_word: Callable[[str], str]

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def purchasing_review(
    session: Session, *, round_id: int, estimate_id: int | None, reader: Reader
) -> PurchasingReview:
    """Everything the purchasing review of a round shows. Raises NotFound for an unknown round or estimate."""
    round_ = session.get(Round, round_id)
    estimate = session.get(Estimate, estimate_id) if estimate_id is not None else None
    if round_ is None or (estimate is None and estimate_id is not None):
        raise NotFound
    questionnaire = find_questionnaire(round_.questionnaire)
    standings = standings_of(session, assessments_in(session, round_id))
    promises = [c for c in all_commitments(session) if c.finding.assessment.round_id == round_id]
    names = {s.code: _name(s, reader.locale) for s in _suppliers(session)} if estimate else {}
    locale = reader.locale
    start, end = (forms.show_date(day, locale) for day in (round_.period_start, round_.period_end))
    ranking = _ranking(standings, promises, estimate, reader)
    return PurchasingReview(
        organisation=reader.organisation,
        round=round_.name,
        period=f"{start} – {end}",
        questionnaire=round_.questionnaire,
        method=METHOD,
        generated_at=reader.now,
        zone=reader.zone,
        generated_by=reader.name,
        ranking=tuple(ranking),
        topics=tuple(_topics(standings, questionnaire, locale)),
        flags=tuple(_flags(session, standings, questionnaire, locale)),
        commitments=tuple(_commitment(c, questionnaire, reader) for c in promises),
        category1=_category1(estimate, names, reader) if estimate else None,
        sources=_sources(ranking, estimate, locale),
        target_path=path_rows(progress_of(session)),
    )


def note_export(
    session: Session,
    actor: Actor,
    *,
    what: str,
    thing: str,
    thing_id: int,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write down that somebody took `what` (review, ranking, scorecard) out of the portal."""
    note(session, actor, f"{what}.exported", thing=thing, thing_id=thing_id, details=details, now=now)


def _suppliers(session: Session) -> Sequence[Any]:
    return session.execute(select(Supplier.code, Supplier.name, Supplier.name_zh)).all()


def _name(supplier: Any, locale: str) -> str:
    return str(supplier.name_zh if locale == "zh" and supplier.name_zh else supplier.name)


def _ranking(
    standings: Sequence[Standing], promises: Sequence[Commitment], estimate: Estimate | None, reader: Reader
) -> list[RankingRow]:
    """By verified score, or the declared one where nothing is verified; equal scores share a rank."""
    tonnes = estimate.summary["by_supplier"] if estimate else {}
    kept: dict[int, int] = {}
    for promise in promises:
        if promise.state != "withdrawn":
            kept[promise.supplier_id] = kept.get(promise.supplier_id, 0) + 1
    ordered = sorted(
        standings, key=lambda s: (_order(s), _name(s.assessment.supplier, reader.locale).casefold())
    )
    rows: list[RankingRow] = []
    totals: list[Decimal | None] = []
    for place, standing in enumerate(ordered, start=1):
        total = _total(standing.verified or standing.declared)
        same = bool(rows) and totals[-1] == total
        rank = None if total is None else rows[-1].rank if same else place
        code = standing.assessment.supplier.code
        found = Decimal(tonnes[code]["tco2e"]) if code in tonnes else None
        rows.append(_ranking_row(standing, rank, kept.get(standing.assessment.supplier_id, 0), found, reader))
        totals.append(total)
    return rows


def _order(standing: Standing) -> tuple[bool, Decimal]:
    total = _total(standing.verified or standing.declared)
    return total is None, -(total or Decimal(0))


def _total(sheet: StoredSheet | None) -> Decimal | None:
    return Decimal(sheet.total) if sheet else None


def _ranking_row(
    standing: Standing, rank: int | None, commitments: int, tonnes: Decimal | None, reader: Reader
) -> RankingRow:
    assessment = standing.assessment
    supplier, sheet = assessment.supplier, standing.verified or standing.declared
    expired = is_expired(assessment.state, assessment.valid_until, reader.today)
    flags = len(sheet.content["red_flags"]) if sheet else 0
    between = "、" if reader.locale == "zh" else ", "
    released = assessment.released_at
    return RankingRow(
        rank=rank,
        supplier_code=supplier.code,
        supplier=_name(supplier, reader.locale),
        materials=between.join(reader.material_word(key) for key in material_keys(supplier)),
        country=supplier.country,
        state=reader.state_word("expired" if expired else assessment.state),
        declared_total=_total(standing.declared),
        declared_grade=standing.declared.grade if standing.declared else "",
        verified_total=_total(standing.verified),
        verified_grade=standing.verified.grade if standing.verified else "",
        red_flags=flags,
        on_hold=flags > 0,
        commitments=commitments,
        released_on=released.astimezone(reader.zone).date() if released else None,
        valid_until=assessment.valid_until,
        tco2e=tonnes,
        short=assessment.short,
    )


def _topics(standings: Sequence[Standing], questionnaire: Questionnaire, locale: str) -> Iterable[TopicRow]:
    for standing in standings:
        if standing.declared is None and standing.verified is None:
            continue
        supplier = standing.assessment.supplier
        for topic in questionnaire.topics:
            yield TopicRow(
                supplier_code=supplier.code,
                supplier=_name(supplier, locale),
                topic_code=topic.code,
                topic=text_in(topic.name, locale),
                weight=Decimal(topic.weight),
                declared=_topic_score(standing.declared, topic.code),
                verified=_topic_score(standing.verified, topic.code),
                short=standing.assessment.short,
            )


def _topic_score(sheet: StoredSheet | None, code: str) -> Decimal | None:
    text = sheet.content["topics"].get(code, {}).get("score") if sheet else None
    return None if text is None else Decimal(text)


def _flags(
    session: Session, standings: Sequence[Standing], questionnaire: Questionnaire, locale: str
) -> Iterable[FlagRow]:
    """Red flags as declared or found in review, with what was sent and why; a declared one that no longer stands
    in the verified sheet was closed with proof. Two queries."""
    flagged = {s.assessment.id: s for s in standings if _flag_codes(s)}
    sent = _newest_submissions(session, list(flagged))
    said = _reviewers_words(session, list(flagged))
    for assessment_id, standing in flagged.items():
        supplier = standing.assessment.supplier
        answers, reasons = _answered(questionnaire, sent.get(assessment_id), locale)
        for code in _flag_codes(standing):
            indicator = find_indicator(questionnaire, code)
            declared_flag = standing.declared is not None and code in standing.declared.content["red_flags"]
            yield FlagRow(
                supplier_code=supplier.code,
                supplier=_name(supplier, locale),
                indicator=code,
                subject=text_in(indicator.subject, locale) if indicator else code,
                answer=answers.get(code, ""),
                reason=reasons.get(code, "") if declared_flag else said.get((assessment_id, code), ""),
                closed=standing.verified is not None and code not in standing.verified.content["red_flags"],
            )


def _flag_codes(standing: Standing) -> list[str]:
    sheets = [sheet for sheet in (standing.declared, standing.verified) if sheet]
    return list(dict.fromkeys(code for sheet in sheets for code in sheet.content["red_flags"]))


def _newest_submissions(session: Session, assessment_ids: list[int]) -> dict[int, Submission]:
    newest = (
        select(func.max(Submission.id))
        .where(Submission.assessment_id.in_(assessment_ids))
        .group_by(Submission.assessment_id)
    )
    rows = session.scalars(select(Submission).where(Submission.id.in_(newest)))
    return {row.assessment_id: row for row in rows}


def _reviewers_words(session: Session, assessment_ids: list[int]) -> dict[tuple[int, str], str]:
    rows = session.execute(
        select(Decision.assessment_id, Decision.indicator, Decision.reason)
        .where(Decision.assessment_id.in_(assessment_ids))
        .order_by(Decision.id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _answered(
    questionnaire: Questionnaire, sent: Submission | None, locale: str
) -> tuple[dict[str, str], dict[str, str]]:
    """What was sent and why it earns what it earns, in words by indicator code."""
    if sent is None:
        return {}, {}
    snapshot = read_snapshot(questionnaire, sent.content)
    answers: dict[str, str] = {}
    for code, value in snapshot.answers.items():
        indicator = find_indicator(questionnaire, code)
        if indicator is not None:
            made = snapshot.per_site.roll_ups.get(code) if snapshot.per_site else None
            shown = show(indicator, value, locale)
            answers[code] = (
                answer_with_roll_up(shown, made, snapshot.per_site.names, locale)
                if snapshot.per_site and made
                else shown
            )
    sheet = score(questionnaire, snapshot.roles, snapshot.answers, short=snapshot.short)
    return answers, {code: reason_sentence(locale, line.reason) for code, line in sheet.lines.items()}


def _commitment(commitment: Commitment, questionnaire: Questionnaire, reader: Reader) -> CommitmentRow:
    code = commitment.finding.indicator
    indicator = find_indicator(questionnaire, code)
    return CommitmentRow(
        supplier_code=commitment.supplier.code,
        supplier=_name(commitment.supplier, reader.locale),
        indicator=code,
        subject=text_in(indicator.subject, reader.locale) if indicator else code,
        action=commitment.action,
        owner=commitment.owner,
        due_on=commitment.due_on,
        state=reader.state_word(commitment.state),
        overdue=is_overdue(commitment.state, commitment.due_on, reader.today),
        effect_points=commitment.effect_points,
        effect_tco2e=commitment.effect_tco2e,
    )


def _category1(estimate: Estimate, names: Mapping[str, str], reader: Reader) -> Category1:
    summary = estimate.summary
    low, high = (Decimal(bound) for bound in summary["interval_95"])
    return Category1(
        run=estimate.run,
        year=estimate.year,
        total_tco2e=Decimal(summary["total_tco2e"]),
        interval=(low, high),
        primary_data_share=Decimal(summary["primary_data_share"]),
        unreached_lines=summary["unreached"]["lines"],
        unreached_spend_usd=Decimal(summary["unreached"]["spend_usd"]),
        by_method=_emissions(summary["by_method"], reader.method_word),
        by_material=_emissions(summary["by_material"], reader.material_word),
        by_supplier=_emissions(
            summary["by_supplier"], lambda code: f"{names[code]} ({code})" if code in names else code
        ),
    )


def _emissions(entries: Mapping[str, Any], word: Callable[[str], str]) -> tuple[EmissionRow, ...]:
    return tuple(
        EmissionRow(
            name=word(key),
            lines=entry["lines"],
            spend_usd=Decimal(entry["spend_usd"]) if "spend_usd" in entry else None,
            tco2e=Decimal(entry["tco2e"]),
        )
        for key, entry in entries.items()
    )


def _sources(
    ranking: Sequence[RankingRow], estimate: Estimate | None, locale: str
) -> tuple[tuple[str, str], ...]:
    declared_only = sum(1 for row in ranking if row.verified_total is None and row.declared_total is not None)
    basis = say(
        locale,
        N_("By verified score; suppliers that have a declared score only (here {count}) are ranked by that."),
        count=declared_only,
    )
    facts = [(N_("Ranked"), basis)]
    if estimate is not None:
        facts += [(name, digest) for name, digest in estimate.summary["inputs"].items()]
    return tuple(facts)
