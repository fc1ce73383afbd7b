"""No certificate is used twice: not by two suppliers, not by one, not at the same moment, on either database."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.certificates import read_certificates
from portal.core.errors import NotFound, Refused
from portal.core.problems import Problem
from portal.language.sentences import sentence
from portal.operations.certificates import Claim, enter_certificates, prove_certificate, withdraw_certificate
from portal.store.electricity import Certificate, all_certificates, certificates_of, clashes
from portal.store.engine import reading, writing
from tests.make.people import AT, actor_of, make_member, make_supplier

SAMPLE = {
    "scheme": "irec",
    "serial_from": "0000-0102-4526-4520.000000",
    "serial_to": "0000-0102-4526-4619.999999",
    "mwh": "100",
    "generation_year": "2025",
    "technology": "solar",
    "country": "VN",
    "retired_on": "2026-02-03",
    "retired_for": "Example Glass",
}


def claim(place: str = "A2", **changed: str) -> Claim:
    given = SAMPLE | changed
    value, problems = read_certificates(given, today=date(2026, 11, 21))
    assert problems == [] and value is not None
    return Claim(place, value, {}, given)


def two(session: Session) -> tuple[Actor, Actor]:
    actors = []
    for code in ("GLS-01", "ALU-02"):
        supplier = make_supplier(session, code, name=f"Maker {code} (invented)")
        actors.append(actor_of(make_member(session, supplier), supplier))
    return actors[0], actors[1]


def enter(session: Session, actor: Actor, *claims: Claim) -> tuple[list[Certificate], list[Problem]]:
    return enter_certificates(session, actor, claims=claims, now=AT)


def test_a_second_claim_is_refused_without_a_name_and_staff_see_both(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        first, second = two(session)
        assert enter(session, first, claim())[1] == []
        rows, problems = enter(
            session,
            second,
            claim(serial_from="102-4526-4619.5", serial_to="102-4526-4620.499999", mwh="1"),
        )
        assert rows == [] and [p.code for p in problems] == ["certificate_overlap_foreign"]
        for locale in ("en", "zh"):
            said = sentence(locale, problems[0])
            assert "GLS-01" not in said and "4520" not in said and "2025" not in said
        session.commit()
    with reading(any_engine) as session:
        assert len(all_certificates(session)) == 1
        (clash,) = clashes(session)
        assert (clash.supplier.code, clash.certificate.supplier.code) == ("ALU-02", "GLS-01")
        assert clashes(session, first.supplier_id) == [clash]
        assert certificates_of(session, second.supplier_id or 0) == []


def test_the_same_try_is_noted_once(session: Session) -> None:
    first, second = two(session)
    enter(session, first, claim())
    for _time in range(3):
        enter(session, second, claim())
    assert len(clashes(session)) == 1


def test_one_refused_row_lets_none_of_a_file_in(session: Session) -> None:
    first, second = two(session)
    enter(session, first, claim())
    free = claim("A3", serial_from="1", serial_to="10", mwh="10")
    rows, problems = enter(session, second, claim(), free)
    assert rows == [] and len(problems) == 1
    assert certificates_of(session, second.supplier_id or 0) == []


def test_own_overlaps_name_the_own_entry(session: Session) -> None:
    first, _second = two(session)
    enter(session, first, claim())
    _rows, problems = enter(session, first, claim(generation_year="2024"))
    assert problems[0].code == "certificate_overlap_own"
    assert "0000-0102-4526-4520.000000" in sentence("en", problems[0])
    assert clashes(session) == []


def test_rows_of_one_delivery_may_not_overlap(session: Session) -> None:
    first, _second = two(session)
    _rows, problems = enter(session, first, claim("A2"), claim("A3", serial_to="102-4526-4520", mwh="1"))
    assert {(p.code, p.where) for p in problems} == {("certificate_overlap_file", "A3")}


def test_other_registries_and_series_are_free(session: Session) -> None:
    first, second = two(session)
    enter(session, first, claim())
    rows, problems = enter(
        session, second, claim(scheme="tigr"), claim("A3", serial_from="X4520", serial_to="X4529", mwh="10")
    )
    assert len(rows) == 2 and problems == []


def test_withdrawn_numbers_are_free_again_and_kept_on_record(session: Session) -> None:
    first, second = two(session)
    (row,), _problems = enter(session, first, claim())
    withdraw_certificate(session, first, certificate_id=row.id, now=AT)
    with pytest.raises(Refused):
        withdraw_certificate(session, first, certificate_id=row.id, now=AT)
    assert enter(session, second, claim())[1] == []
    assert len(session.scalars(select(Certificate)).all()) == 2


def test_strangers_touch_nothing(session: Session) -> None:
    first, second = two(session)
    (row,), _problems = enter(session, first, claim())
    with pytest.raises(NotFound):
        withdraw_certificate(session, second, certificate_id=row.id, now=AT)
    with pytest.raises(NotFound):
        prove_certificate(session, first, certificate_id=row.id, evidence_id=999, now=AT)


def test_of_many_at_the_same_moment_one_gets_the_range(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        actors = []
        for number in range(6):
            supplier = make_supplier(session, f"S-{number}", name=f"Maker {number} (invented)")
            actors.append(actor_of(make_member(session, supplier), supplier))
        session.commit()
    start = threading.Barrier(len(actors))
    entered: list[int] = []

    def try_it(actor: Actor, number: int) -> None:
        # ranges of different ends that all hold certificate 100
        mine = claim(serial_from=str(95 + number), serial_to=str(100 + number), mwh="6")
        start.wait()
        with writing(any_engine) as session:
            rows, _problems = enter(session, actor, mine)
            session.commit()
        entered.extend(row.supplier_id for row in rows)

    threads = [threading.Thread(target=try_it, args=(a, n)) for n, a in enumerate(actors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(any_engine) as session:
        assert len(entered) == 1 and len(all_certificates(session)) == 1
        assert len(clashes(session)) == len(actors) - 1
