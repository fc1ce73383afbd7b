"""A filled workbook waits, and meanwhile the draft is no longer the one its preview was worked out with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.errors import Invalid, Refused
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.moving import move_version
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.operations.versions import allow_version
from portal.operations.workbook_imports import read_workbook, site_ids, take_over
from portal.store.answers import Answer
from portal.store.engine import writing
from portal.store.site_answers import SiteAnswer, chosen_sites
from portal.store.workbooks import ImportedAnswer, WorkbookImport
from tests.make.people import actor_of, make_staff
from tests.make.workbooks import filled
from tests.operations.test_workbook_imports import NOW, Desk, desk_of

NEWER = "sustainability/2027.0-draft"
NAMES = ("North", "South", "West")


@pytest.fixture
def desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        found = desk_of(session, tmp_path)
        for name in NAMES:
            add_site(session, found.lead, place=SitePlace(name, "CN"), now=NOW)
        yield found


def choose(desk: Desk, *names: str) -> dict[str, int]:
    """Answer for these sites, for none as a whole; the sites' numbers by name."""
    chosen = [ChosenSite(name.lower()) for name in names]
    choose_sites(desk.session, desk.lead, assessment=desk.assessment, chosen=chosen, unit="t", now=NOW)
    return {site.name: site.id for site in chosen_sites(desk.session, desk.assessment.id)}


def stored(session: Session) -> list[object]:
    """Everything that answers, or says where an answer is from."""
    return [row for table in (Answer, SiteAnswer, ImportedAnswer) for row in session.scalars(select(table))]


def refused(desk: Desk, row: WorkbookImport, wanted: dict[str, int], sites: frozenset[int]) -> str:
    """The code for which taking over is refused; the preview was made with `sites`."""
    book = read_workbook(desk.session, desk.vault, row, open_case(desk.session, desk.assessment))
    with pytest.raises(Refused) as told:
        take_over(desk.session, desk.lead, row=row, book=book, wanted=wanted, sites_seen=sites, now=NOW)
    return told.value.problem.code


def test_a_draft_that_moves_between_reading_and_storing_takes_nothing(desk: Desk) -> None:
    """The file is read before the lock; whoever moves the draft in between must not be written over."""
    session = desk.session
    row = desk.brought(filled(desk.out(), {"GOV-05": "#4"}))
    book = read_workbook(session, desk.vault, row, open_case(session, desk.assessment))
    desk.assessment.round.trial = True
    session.flush()
    manager = actor_of(make_staff(session, email="second@buyer.example"))
    allow_version(session, manager, round_id=desk.assessment.round_id, questionnaire=NEWER, now=NOW)
    move_version(session, desk.lead, assessment=desk.assessment, to=NEWER, now=NOW)
    with pytest.raises(Invalid) as told:
        take_over(session, desk.lead, row=row, book=book, wanted={"GOV-05": 0}, sites_seen=(), now=NOW)
    assert [problem.code for problem in told.value.problems] == ["workbook_other_version"]
    assert stored(session) == [] and row.state == "waiting"


def test_sites_that_change_after_the_preview_take_nothing(desk: Desk) -> None:
    session = desk.session
    ids = choose(desk, "North", "South")
    seen = site_ids(open_case(session, desk.assessment))
    north, south = f"OHS-02@{ids['North']}", f"OHS-02@{ids['South']}"
    row = desk.brought(filled(desk.out(), {north: "#2", south: "#3", "GOV-05": "#4"}))
    wanted = {north: 0, south: 0, "GOV-05": 0}
    for now_in in (("North", "South", "West"), ("North", "West"), ()):
        choose(desk, *now_in)
        assert refused(desk, row, wanted, seen) == "workbook_sites_changed"
        assert stored(session) == [] and row.state == "waiting"
    # back at the sites that were seen, and with the preview made anew, it goes on
    choose(desk, "North", "South")
    book = read_workbook(session, desk.vault, row, open_case(session, desk.assessment))
    done = take_over(session, desk.lead, row=row, book=book, wanted=wanted, sites_seen=seen, now=NOW)
    assert set(done.stored) == set(wanted)


def test_sites_chosen_for_the_first_time_after_the_preview_take_nothing(desk: Desk) -> None:
    row = desk.brought(filled(desk.out(), {"OHS-02": "#3", "GOV-05": "#4"}))
    seen = site_ids(open_case(desk.session, desk.assessment))
    assert seen == frozenset()
    choose(desk, "North", "South")
    assert refused(desk, row, {"OHS-02": 0, "GOV-05": 0}, seen) == "workbook_sites_changed"
    assert stored(desk.session) == []
