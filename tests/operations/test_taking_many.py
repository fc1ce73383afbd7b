"""More rows in the carbon register than a table of the questionnaire holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.register_beside import Beside, beside_register
from portal.operations.scoring import open_case
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.assessments import make_assessment, make_round
from tests.make.people import make_member, make_staff, make_supplier
from tests.make.register_rows import certificate, footprint, use


@pytest.fixture
def user(session: Session) -> User:
    return make_member(session, make_supplier(session, roles=("manufacturing",)))


def beside(session: Session, assessment: Assessment, code: str) -> Beside | None:
    session.expire_all()
    case, answers = open_case(session, assessment), answers_of(session, assessment.id)
    return beside_register(session, case, answers).get((code, None))


def test_more_rows_than_a_table_holds_are_not_cut_off_unseen(session: Session, user: User) -> None:
    supplier = session.scalars(select(Supplier)).one()
    assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
    use(session, assessment, user, "400")
    for number in range(200):
        certificate(session, assessment, user, "1", 1 + 10 * number)
        footprint(session, assessment, user, f"G-{number:03}")
    for code in ("NRG-03", "PCF-02"):
        one = beside(session, assessment, code)
        assert one is not None and len(one.proposed) == 200  # type: ignore[arg-type]
    certificate(session, assessment, user, "1", 9001)
    footprint(session, assessment, user, "G-200")
    for code, count in (("NRG-03", "register.renewable_sources"), ("PCF-02", "register.footprints_valid")):
        told = beside(session, assessment, code)
        assert told is not None and told.state == "told" and told.proposed is None  # it says why
        assert told.facts[count] == 201
