"""What the company had answered as a whole, entered at the sites that have no answer of their own: to be confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.sites import company_answer_fits
from portal.operations.answering import begin
from portal.operations.carrying import DRAFT
from portal.operations.journal import note
from portal.operations.scoring import Case, open_case
from portal.operations.shelves import add_carried, site_shelf
from portal.operations.sites_of_case import says_something
from portal.store.assessments import Assessment, hold
from portal.store.carrying import CarriedSiteAnswer


@dataclass(frozen=True)
class Filled:
    """What was entered: the codes in the questionnaire's order, and how many answers of sites that were."""

    codes: tuple[str, ...]
    answers: int


def fillable(case: Case) -> dict[str, tuple[int, ...]]:
    """The sites (row ids) without an answer, by each open question the company had answered and sites answer now.

    Nothing where the assessment is no draft, and never an amount or a table that is added up over sites: the company's
    total at each of three sites would count three times.
    """
    if case.sites is None or case.assessment.state not in DRAFT:
        return {}
    found = {}
    for code in case.sites.group:
        one = find_indicator(case.questionnaire, code)
        if one is None or code not in case.path.open or not company_answer_fits(one):
            continue
        own = {row.site_id for row in case.sites.rows.get(code, ()) if says_something(row)}
        if without := tuple(number for number in case.sites.ids.values() if number not in own):
            found[code] = without
    return found


def fill_sites(
    session: Session, actor: Actor, *, assessment: Assessment, codes: Collection[str], now: datetime
) -> Filled:
    """Enter the company's answer to each of `codes` at every site without one, carried and to be confirmed. What a
    site answered, readable or not, stays. Questions that open by it are filled as well; filling twice is filling once.

    Raises Refused: fill_draft_only, locked_<state>.
    """
    hold(session, assessment)
    if assessment.state == "returned":
        raise Refused("fill_draft_only")
    if assessment.state not in DRAFT:
        raise Refused(f"locked_{assessment.state}")
    done: dict[str, int] = {}
    case = open_case(session, assessment)
    while todo := {code: ids for code, ids in fillable(case).items() if code in codes and code not in done}:
        for code, ids in todo.items():
            done[code] = _fill(session, actor, case, code, ids, now)
        session.flush()
        session.expire_all()
        case = open_case(session, assessment)
    filled = Filled(tuple(code for code, count in done.items() if count), sum(done.values()))
    if filled.codes:
        begin(session, actor, assessment, now)
        note(
            session,
            actor,
            "answers.filled",
            thing="assessment",
            thing_id=assessment.id,
            supplier_id=assessment.supplier_id,
            details={"indicators": list(filled.codes)},
            now=now,
        )
        session.flush()
    return filled


def _fill(
    session: Session, actor: Actor, case: Case, code: str, site_ids: Collection[int], now: datetime
) -> int:
    one = find_indicator(case.questionnaire, code)
    assert one is not None and case.sites is not None
    value = case.sites.group[code]
    cleared = {row.site_id: row.version for row in case.sites.rows.get(code, ())}
    return sum(
        add_carried(session, actor, site_shelf(number), one, value, now, cleared.get(number, 0))
        for number in site_ids
    )


def filled_from_company(
    case: Case, carried: Mapping[tuple[str, str], CarriedSiteAnswer]
) -> frozenset[tuple[int, str]]:
    """The answers of sites, by site id and code, that are the company's and not from an earlier assessment of the site;
    `carried` is what became of the earlier answers of sites."""
    if case.sites is None:
        return frozenset()
    keys = {number: key for key, number in case.sites.ids.items()}
    earlier = {place for place, row in carried.items() if row.outcome == "carried"}
    return frozenset(
        (row.site_id, code)
        for code, rows in case.sites.rows.items()
        for row in rows
        if row.origin == "carried" and row.value is not None and (keys[row.site_id], code) not in earlier
    )
