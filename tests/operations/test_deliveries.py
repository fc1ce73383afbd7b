"""Deliveries to the buyer: kept with their history, and the answers that follow from them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.operations.deliveries import (
    KeptYear,
    keep_year,
    mark_of_year,
    read_typed_deliveries,
    read_year,
)
from portal.operations.register_beside import Beside, beside_register
from portal.operations.register_review import sent_beside_register
from portal.operations.scoring import open_case, submitted_case
from portal.operations.submitting import submit_assessment
from portal.operations.taking import Click, take_over
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, latest_submission
from portal.store.carbon import FootprintRow
from portal.store.deliveries import DeliveryRow, deliveries_ended, deliveries_of
from portal.store.engine import writing
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.store.suppliers import Supplier
from portal.store.taken_figures import taken_of
from tests.make.assessments import close_gaps, give, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.register_rows import footprint, inventory

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MATERIALS = ("glass", "aluminium_frame", "steel")


@pytest.fixture
def user(session: Session) -> User:
    return make_member(session, make_supplier(session, roles=("manufacturing",)))


@pytest.fixture
def assessment(session: Session, user: User) -> Assessment:
    supplier = session.scalars(select(Supplier)).one()
    return make_assessment(session, make_round(session, make_staff(session)), supplier)


@pytest.fixture
def lead(session: Session, user: User, assessment: Assessment) -> Actor:
    return actor_of(user, session.get_one(Supplier, assessment.supplier_id))


def row(
    quantity: str, unit: str = "t", product: str = "", material: str = "glass", was: int = 0, **more: str
) -> dict[str, str]:
    given = {"material": material, "product_id": product, "quantity": quantity, "unit": unit}
    return {**given, "stands_for": str(was or ""), **more}


def enter(session: Session, lead: Actor, *rows: dict[str, str], year: int = 2025) -> KeptYear:
    """Let these be the year's deliveries, as the page does after it showed the year."""
    standing = deliveries_of(session, lead.supplier_id or 0, year)
    seen, shown = mark_of_year(standing), {row.id for row in standing}
    taken = read_typed_deliveries(year, rows, MATERIALS)
    done = keep_year(session, lead, given_year=year, taken=taken, seen=seen, shown=shown, now=NOW)
    session.expire_all()
    return done


def beside(session: Session, assessment: Assessment, code: str) -> Beside | None:
    session.expire_all()
    case, answers = open_case(session, assessment), answers_of(session, assessment.id)
    return beside_register(session, case, answers).get((code, None))


def state(session: Session, assessment: Assessment, code: str) -> str:
    one = beside(session, assessment, code)
    return one.state if one else ""


def click(session: Session, lead: Actor, assessment: Assessment, code: str) -> Answer:
    one = beside(session, assessment, code)
    assert one is not None and one.can_take
    seen = Click(code, one.answer.version if one.answer else 0, one.seen)
    return take_over(session, lead, assessment=assessment, click=seen, now=NOW)


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(p.where, p.code) for p in error.value.problems]


def test_a_correction_is_a_new_row_and_the_old_one_says_who_ended_it(
    session: Session, lead: Actor, user: User
) -> None:
    assert enter(session, lead, row("1250.50"), row("3", product="G-1")) == KeptYear(2, 0, 0)
    one, other = deliveries_of(session, lead.supplier_id or 0)
    assert (str(one.quantity), one.typed["quantity"]) == ("1250.50", "1250.50")
    done = enter(session, lead, row("1300", was=one.id), row("3.0", product="G-1", was=other.id))
    assert done == KeptYear(0, 1, 0)  # 3.0 is 3: nothing was corrected there
    (old,) = deliveries_ended(session, lead.supplier_id or 0)
    assert (old.id, old.ended_at, old.ended_by_id, str(old.quantity)) == (one.id, NOW, user.id, "1250.50")
    new, same = deliveries_of(session, lead.supplier_id or 0)
    assert (new.replaces_id, str(new.quantity), same.id) == (one.id, "1300", other.id)
    assert enter(session, lead, row("3", product="G-1", was=same.id)) == KeptYear(0, 0, 1)
    assert enter(session, lead, row("3", product="G-1", was=same.id)) == KeptYear(0, 0, 0)
    assert len(session.scalars(select(DeliveryRow)).all()) == 3
    notes = session.scalars(select(JournalEntry).where(JournalEntry.action == "deliveries.kept")).all()
    assert [(n.details or {})["removed"] for n in notes] == [0, 0, 1]  # saving nothing new is no event


def test_bad_rows_are_named_and_nothing_is_stored(session: Session, lead: Actor) -> None:
    with pytest.raises(Invalid) as error:
        enter(session, lead, row("1,250"), row("", unit=""), row("4", material="gold"), row("5", "kgCO2e"))
    assert codes(error) == [
        ("quantity-1", "row_number_expected"),
        ("quantity-2", "row_missing"),
        ("unit-2", "row_missing"),
        ("material-3", "delivery_material_unknown"),
        ("unit-4", "row_unit_unknown"),
    ]
    with pytest.raises(Invalid) as error:
        enter(session, lead, row("1", product="G 1"), row("2", "kg", product="g1"))
    assert codes(error) == [("quantity-2", "delivery_twice")]
    with pytest.raises(Invalid) as error:
        enter(session, lead, row("1\x07"))
    assert codes(error) == [("quantity-1", "field_unprintable")]
    with pytest.raises(Invalid) as error:
        read_typed_deliveries(2025, [row("1")] * 201, MATERIALS)
    assert codes(error) == [("year", "deliveries_too_many")]
    assert session.scalars(select(DeliveryRow)).all() == []


@pytest.mark.parametrize(
    ("text", "code"), [("", "row_missing"), ("25", "row_year_expected"), ("2027", "delivery_year_ahead")]
)
def test_a_year_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        read_year(text, today=date(2026, 11, 21))
    assert codes(error) == [("year", code)]


def test_of_two_people_who_change_a_year_one_is_told(session: Session, lead: Actor) -> None:
    enter(session, lead, row("1"))
    (one,) = deliveries_of(session, lead.supplier_id or 0)
    seen = mark_of_year([one])
    enter(session, lead, row("2", was=one.id))
    taken = read_typed_deliveries(2025, [row("3", was=one.id)], MATERIALS)
    with pytest.raises(Refused, match="deliveries_changed_meanwhile"):
        keep_year(session, lead, given_year=2025, taken=taken, seen=seen, shown={one.id}, now=LATER)
    assert [str(r.quantity) for r in deliveries_of(session, lead.supplier_id or 0)] == ["2"]


def test_a_row_of_somebody_else_cannot_be_corrected(session: Session, lead: Actor) -> None:
    other = make_supplier(session, "S-002")
    theirs = actor_of(make_member(session, other), other)
    enter(session, theirs, row("7"))
    (foreign,) = deliveries_of(session, other.id)
    with pytest.raises(Refused, match="deliveries_changed_meanwhile"):
        enter(session, lead, row("8", was=foreign.id))
    assert [str(r.quantity) for r in deliveries_of(session, other.id)] == ["7"]
    staff = actor_of(make_staff(session, email="other@buyer.example"))
    with pytest.raises(NotFound):
        keep_year(session, staff, given_year=2025, taken=[], seen=mark_of_year([]), shown=(), now=NOW)


def test_the_database_refuses_the_same_delivery_twice(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        user = make_member(session, supplier)
        given = {"supplier_id": supplier.id, "year": 2025, "material": "glass", "unit": "t", "typed": {}}
        who = {"entered_by_id": user.id, "entered_at": NOW}
        ended = {"ended_at": NOW, "ended_by_id": user.id}
        session.add(DeliveryRow(quantity=Decimal("1.10"), **given, **who, **ended))
        session.add(DeliveryRow(quantity=Decimal("1.2"), **given, **who))
        session.flush()
        session.add(DeliveryRow(quantity=Decimal("3"), **given, **who))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_the_share_covered_is_proposed_taken_and_followed(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    assert state(session, assessment, "PCF-01") == ""
    found = footprint(session, assessment, user, "G-1")
    assert state(session, assessment, "PCF-01") == "told"
    enter(session, lead, row("500", product="G-1"), row("750000", "kg", product="G-2"))
    one = beside(session, assessment, "PCF-01")
    assert one is not None and (one.state, one.proposed) == ("offered", Decimal("40"))
    assert one.facts["register.deliveries_covered"] == "500\u00a0t" and one.entry is not None
    assert (one.facts["register.deliveries_total"], one.entry.note) == ("1250\u00a0t", None)
    assert click(session, lead, assessment, "PCF-01").value == "40"
    kept = deliveries_of(session, assessment.supplier_id)
    records = taken_of(session, assessment.id)["PCF-01"].records
    assert records == [["delivery", kept[0].id], ["delivery", kept[1].id], ["footprint", found.id]]
    enter(
        session, lead, row("1250", product="G-1", was=kept[0].id), row("750", product="G-2", was=kept[1].id)
    )
    assert state(session, assessment, "PCF-01") == "moved"
    assert click(session, lead, assessment, "PCF-01").value == "62.5"
    enter(session, lead)
    assert state(session, assessment, "PCF-01") == "silent"


def test_a_footprint_that_ended_before_the_period_did_covers_nothing(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    old: FootprintRow = footprint(session, assessment, user, "G-1")
    enter(session, lead, row("500", product="G-1"))
    assert beside(session, assessment, "PCF-01").proposed == Decimal(100)  # type: ignore[union-attr]
    old.valid_until = date(2025, 12, 31)
    session.flush()
    assert beside(session, assessment, "PCF-01").proposed == Decimal(100)  # type: ignore[union-attr]
    old.valid_until = date(2025, 12, 30)
    session.flush()
    one = beside(session, assessment, "PCF-01")
    assert one is not None and (one.state, one.proposed) == ("offered", Decimal(0))


def test_a_delivery_without_a_product_counts_by_its_material_and_the_note_says_so(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    footprint(session, assessment, user, "G-1")
    enter(session, lead, row("90"), row("10", material="steel"))
    one = beside(session, assessment, "PCF-01")
    assert one is not None and one.proposed == Decimal(90) and one.entry is not None and one.entry.note
    assert one.facts["register.deliveries_by_material"] == 1


def test_where_units_do_not_add_up_no_share_is_proposed_until_values_are_given(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    footprint(session, assessment, user, "G-1")
    enter(session, lead, row("90", product="G-1"), row("10", "m2", product="G-2"))
    one = beside(session, assessment, "PCF-01")
    assert one is not None and one.state == "told" and one.proposed is None
    assert one.facts["register.deliveries_units"] == "t, m2"
    first, second = deliveries_of(session, assessment.supplier_id)
    money = {"currency": "CNY"}
    enter(
        session,
        lead,
        row("90", product="G-1", was=first.id, value="30", **money),
        row("10", "m2", product="G-2", was=second.id, value="10", **money),
    )
    one = beside(session, assessment, "PCF-01")
    assert one is not None and one.proposed == Decimal(75)
    assert one.facts["register.deliveries_total"] == "40\u00a0CNY"


def test_rows_are_allocated_by_the_share_of_output_in_the_words_of_the_question(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    give(session, lead, assessment, "CDS-01", "scope1_2_site")
    enter(
        session,
        lead,
        row("100", product="G-1"),
        row("25000", "kg", product="G-2"),
        row("50", material="steel"),
    )
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.state == "told"
    assert one.facts == {"register.deliveries_year": 2025}  # deliveries, but no inventory
    kept = inventory(session, assessment, user)  # 120.5 + 60 tCO2e, 500 t
    taken = click(session, lead, assessment, "CDS-08")
    assert taken.value == [
        {
            "material": "glass", "quantity_delivered": "125 t", "allocated_tco2e": "45.125",
            "allocation_method": "mass share", "year": "2025",
        },
        {
            "material": "Steel / 钢材", "quantity_delivered": "50 t", "allocated_tco2e": "18.05",
            "allocation_method": "mass share", "year": "2025",
        },
    ]  # fmt: skip
    trail = taken_of(session, assessment.id)["CDS-08"]
    assert trail.records[0] == ["inventory", kept.id]
    assert sorted(trail.records[1:]) == [
        ["delivery", r.id] for r in sorted(deliveries_of(session, assessment.supplier_id), key=lambda r: r.id)
    ]
    assert trail.facts["register.allocation_scopes"] == "1 + 2"
    kept.scope3_upstream_tco2e = Decimal("19.5")
    session.flush()
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.state == "moved"
    assert one.facts["register.allocation_scopes"] == "1 + 2 + 3.1–3.8"
    assert click(session, lead, assessment, "CDS-08").value[0]["allocated_tco2e"] == "50"


def test_more_than_the_output_is_told_and_not_proposed(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    give(session, lead, assessment, "CDS-01", "scope1_2_site")
    inventory(session, assessment, user)
    enter(session, lead, row("400"), row("101", material="steel"))
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.state == "told" and one.proposed is None
    assert one.facts["register.allocation_share"] == Decimal("100.2")
    assert one.entry is not None
    too_much = one.entry.text
    glass, steel = deliveries_of(session, assessment.supplier_id)
    enter(session, lead, row("400", was=glass.id), row("100.001", material="steel", was=steel.id))
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.entry is not None and one.entry.text == too_much
    assert one.facts["register.allocation_share"] == Decimal("100.01")


def test_a_material_without_a_share_has_no_row_and_the_note_counts_it(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    give(session, lead, assessment, "CDS-01", "scope1_2_site")
    inventory(session, assessment, user)
    enter(session, lead, row("10", "piece", material="steel"))
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.state == "told" and "piece" in str(one.facts["register.deliveries_units"])
    (steel,) = deliveries_of(session, assessment.supplier_id)
    enter(session, lead, row("10", "piece", material="steel", was=steel.id), row("50"))
    one = beside(session, assessment, "CDS-08")
    assert one is not None and one.state == "offered" and one.entry is not None and one.entry.note
    assert one.proposed is not None and len(one.proposed) == 1  # type: ignore[arg-type]
    assert one.facts["register.allocation_left"] == 1


def test_the_period_decides_the_year_and_a_broken_period_says_so(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    footprint(session, assessment, user, "G-1")
    enter(session, lead, row("10", product="G-1"), year=2024)
    assert state(session, assessment, "PCF-01") == "told"  # nothing of 2025
    enter(session, lead, row("10", product="G-1"))
    assert state(session, assessment, "PCF-01") == "offered"
    assessment.round.period_end = date(2026, 3, 31)
    session.flush()
    one = beside(session, assessment, "PCF-01")
    assert one is not None and one.state == "offered" and one.entry is not None and one.entry.note
    assert one.facts["register.deliveries_year"] == 2025


def test_the_buyer_sees_what_was_sent_and_never_what_the_deliveries_say_now(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    footprint(session, assessment, user, "G-1")
    inventory(session, assessment, user)
    give(session, lead, assessment, "CDS-01", "scope1_2_site")
    enter(session, lead, row("10", product="G-1"), row("30", product="G-2"))
    click(session, lead, assessment, "PCF-01")
    given = {"material": "glass", "quantity_delivered": "about 40 t"}
    give(session, lead, assessment, "CDS-08", [given])
    close_gaps(session, lead, assessment, user)
    submit_assessment(session, lead, assessment=assessment, now=LATER)
    first, second = deliveries_of(session, assessment.supplier_id)
    enter(session, lead, row("25", product="G-1", was=first.id), row("30", product="G-2", was=second.id))
    case, sent = submitted_case(session, assessment), latest_submission(session, assessment.id)
    assert case is not None and sent is not None
    seen = sent_beside_register(session, case, sent)
    assert "CDS-08" not in seen  # typed by hand: what the deliveries would say is nobody else's business
    one = seen["PCF-01"]
    assert (one.state, one.now, one.facts, one.entry) == ("sent", None, {}, None)
    assert one.sent is not None and one.sent.facts["register.deliveries_covered"] == "10\u00a0t"
