"""The newest steps of the schema go down and up again with rows in place, on both databases."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Engine, select

from portal.settings import shipped
from portal.store.assessments import Assessment
from portal.store.deliveries import DeliveryRow
from portal.store.engine import reading, writing
from portal.store.migrating import migrate, unmigrate
from portal.store.site_answers import AssessmentSite, SiteAnswer, SiteAnswerChange
from portal.store.taken_figures import SiteTakenFigure
from tests.make.people import AT, make_member, make_staff, make_supplier
from tests.make.sent import make_round, make_sent


def test_answers_of_sites_outlive_the_steps_after_them(any_engine: Engine) -> None:
    folder = shipped("migrations")
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        user = make_member(session, supplier)
        make_sent(session, supplier, make_round(session, make_staff(session)), user)
        assessment = session.scalars(select(Assessment)).one()
        site = AssessmentSite(
            assessment_id=assessment.id, key="ash", name="Ash", chosen_by_id=user.id, chosen_at=AT, included=False
        )  # fmt: skip
        session.add(site)
        session.flush()
        said = {"site_id": site.id, "indicator": "NRG-01", "value": "1", "version": 1}
        who = {"changed_by_id": user.id, "changed_at": AT}
        session.add_all([SiteAnswer(**said, **who, origin="register"), SiteAnswerChange(**said, **who)])
        session.flush()
        session.add(
            SiteTakenFigure(
                site_id=site.id, indicator="NRG-01", version=1, take="site.electricity", records=[], facts={}
            )
        )
        given = {"supplier_id": supplier.id, "year": 2025, "material": "glass", "unit": "t", "typed": {}}
        entered = {"entered_by_id": user.id, "entered_at": AT}
        was = DeliveryRow(quantity=Decimal("1.1"), ended_at=AT, ended_by_id=user.id, **given, **entered)
        session.add(was)
        session.flush()
        session.add(DeliveryRow(quantity=Decimal("1.2"), replaces_id=was.id, **given, **entered))
        session.commit()
    unmigrate(any_engine, folder, "20261121_17_carried_sites")
    migrate(any_engine, folder)
    with reading(any_engine) as session:
        # every site was taken out again, which is the choice of answering as a whole
        assert [one.as_a_whole for one in session.scalars(select(Assessment))] == [True]
        assert [one.value for one in session.scalars(select(SiteAnswer))] == ["1"]
        assert session.scalars(select(DeliveryRow)).all() == []
