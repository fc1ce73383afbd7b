"""Rounds: open one, move its deadline, add suppliers and invite their leads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.supplier_lists import CHECKS, SupplierRow
from portal.operations.accounts import invite
from portal.operations.journal import note
from portal.operations.short_sets import check_short_set
from portal.operations.suppliers import SupplierFacts, add_supplier
from portal.operations.versions import check_version
from portal.store.assessments import Assessment, Round
from portal.store.people import Invitation, membership_of, people_of, user_by_email
from portal.store.suppliers import Supplier, role_keys, supplier_by_code

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Invited:
    """One supplier added to a round. `token` opens the lead's invitation; None where the lead has an account."""

    supplier: Supplier
    assessment: Assessment
    email: str
    token: str | None
    invitation: Invitation | None


def open_round(
    session: Session,
    actor: Actor,
    *,
    name: str,
    questionnaire: str,
    period_start: date,
    period_end: date,
    deadline_on: date,
    trial: bool = False,
    now: datetime,
) -> Round:
    """Open a round over one questionnaire version, for example ``sustainability/2026.1``. A `trial` round may use a
    draft version; nothing of it is released.

    Raises Invalid with period_reversed, deadline_past, round_name_taken; Refused version_draft_only_trial; NotFound
    for an unknown version.
    """
    check_version(questionnaire, trial=trial)
    problems = []
    if session.scalar(select(Round.id).where(Round.name == name)) is not None:
        problems.append(Problem("round_name_taken", "name", {"name": name}))
    if period_end < period_start:
        problems.append(Problem("period_reversed", "period_end"))
    if deadline_on < now.date():
        problems.append(Problem("deadline_past", "deadline_on", {"day": deadline_on}))
    if problems:
        raise Invalid(problems)
    opened = Round(
        name=name,
        questionnaire=questionnaire,
        period_start=period_start,
        period_end=period_end,
        deadline_on=deadline_on,
        trial=trial,
        opened_by_id=actor.user_id,
        opened_at=now,
    )
    session.add(opened)
    session.flush()
    details = {"questionnaire": questionnaire, "deadline": deadline_on.isoformat()}
    note(session, actor, "round.opened", thing="round", thing_id=opened.id, details=details, now=now)
    return opened


def move_deadline(
    session: Session, actor: Actor, *, round_id: int, deadline_on: date, reason: str, now: datetime
) -> Round:
    """Give a round more time. Raises Invalid: deadline_not_later, deadline_past, reason_missing, reason_long."""
    found = _round(session, round_id)
    problems = []
    if deadline_on <= found.deadline_on:
        values = {"present": found.deadline_on, "day": deadline_on}
        problems.append(Problem("deadline_not_later", "deadline_on", values))
    elif deadline_on < now.date():
        problems.append(Problem("deadline_past", "deadline_on", {"day": deadline_on}))
    if not reason.strip():
        problems.append(Problem("reason_missing", "reason"))
    elif len(reason) > LONGEST_REASON:
        problems.append(Problem("reason_long", "reason", {"most": LONGEST_REASON}))
    if problems:
        raise Invalid(problems)
    details = {
        "from": found.deadline_on.isoformat(),
        "to": deadline_on.isoformat(),
        "reason": reason.strip(),
    }
    found.deadline_on = deadline_on
    session.flush()
    note(session, actor, "round.deadline_moved", thing="round", thing_id=round_id, details=details, now=now)
    return found


def invite_supplier(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    supplier_id: int,
    email: str,
    token: str,
    valid_days: int,
    now: datetime,
    short: bool = False,
) -> Invited:
    """Add a supplier to a round and invite its lead.

    The assessment is pinned to the round's questionnaire and to the supplier's present roles. Where the supplier
    already has a lead with an account (that person, or any when `email` is empty) nobody is invited again.
    `short` asks it the short set only. Raises Refused: short_set_none, supplier_in_round, email_of_staff, lead_missing; Invalid: supplier_email_form.
    """
    found = _round(session, round_id)
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound
    present = session.scalar(
        select(Assessment.id).where(Assessment.round_id == round_id, Assessment.supplier_id == supplier_id)
    )
    if present is not None:
        raise Refused("supplier_in_round", name=supplier.name, round=found.name)
    if short:
        check_short_set(found.questionnaire)
    needed = _lead_to_invite(session, supplier, email)
    assessment = Assessment(
        round_id=round_id,
        supplier_id=supplier_id,
        questionnaire=found.questionnaire,
        roles=list(role_keys(supplier)),
        short=short,
        state="invited",
        state_at=now,
        invited_at=now,
        round=found,
        supplier=supplier,
    )
    session.add(assessment)
    session.flush()
    note(
        session,
        actor,
        "assessment.invited",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=supplier_id,
        to_state="invited",
        details={"round": found.name, **({"short": True} if short else {})},
        now=now,
    )
    if not needed:
        return Invited(supplier, assessment, email, None, None)
    invitation = _lead_link(session, actor, supplier, needed, token, valid_days, now)
    return Invited(supplier, assessment, needed, token, invitation)


def add_listed(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    rows: Sequence[SupplierRow],
    new_token: Callable[[], str],
    valid_days: int,
    now: datetime,
    short: Collection[str] = (),
) -> list[Invited]:
    """Add the suppliers of a list to a round; known codes keep the facts on file, those in the round are skipped.

    `short` names the codes that are asked the short set only.

    All or nothing: the first refusal leaves the transaction to be rolled back by the door.
    """
    _round(session, round_id)
    inside = set(session.scalars(select(Assessment.supplier_id).where(Assessment.round_id == round_id)))
    added = []
    for row in rows:
        supplier = supplier_by_code(session, row.code)
        if supplier is None:
            facts = SupplierFacts(row.code, row.name, row.name_zh, row.country, row.roles, row.materials)
            supplier = add_supplier(session, actor, facts=facts, now=now)
        elif supplier.id in inside:
            continue
        added.append(
            invite_supplier(
                session,
                actor,
                round_id=round_id,
                supplier_id=supplier.id,
                email=row.email,
                token=new_token(),
                valid_days=valid_days,
                now=now,
                short=row.code in short,
            )
        )
    return added


def renew_link(
    session: Session,
    actor: Actor,
    *,
    supplier_id: int,
    email: str,
    token: str,
    valid_days: int,
    now: datetime,
) -> Invitation:
    """A new link for a lead who has not joined; the old one stops working.

    Raises Refused: lead_has_account, email_of_staff; Invalid: supplier_email_form.
    """
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound
    user = user_by_email(session, email)
    if user is not None and membership_of(session, user.id, supplier_id) is not None:
        raise Refused("lead_has_account", email=email)
    _check_email(session, email)
    return _lead_link(session, actor, supplier, email, token, valid_days, now)


def _lead_to_invite(session: Session, supplier: Supplier, email: str) -> str:
    """The address to invite, or an empty text where a lead with an account is there already."""
    leads = [m.user for m in people_of(session, supplier.id) if m.role == "lead"]
    if not email.strip():
        if not leads:
            raise Refused("lead_missing", name=supplier.name)
        return ""
    address = email.strip().lower()
    if any(user.email == address for user in leads):
        return ""
    _check_email(session, address)
    return address


def _check_email(session: Session, email: str) -> None:
    code = CHECKS["email"](email)
    if code:
        raise Invalid([Problem(code, "email", {"column": "email", "found": email})])
    user = user_by_email(session, email)
    if user is not None and user.staff_role:
        raise Refused("email_of_staff", email=email)


def _lead_link(
    session: Session, actor: Actor, supplier: Supplier, email: str, token: str, valid_days: int, now: datetime
) -> Invitation:
    return invite(
        session,
        actor,
        email=email,
        role="lead",
        supplier_id=supplier.id,
        token=token,
        valid_days=valid_days,
        now=now,
    )


def _round(session: Session, round_id: int) -> Round:
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound
    return found
