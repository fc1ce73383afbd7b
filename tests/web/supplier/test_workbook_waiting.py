"""In the browser: a filled workbook waits while the draft moves to another version, or its sites change."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.sites import SitePlace, add_site
from portal.operations.versions import allow_version
from portal.store.assessments import Assessment
from portal.store.site_answers import AssessmentSite, SiteAnswer
from portal.store.workbooks import ImportedAnswer
from tests.conftest import NOW
from tests.make.files import seen
from tests.make.people import actor_of, make_staff
from tests.make.workbooks import filled
from tests.web.supplier.test_workbook import Desk, desk, in_chinese

__all__ = ["desk"]

NEWER = "sustainability/2027.0-draft"


def move(desk: Desk, session: Session) -> None:
    """The buyer opens the newer version for the round, and the lead moves the draft to it."""
    session.get_one(Assessment, desk.assessment.id).round.trial = True
    session.flush()
    manager = actor_of(make_staff(session, email="second@buyer.example"))
    allow_version(session, manager, round_id=desk.assessment.round_id, questionnaire=NEWER, now=NOW)
    session.commit()
    moved = desk.client.post(f"/assessments/{desk.assessment.id}/version", data={"to": NEWER})
    assert moved.status_code == 303


def test_a_draft_that_moved_on_refuses_the_waiting_file(desk: Desk, session: Session) -> None:
    preview = desk.brought(filled(desk.out(), {"GOV-05": "#4", "ZCF-05": "no_offsets"}))
    first = {"take": "ZCF-05", "seen-ZCF-05": "0"}
    assert desk.client.post(f"{preview}/take", data=first).status_code == 303
    move(desk, session)
    page = desk.client.get(preview).text
    why = "was made from the questionnaire sustainability/2026.1; this assessment uses sustainability/2027.0-draft."
    assert why in page and 'name="take"' not in page
    assert "not asked any more" in page, (
        "what was taken before names a question the new version does not know"
    )
    answer = desk.client.post(f"{preview}/take", data={"take": "GOV-05", "seen-GOV-05": "1"})
    assert answer.status_code == 422 and why in answer.text
    assert desk.answers(session)["GOV-05"] == "3"
    in_chinese(desk)
    page = desk.client.get(preview).text
    assert "依据问卷 sustainability/2026.1 生成" in page
    assert "现已不再询问" in page and why not in page
    assert desk.client.post(f"{preview}/set-aside").status_code == 303


@pytest.mark.parametrize(
    "change", ["joined", *(pytest.param(one, marks=pytest.mark.slow) for one in ("left", "whole"))]
)
def test_other_sites_than_on_the_page_refuse_and_show_the_differences_anew(
    desk: Desk, session: Session, change: str
) -> None:
    for name in ("North", "South", "West"):
        add_site(session, actor_of(desk.user, desk.supplier), place=SitePlace(name, "CN"), now=NOW)
    session.commit()
    sites = f"/assessments/{desk.assessment.id}/sites"
    everywhere = {"site": ["north", "south", "west"], "unit": "t"}
    assert desk.client.post(sites, data=everywhere if change == "left" else {"site": ["north", "south"], "unit": "t"}).status_code == 303  # fmt: skip
    ids = {site.name: site.id for site in seen(session, select(AssessmentSite))}
    north, south = f"OHS-02@{ids['North']}", f"OHS-02@{ids['South']}"
    preview = desk.brought(filled(desk.out(), {north: "#2", south: "#3", "GOV-05": "#4"}))
    shown = ",".join(str(number) for number in sorted(ids.values()))
    assert f'name="sites" value="{shown}"' in desk.client.get(preview).text
    after = {
        "joined": everywhere,
        "left": {"site": ["north", "south"], "unit": "t"},
        "whole": {"go": "whole"},
    }[change]
    assert desk.client.post(sites, data=after).status_code == 303
    ticks = {"take": [north, south, "GOV-05"], f"seen-{north}": "0", f"seen-{south}": "0", "seen-GOV-05": "1"}
    answer = desk.client.post(f"{preview}/take", data=ticks | {"sites": shown})
    assert answer.status_code == 409
    assert "The sites of this assessment changed after this page was opened" in answer.text
    told = {
        "joined": "The site “West” joined the assessment",
        "left": "The site “West” is not among the sites",
        "whole": "The site “South” is not among the sites",
    }
    assert told[change] in answer.text
    assert desk.answers(session) == {"GOV-05": "3", "INF-04": "Own words."}
    assert seen(session, select(ImportedAnswer)) == seen(session, select(SiteAnswer)) == []
    in_chinese(desk)
    again = desk.client.post(f"{preview}/take", data=ticks | {"sites": "4711"})
    assert again.status_code == 409 and "打开本页之后，本次评估的厂区有变动" in again.text
    # a page that names no sites was made for the company as a whole
    assert desk.client.post(f"{preview}/take", data=ticks).status_code == (303 if change == "whole" else 409)
