"""The inventory frame on both databases: versions instead of overwriting, estimates linked, files all or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.files.vault import Vault, open_vault
from portal.operations.estimates import estimate_ledger
from portal.operations.frame import (
    Statement,
    add_statement,
    open_year,
    read_figure,
    read_statement,
    remove_statement,
    take_back,
    use_estimate,
    write_figure,
)
from portal.operations.frame_import import (
    accept_frame_file,
    add_frame_file,
    discard_frame_file,
    read_frame_file,
)
from portal.operations.keeping import kept_file
from portal.operations.ledgers import load_ledger
from portal.operations.targets import read_target, set_target
from portal.store.engine import writing
from portal.store.frame import Frame, FrameFigure, FrameFile, figures_in_force, history_of, statements_of
from portal.store.journal import JournalEntry
from portal.store.targets import Target, target_versions
from tests.make.people import actor_of, make_staff
from tests.make.purchases import ledger_stream

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
GIVEN = {"value": "1200.50", "unit": "tCO2e", "source": "Meter readings", "note": ""}


@dataclass(frozen=True)
class Desk:
    """A manager over a store and a vault, with the year 2024 opened."""

    session: Session
    actor: Actor
    vault: Vault
    frame: Frame


@pytest.fixture
def desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        actor = actor_of(make_staff(session))
        frame, _new = open_year(session, actor, year=2024, now=NOW)
        yield Desk(session, actor, open_vault(tmp_path / "vault"), frame)


def write(desk: Desk, base: int, item: str = "scope1", **changed: str) -> FrameFigure:
    entry = read_figure(GIVEN | changed, year=desk.frame.year, item=item)
    return write_figure(
        desk.session, desk.actor, frame_id=desk.frame.id, item=item, entry=entry, base=base, now=NOW
    )


def bring(desk: Desk, *rows: str, subject: str = "", source: str = "") -> FrameFile:
    text = "\n".join(["year,item,value,unit,source,note", *rows, ""])
    with kept_file(desk.vault, name="frame.csv", stream=io.BytesIO(text.encode()), limit=10**6) as kept:
        return add_frame_file(desk.session, desk.actor, subject=subject, source=source, kept=kept, now=NOW)


def accept(desk: Desk, row: FrameFile) -> int:
    seen = read_frame_file(desk.session, desk.vault, row).seen
    return accept_frame_file(desk.session, desk.actor, file_id=row.id, seen=seen, vault=desk.vault, now=NOW)[
        1
    ]


def actions(desk: Desk) -> list[str]:
    desk.session.flush()
    return list(desk.session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def test_a_figure_is_never_overwritten_silently(desk: Desk) -> None:
    first = write(desk, 0)
    assert (first.value, first.step, first.typed) == (Decimal("1200.50"), Decimal("0.01"), "1200.50")
    with pytest.raises(Conflict) as lost:
        write(desk, 0, value="9")
    assert isinstance(lost.value.theirs, FrameFigure)
    assert lost.value.theirs.version == 1
    write(desk, 1, value="1.3", unit="ktCO2e")
    history = history_of(desk.session, desk.frame.id, "scope1")
    assert [(row.version, row.typed, row.unit) for row in history] == [
        (2, "1.3", "ktCO2e"),
        (1, "1200.50", "tCO2e"),
    ]
    assert history[0].value == 1300
    assert actions(desk) == ["frame.opened", "frame.figure_written", "frame.figure_written"]


@pytest.mark.parametrize("base", [-1, 1, 5, 2**31])
def test_a_version_nobody_has_seen_is_a_conflict(desk: Desk, base: int) -> None:
    with pytest.raises(Conflict):
        write(desk, base)
    assert history_of(desk.session, desk.frame.id, "scope1") == []


def test_a_figure_taken_back_leaves_its_history(desk: Desk) -> None:
    write(desk, 0)
    with pytest.raises(Invalid):
        take_back(
            desk.session, desk.actor, frame_id=desk.frame.id, item="scope1", reason=" ", base=1, now=NOW
        )
    take_back(
        desk.session, desk.actor, frame_id=desk.frame.id, item="scope1", reason="Wrong site", base=1, now=NOW
    )
    assert figures_in_force(desk.session, [desk.frame.id]) == {desk.frame.id: {}}
    assert [row.version for row in history_of(desk.session, desk.frame.id, "scope1")] == [2, 1]
    with pytest.raises(NotFound):
        take_back(
            desk.session, desk.actor, frame_id=desk.frame.id, item="scope1", reason="x", base=2, now=NOW
        )
    write(desk, 2, value="7")
    assert figures_in_force(desk.session, [desk.frame.id])[desk.frame.id]["scope1"].value == 7


def test_category_1_stays_linked_to_its_estimate(desk: Desk) -> None:
    ledger, _new = load_ledger(
        desk.session, desk.actor, ledger_stream(), name="ledger.csv", vault=desk.vault, now=NOW
    )
    estimate, _new = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=NOW
    )
    figure = use_estimate(
        desk.session, desk.actor, frame_id=desk.frame.id, estimate_id=estimate.id, base=0, now=NOW
    )
    assert figure.value == Decimal(estimate.summary["total_tco2e"])
    assert (figure.origin, figure.estimate_id, figure.step) == ("estimate", estimate.id, 0)
    other, _new = open_year(desk.session, desk.actor, year=2023, now=NOW)
    example, _new = open_year(
        desk.session, desk.actor, year=2024, subject="Somebody", source="Report", now=NOW
    )
    for frame, code in ((other, "frame_estimate_other_year"), (example, "frame_estimate_for_example")):
        with pytest.raises(Refused) as refused:
            use_estimate(
                desk.session, desk.actor, frame_id=frame.id, estimate_id=estimate.id, base=0, now=NOW
            )
        assert refused.value.problem.code == code
    with pytest.raises(NotFound):
        use_estimate(desk.session, desk.actor, frame_id=desk.frame.id, estimate_id=99, base=1, now=NOW)


def test_a_year_is_opened_once(desk: Desk) -> None:
    same, new = open_year(desk.session, desk.actor, year=2024, now=NOW)
    assert (same.id, new) == (desk.frame.id, False)
    for year, subject, source, code in (
        (1989, "", "", "frame_year_odd"),
        (2024, "Somebody", "", "frame_example_needs_source"),
    ):
        with pytest.raises(Refused) as refused:
            open_year(desk.session, desk.actor, year=year, subject=subject, source=source, now=NOW)
        assert refused.value.problem.code == code


def test_a_file_is_taken_over_once_and_makes_no_version_where_nothing_changed(desk: Desk) -> None:
    write(desk, 0)
    rows = (
        "2024,scope1,1200.50,tCO2e,Meter readings,",
        "2024,category_4,17,ktCO2e,Carriers,by sea",
        "2025,production,4.2,GWp,MES,",
    )
    row = bring(desk, *rows)
    assert accept(desk, row) == 2
    figures = figures_in_force(desk.session, [desk.frame.id])[desk.frame.id]
    assert figures["scope1"].version == 1
    assert (figures["category_4"].value, figures["category_4"].cell) == (Decimal(17000), "C3")
    assert figures["category_4"].file_id == row.id
    made = desk.session.scalars(select(Frame).where(Frame.year == 2025)).one()
    assert figures_in_force(desk.session, [made.id])[made.id]["production"].value == 4200
    with pytest.raises(Refused) as refused:
        accept(desk, row)
    assert refused.value.problem.code == "frame_file_decided"
    assert accept(desk, bring(desk, *rows)) == 0


def test_a_file_with_problems_leaves_nothing(desk: Desk) -> None:
    row = bring(
        desk,
        "2024,scope1,5,tCO2e,s,",
        "2024,scope1,6,tCO2e,s,",
        "2024,scope9,6,tCO2e,s,",
        '2024,category_2,"28,4",kg,,',
    )
    found = read_frame_file(desk.session, desk.vault, row)
    assert [(p.code, p.where) for p in found.problems] == [
        ("frame_row_twice", "B3"),
        ("frame_item_unknown", "B4"),
        ("row_missing", "E5"),
        ("row_number_expected", "C5"),
        ("frame_unit_unknown", "D5"),
    ]
    with pytest.raises(Invalid):
        accept(desk, row)
    assert figures_in_force(desk.session, [desk.frame.id])[desk.frame.id] == {}


def test_what_changed_since_it_was_looked_at_is_looked_at_again(desk: Desk) -> None:
    row = bring(desk, "2024,scope1,5,tCO2e,s,")
    seen = read_frame_file(desk.session, desk.vault, row).seen
    write(desk, 0)
    with pytest.raises(Refused) as refused:
        accept_frame_file(desk.session, desk.actor, file_id=row.id, seen=seen, vault=desk.vault, now=NOW)
    assert refused.value.problem.code == "frame_changed_meanwhile"


def test_a_discarded_file_counts_for_nothing(desk: Desk) -> None:
    row = bring(desk, "2024,scope1,5,tCO2e,s,")
    assert discard_frame_file(desk.session, desk.actor, file_id=row.id, now=NOW).state == "discarded"
    with pytest.raises(Refused):
        accept(desk, row)


def test_statements_stand_with_the_year_until_taken_off(desk: Desk) -> None:
    given = {
        "standard": "ISO 14064-3",
        "level": "limited",
        "verifier": "Body",
        "number": "7",
        "issued_on": "2025-05-13",
    }
    facts = read_statement(given, ("scope1", "scope2"), date(2026, 1, 1))
    assert facts == Statement(("scope1", "scope2"), "ISO 14064-3", "limited", "Body", "7", date(2025, 5, 13))
    row = add_statement(desk.session, desk.actor, frame_id=desk.frame.id, statement=facts, kept=None, now=NOW)
    assert [s.id for s in statements_of(desk.session, desk.frame.id)] == [row.id]
    remove_statement(desk.session, desk.actor, frame_id=desk.frame.id, statement_id=row.id, now=NOW)
    assert statements_of(desk.session, desk.frame.id) == []
    with pytest.raises(NotFound):
        remove_statement(desk.session, desk.actor, frame_id=desk.frame.id, statement_id=row.id, now=NOW)
    with pytest.raises(Invalid) as invalid:
        read_statement(
            given | {"level": "", "verifier": " ", "issued_on": "2027-01-01"}, (), date(2026, 1, 1)
        )
    assert sorted(p.where for p in invalid.value.problems) == ["covers", "issued_on", "level", "verifier"]


TARGET = {
    "base_year": "2023", "base_value": "402.60", "target_year": "2034", "reduction": "63.8", "path": "linear", "source": "Board",
    "note": "",
}  # fmt: skip


def test_the_target_is_kept_in_versions(desk: Desk) -> None:
    set_target(desk.session, desk.actor, facts=read_target(TARGET), base=0, now=NOW)
    with pytest.raises(Conflict) as lost:
        set_target(desk.session, desk.actor, facts=read_target(TARGET), base=0, now=NOW)
    assert isinstance(lost.value.theirs, Target)
    later = read_target(TARGET | {"path": "constant_rate", "reduction": "70"})
    set_target(desk.session, desk.actor, facts=later, base=1, now=NOW)
    assert [(t.version, t.reduction, t.base_typed) for t in target_versions(desk.session)] == [
        (2, Decimal(70), "402.60"),
        (1, Decimal("63.8"), "402.60"),
    ]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"target_year": "2023"}, ["target_years_order"]),
        ({"target_year": "2099"}, ["target_far"]),
        ({"reduction": "100.1"}, ["target_reduction_range"]),
        ({"reduction": "100", "path": "constant_rate"}, ["target_rate_whole"]),
        (
            {"base_value": "0", "source": "", "path": "zigzag"},
            ["row_not_above_zero", "row_missing", "target_path_missing"],
        ),
    ],
)
def test_a_target_that_cannot_be_is_refused(changed: dict[str, str], codes: list[str]) -> None:
    with pytest.raises(Invalid) as invalid:
        read_target(TARGET | changed)
    assert [p.code for p in invalid.value.problems] == codes


@pytest.mark.parametrize(
    "changed",
    [{"origin": "guessed"}, {"origin": "estimate"}, {"origin": "imported"}, {"version": 1}, {"frame_id": 99}],
)
def test_impossible_figures_are_refused_by_the_database(desk: Desk, changed: dict[str, object]) -> None:
    write(desk, 0)
    values = {
        "frame_id": desk.frame.id, "item": "scope1", "version": 2, "value": Decimal(1), "step": Decimal(1), "typed": "1",
        "unit": "tCO2e", "origin": "typed", "entered_by_id": desk.actor.user_id, "entered_at": NOW,
    }  # fmt: skip
    desk.session.add(FrameFigure(**(values | changed)))
    with pytest.raises(IntegrityError):
        desk.session.flush()
