"""Contradiction hints of an assessment: which stand, what the supplier wrote to them, and what of it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.problems import Problem
from portal.core.questionnaire.facts import Facts
from portal.core.questionnaire.hints import facts_used, hint_text, raised
from portal.core.questionnaire.model import Hint
from portal.core.questionnaire.reading import unprintable
from portal.operations.journal import note
from portal.operations.register_facts import Known, known_for
from portal.operations.scoring import Case
from portal.operations.snapshots import SentHint
from portal.store.assessments import hold
from portal.store.hints import HintExplanation, explanations_of

LONGEST = 1000
FEWEST_LETTERS = 3


@dataclass(frozen=True)
class RaisedHint:
    """A hint that stands now, with the facts it rests on and the explanation in force, if any."""

    hint: Hint
    facts: Facts
    explanation: HintExplanation | None


def raised_hints(session: Session, case: Case, known: Known | None = None) -> tuple[RaisedHint, ...]:
    """The hints of the case's answers and the register as they stand now; `known` is what the register says, where it was read already. Ten queries at most, one with
    `known`."""
    assessment = case.assessment
    if not case.questionnaire.hints:
        return ()
    facts = (known or known_for(session, assessment)).facts
    found = raised(case.questionnaire, case.path.open, case.answers, facts)
    written = explanations_of(session, assessment.id)
    return tuple(
        RaisedHint(hint, {n: facts[n] for n in sorted(facts_used(hint)) if n in facts}, written.get(hint.id))
        for hint in found
    )


def raised_hint(session: Session, case: Case, hint_id: str) -> RaisedHint:
    """One hint that the questionnaire knows. Raises NotFound; Refused("hint_gone") where it does not stand now."""
    if all(hint.id != hint_id for hint in case.questionnaire.hints):
        raise NotFound
    found = next((one for one in raised_hints(session, case) if one.hint.id == hint_id), None)
    if found is None:
        raise Refused("hint_gone")
    return found


def explain_hint(
    session: Session, actor: Actor, *, case: Case, hint_id: str, text: str, base: int, now: datetime
) -> HintExplanation:
    """Keep what the supplier writes to a hint; `base` is the number of the explanation the person saw, 0 for none.

    The same text again changes nothing. Raises NotFound, Refused (hint_gone, locked_…), Conflict (mine: the text,
    theirs: the explanation saved meanwhile), Invalid (explanation_missing, …_wordless, …_too_long, text_unprintable)
    at the field "text".
    """
    assessment = case.assessment
    hold(session, assessment)
    if assessment.state not in EDITABLE:
        raise Refused(f"locked_{assessment.state}")
    stands = raised_hint(session, case, hint_id).explanation
    written = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    problem = _judge(written)
    if problem is not None:
        raise Invalid([problem])
    if stands is not None and stands.text == written:
        return stands
    if (stands.number if stands else 0) != base:
        raise Conflict(mine=written, theirs=stands)
    row = HintExplanation(
        assessment_id=assessment.id,
        hint=hint_id,
        number=base + 1,
        text=written,
        explained_by_id=actor.user_id,
        explained_at=now,
    )
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "hint.explained",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details={"hint": hint_id, "number": row.number},
        now=now,
    )
    return row


def _judge(text: str) -> Problem | None:
    if not text:
        return Problem("explanation_missing", "text")
    if len(text) > LONGEST:
        return Problem("explanation_too_long", "text", {"length": len(text), "most": LONGEST})
    if unprintable(text):
        return Problem("text_unprintable", "text")
    if sum(1 for sign in text if sign.isalpha()) < FEWEST_LETTERS:
        return Problem("explanation_wordless", "text")
    return None


def hints_to_send(hints: tuple[RaisedHint, ...]) -> tuple[SentHint, ...]:
    """Raised hints as a submission keeps them."""
    return tuple(
        SentHint(
            id=one.hint.id,
            facts=one.facts,
            explanation=one.explanation.text if one.explanation else "",
            explained_by=one.explanation.explained_by.name if one.explanation else "",
            explained_at=one.explanation.explained_at if one.explanation else None,
        )
        for one in hints
    )


def sent_hint_texts(case: Case, hints: tuple[SentHint, ...], locale: str) -> Mapping[str, str]:
    """What each hint of a submission said when it was sent, by id; a hint its questionnaire no longer has is left out."""
    known = {hint.id: hint for hint in case.questionnaire.hints}
    return {
        one.id: hint_text(case.questionnaire, known[one.id], case.answers, one.facts, locale)
        for one in hints
        if one.id in known
    }
