"""Page objects for one file behind many answers: the drafts, and the answers of one of them by topic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.core.lifecycle import may_edit
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, text_in
from portal.language.evidence_guidance import guidance_for
from portal.operations.evidence import open_codes
from portal.operations.evidence_facts import counted_sites, remarks_on_row
from portal.operations.scoring import Case, open_case
from portal.store.assessments import Assessment
from portal.store.evidence import Evidence
from portal.store.evidence_links import uses_of_library


@dataclass(frozen=True)
class DraftLine:
    """An assessment whose answers can be changed, and behind how many of them the file stands."""

    id: int
    round_name: str
    state: str
    linked: int


@dataclass(frozen=True)
class AnswerChoice:
    """One answer the file may stand behind. `rule` is required or optional, `kind` the kind of question in words,
    `help` what the indicator itself says of evidence, `others` the other files there; `remarks` what the portal
    would say of this file there. `linked`: it stands there now; `ticked`: its box is to be ticked."""

    code: str
    subject: str
    rule: str
    kind: str
    help: str
    others: tuple[str, ...]
    remarks: tuple[Problem, ...]
    answered: bool
    linked: bool
    ticked: bool


@dataclass(frozen=True)
class TopicChoices:
    """The answers of one topic."""

    code: str
    name: str
    choices: tuple[AnswerChoice, ...]

    @property
    def ticked(self) -> int:
        return sum(1 for one in self.choices if one.ticked)


def draft_lines(session: Session, row: Evidence, drafts: Sequence[Assessment]) -> tuple[DraftLine, ...]:
    """The assessments to choose from. One query."""
    uses = [use.assessment_id for use in uses_of_library(session, row.supplier_id, [row.id]).get(row.id, ())]
    return tuple(DraftLine(one.id, one.round.name, one.state, uses.count(one.id)) for one in drafts)


def topic_choices(
    session: Session,
    row: Evidence,
    assessment: Assessment,
    today: date,
    locale: str,
    ticked: Collection[str] | None = None,
    seen: Collection[str] = (),
) -> tuple[TopicChoices, ...]:
    """The answers of an assessment that may be changed and ask for evidence, or have this file, by topic.

    `ticked` are the codes a person had ticked when those of `seen` had the file; a link a colleague made since is ticked
    too. Without them those behind which the file stands.
    """
    case, again = open_case(session, assessment), open_codes(session, assessment)
    sites = counted_sites(session, assessment)
    found = []
    for topic in case.questionnaire.topics:
        choices = []
        for indicator in topic.indicators:
            linked = any(proof.id == row.id for proof in case.evidence.get(indicator.code, ()))
            if not _offered(case, indicator, again, linked):
                continue
            remarks = remarks_on_row(row, sites, today, indicator, assessment.round)
            since = linked and indicator.code not in seen
            chosen = linked if ticked is None else indicator.code in ticked or since
            choices.append(_choice(case, indicator, row, locale, linked, chosen, remarks))
        if choices:
            found.append(TopicChoices(topic.code, text_in(topic.name, locale), tuple(choices)))
    return tuple(found)


def _offered(case: Case, indicator: Indicator, again: Collection[str], linked: bool) -> bool:
    if not may_edit(case.assessment.state, indicator.code, frozenset(again)):
        return False
    return linked or (indicator.evidence != "none" and indicator.code in case.path.open)


def _choice(
    case: Case,
    indicator: Indicator,
    row: Evidence,
    locale: str,
    linked: bool,
    ticked: bool,
    remarks: tuple[Problem, ...],
) -> AnswerChoice:
    code = indicator.code
    return AnswerChoice(
        code=code,
        subject=text_in(indicator.subject, locale),
        rule=indicator.evidence,
        kind=guidance_for(indicator.nature, locale).name,
        help=text_in(indicator.evidence_help, locale) if indicator.evidence_help else "",
        others=tuple(proof.name for proof in case.evidence.get(code, ()) if proof.id != row.id),
        remarks=remarks,
        answered=code in case.answers,
        linked=linked,
        ticked=ticked,
    )
