"""Where each answer stands beside the carbon register: that of the company, or those of the sites where sites answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.questionnaire.facts import Facts, fact_from
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Indicator, RegisterEntry, indicator
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.register_answers import (
    Proposal,
    agrees,
    joined,
    known_per_site,
    proposals,
    told_of_all_sites,
)
from portal.core.questionnaire.sites import Site, asked_per_site
from portal.operations.register_facts import Known, Record, known_for
from portal.operations.register_sites import UNKNOWN
from portal.operations.scoring import Case
from portal.store.answers import Answer
from portal.store.site_answers import AnyAnswer
from portal.store.taken_figures import AnyTaken, taken_at_sites, taken_of


@dataclass(frozen=True)
class Beside:
    """One answer beside the register; with `site_id` that of a site.

    `state`: told (the register only tells something), offered (no answer yet), taken, moved (taken, and the register
    says something else now), silent (taken, and the register says nothing now), same or differs (an answer of another
    origin), sites (each site answers this itself, so there is nothing to take over). `proposed` is what a click would store, `seen` the mark of it; `taken` what the answer rested on when it
    was taken over, with the figures its words named then in `then`. `records` are those behind what the register says now,
    `told` what it has to say of all sites together.
    """

    indicator: Indicator
    state: str
    entry: RegisterEntry | None
    proposed: Value | None
    facts: Facts
    seen: str
    answer: AnyAnswer | None
    taken: AnyTaken | None
    then: Facts
    records: tuple[Record, ...] = ()
    site_id: int | None = None
    site: str = ""
    told: tuple[Proposal, ...] = ()

    @property
    def can_take(self) -> bool:
        return self.state in {"offered", "moved", "same", "differs"}


@dataclass(frozen=True)
class AtSite:
    """What the register says of the answers of one site, by code; `known` is what that rests on."""

    site: Site
    id: int
    proposed: Mapping[str, Proposal]
    known: Known


Key = tuple[str, int | None]


def beside_register(
    session: Session, case: Case, answers: Mapping[str, Answer], known: Known | None = None
) -> dict[Key, Beside]:
    """Where the answers stand beside the register, by code and site id (None for the company), in the questionnaire's
    order and that of the sites; `known` is what it says, where that was read already.

    Nine queries at most, none where the questionnaire takes nothing from the register.
    """
    if not case.questionnaire.register:
        return {}
    known = known or known_for(session, case.assessment)
    proposed = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
    taken = taken_of(session, case.assessment.id)
    at_sites = sites_beside(case, known)
    taken_there = taken_at_sites(session, case.assessment.id) if at_sites else {}
    told = told_of_sites(case, known)
    found: dict[Key, Beside] = {}
    for code in dict.fromkeys(entry.indicator for entry in case.questionnaire.register):
        if code not in case.path.open:
            continue
        if is_per_site(case, code):
            found[code, None] = _of_all_sites(case, code, proposed.get(code), told.get(code, ()), known)
            for one in at_sites:
                beside = _at_site(case, code, one, taken_there.get(one.id, {}).get(code))
                if beside is not None:
                    found[code, one.id] = beside
            continue
        asked, standing = indicator(case.questionnaire, code), case.answers.get(code)
        beside = _beside(asked, proposed.get(code), answers.get(code), standing, taken.get(code), known)
        if beside is not None:
            found[code, None] = beside
    return found


def is_per_site(case: Case, code: str) -> bool:
    """Whether each site gives the answer, so that the group has none of its own."""
    return case.sites is not None and asked_per_site(indicator(case.questionnaire, code))


def sites_beside(case: Case, known: Known, only: int | None = None) -> tuple[AtSite, ...]:
    """What the register says of the answers of each site, or of the one with the id `only`; nothing where the company
    answers as a whole. A site of the assessment is the one of the register with the same name, blanks and case aside."""
    if case.sites is None:
        return ()
    found = []
    for site in case.sites.sites:
        if only is not None and case.sites.ids.get(site.key) != only:
            continue
        own = known.sites.get(site.key)
        here = Known(
            {**known.facts, **_of_sites(case, known), **(own.facts if own else UNKNOWN)},
            own.rows if own else {},
            own.records if own else {},
        )
        open_codes = case.path.open & known_per_site(case.questionnaire)
        said = proposals(case.questionnaire, open_codes, case.answers, here.facts, here.rows, "site")
        found.append(AtSite(site, case.sites.ids.get(site.key, 0), said, here))
    return tuple(found)


def told_of_sites(case: Case, known: Known) -> Mapping[str, tuple[Proposal, ...]]:
    """What is to be said beside the answers of all sites, by code; nothing where the company answers as a whole."""
    if case.sites is None:
        return {}
    facts = {**known.facts, **_of_sites(case, known)}
    return told_of_all_sites(case.questionnaire, case.path.open, case.answers, facts)


def standing_at(case: Case, code: str, site: str) -> Value | None:
    """What the site with this key answers; None where it has no answer."""
    made = case.sites.roll_ups.get(code) if case.sites else None
    parts = made.parts if made else ()
    return next((part.value for part in parts if part.site == site and not part.inherited), None)


def mark_of(asked: Indicator, value: Value) -> str:
    """A short mark of a proposed answer: the same for the same answer only."""
    text = json.dumps([asked.code, to_json(asked, value)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def facts_then(taken: AnyTaken | None) -> Facts:
    """The figures that the words of the register named when the answer was taken over."""
    return {name: fact_from(name, text) for name, text in taken.facts.items()} if taken else {}


def _of_sites(case: Case, known: Known) -> Facts:
    assert case.sites is not None
    left_out = [one.name for key, one in sorted(known.sites.items()) if key not in case.sites.names]
    return {"sites.left_out": Decimal(len(left_out)), "sites.left_out_names": ", ".join(left_out)}


def _of_all_sites(
    case: Case, code: str, proposal: Proposal | None, told: tuple[Proposal, ...], known: Known
) -> Beside:
    """What the register says of the company beside an answer that sites give; where it knows sites too, only a figure
    of all and what is to be told of them."""
    asked = indicator(case.questionnaire, code)
    if code in known_per_site(case.questionnaire) and (proposal is None or proposal.value is None):
        proposal = None
    beside = _beside(asked, proposal, None, case.answers.get(code), None, known) if proposal else None
    if beside is None:
        return Beside(asked, "sites", None, None, {}, "", None, None, {}, told=told)
    state = beside.state if beside.proposed is None else "sites"
    return replace(beside, state=state, told=told)


def _at_site(case: Case, code: str, at: AtSite, taken: AnyTaken | None) -> Beside | None:
    assert case.sites is not None
    asked = indicator(case.questionnaire, code)
    row = next((row for row in case.sites.rows.get(code, ()) if row.site_id == at.id), None)
    standing = standing_at(case, code, at.site.key)
    beside = _beside(asked, at.proposed.get(code), row, standing, taken, at.known)
    return None if beside is None else replace(beside, site_id=at.id, site=at.site.name)


def _beside(
    asked: Indicator,
    proposal: Proposal | None,
    answer: AnyAnswer | None,
    standing: Value | None,
    taken: AnyTaken | None,
    known: Known,
) -> Beside | None:
    given = answer is not None and (answer.value is not None or bool(answer.problem))
    entry = proposal.entry if proposal else None
    value = proposal.value if proposal else None
    if value is None:
        if taken is None and proposal is None:
            return None
        state = "told" if taken is None else "silent"
        shown: Value | None = None
    else:
        assert entry is not None
        shown = joined(entry, value, standing)
        same = standing is not None and agrees(entry, value, standing)
        if taken is not None:
            state = "taken" if standing == shown or (same and asked.kind == "table") else "moved"
        else:
            state = "offered" if not given else "same" if same else "differs"
    return Beside(
        indicator=asked,
        state=state,
        entry=entry,
        proposed=shown,
        facts=proposal.facts if proposal else {},
        seen=mark_of(asked, shown) if shown is not None else "",
        answer=answer,
        taken=taken,
        then=facts_then(taken),
        records=records_behind(proposal, known) if proposal else (),
    )


def records_behind(proposal: Proposal, known: Known) -> tuple[Record, ...]:
    """The records that what the register says rests on: those of the answer, or of the figures its words name."""
    names = (proposal.entry.take,) if proposal.entry.take else tuple(proposal.facts)
    return tuple(dict.fromkeys(record for name in names for record in known.records.get(name, ())))
