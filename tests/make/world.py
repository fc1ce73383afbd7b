"""One of everything: two suppliers, people of every role, a released and an open assessment, files, findings, an estimate."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.carbon import footprints_csv, ledger_csv
from portal.demo.companies import company
from portal.demo.filing import LIMIT, file_evidence
from portal.demo.hints import answer_at_odds
from portal.demo.offline import bring_workbook
from portal.demo.reviewing import review_and_release
from portal.demo.sending import answer, send
from portal.operations.accounts import invite
from portal.operations.carbon import add_upload
from portal.operations.commitments import agree, propose, read_proposal, report_progress
from portal.operations.estimates import estimate_ledger
from portal.operations.keeping import kept_file
from portal.operations.ledger_intake import accept
from portal.operations.ledgers import load_ledger
from portal.operations.password_resets import make_reset_link
from portal.operations.rounds import invite_supplier, open_round
from portal.operations.working import Place
from portal.store.assessments import Assessment
from portal.store.commitments import findings_of
from portal.store.engine import writing
from portal.store.jobs import newest_job
from portal.store.people import User
from portal.store.suppliers import Supplier
from portal.web.context import Site
from tests.make.company_register import fill_register
from tests.make.documents import make_documents
from tests.make.factors import OWN_RATES, own_table, upload_table
from tests.make.footprints import keep_footprints, newest_footprint
from tests.make.frames import make_frame
from tests.make.intakes import taken_in, uploaded
from tests.make.pact import as_json, short
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.sharing import share_work

# A moment after the release in the world's story.
LATER = datetime(2026, 11, 11, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """`people` by actor name of the access table, `things` by name → id, code or token for addresses."""

    people: dict[str, User]
    things: dict[str, object]


def make_world(app: Flask) -> World:
    """Build the world in the app's database and commit it."""
    site: Site = app.extensions["upstream"]
    now = site.clock()
    with writing(site.engine) as session:
        people, supplier, things = _people(session)
        manager, lead = actor_of(people["manager"]), actor_of(people["lead"], supplier)
        helper = actor_of(people["contributor"], supplier, "contributor")
        things |= _rounds(session, site, manager, actor_of(people["analyst"]), lead, helper, supplier)
        things |= _promises(session, manager, lead, things)
        things |= fill_register(
            session, site, lead, supplier.code, int(str(things["evidence"])), int(str(things["commitment"]))
        )
        things |= make_documents(session, site, lead)
        invitation = invite(
            session, lead, email="new@glass.example", role="contributor", supplier_id=supplier.id, token="w" * 32,
            valid_days=14, now=now,
        )  # fmt: skip
        staff_invitation = invite(
            session,
            manager,
            email="new@buyer.example",
            role="analyst",
            supplier_id=None,
            token="v" * 32,
            valid_days=14,
            now=now,
        )
        make_reset_link(session, manager, user_id=people["analyst"].id, token="u" * 32, now=now)
        content = io.BytesIO(footprints_csv("GLS-01", 2025) or b"")
        with kept_file(site.vault, name="footprints.csv", stream=content, limit=LIMIT) as kept:
            upload = add_upload(session, lead, kind="footprints", kept=kept, quota=LIMIT, now=now)
        accepted = keep_footprints(session, site.vault, lead, as_json(short()), now=now)
        ledger, _new = load_ledger(
            session, manager, io.BytesIO(ledger_csv(2025)), name="ledger.csv", vault=site.vault, now=now
        )
        estimate, _new = estimate_ledger(
            session, manager, ledger_id=ledger.id, year=2025, vault=site.vault, now=now
        )
        things |= {
            "reset": "u" * 32, "invitation": "w" * 32, "invitation_id": invitation.id, "staff_invitation_id": staff_invitation.id,
            "upload": upload.id, "ledger": ledger.id, "estimate": estimate.id, "line": "PO-2025-00001",
            "footprint": newest_footprint(session, supplier.id), "accepted_upload": accepted.id,
        }  # fmt: skip
        things |= _factors(session, site, manager)
        things |= make_frame(session, site.vault, manager, estimate, now=now)
        session.commit()
    things |= _intakes(site, manager)
    return World(people, things)


def world_of(app: Flask, _session: Session) -> World:
    """The world as content that is prepared once for many tests."""
    return make_world(app)


def _factors(session: Session, site: Site, manager: Actor) -> dict[str, object]:
    """An own table of factors in use, and a file of rates that waits."""
    version = own_table(session, site.vault, manager, now=site.clock())
    waiting = upload_table(session, site.vault, manager, OWN_RATES, now=site.clock(), kind="rates")
    return {
        "factor_version": version.id,
        "factor_table": version.table_id,
        "factor_upload": waiting.id,
        "factor": "OWN-PASTE",
    }


def _intakes(site: Site, manager: Actor) -> dict[str, object]:
    """A ledger made from a mapped file, one with problems on its way in, and one nobody has read yet."""
    place = Place(site.engine, site.vault, site.settings, site.clock)
    plain = (
        "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector,description"
    )
    mapped = taken_in(
        place, manager, f"{plain}\nM-1,2025-3-5,GLS-01,,glass,5,t,,,CN,,\n".encode(), name="mapped.csv"
    )
    wrong = taken_in(
        place, manager, f"{plain}\nM-1,2025-03-05,,,glass,many,t,,,CN,,\n".encode(), name="wrong.csv"
    )
    with writing(site.engine) as session:
        ledger, _new = accept(session, manager, intake_id=mapped.id, now=site.clock())
        waiting = uploaded(session, manager, site.vault, b"a,b\n1,2\n", name="waiting.csv", now=site.clock())
        session.flush()
        job = newest_job(session, waiting, "ledger_read")
        session.commit()
    return {
        "mapped_ledger": ledger.id,
        "intake": wrong.id,
        "asked_intake": waiting,
        "job": job.id if job else 0,
    }


def _people(session: Session) -> tuple[dict[str, User], Supplier, dict[str, object]]:
    supplier = make_supplier(session, "GLS-01")
    foreign = make_supplier(
        session, "ALU-02", name="Vientos Frames (invented)", materials=("aluminium_frame",)
    )
    people = {role: make_staff(session, role) for role in ("analyst", "manager", "admin")}
    people |= {role: make_member(session, supplier, role) for role in ("lead", "contributor")}
    people["other"] = make_member(session, foreign)
    return (
        people,
        supplier,
        {
            "supplier": supplier.id,
            "foreign_supplier": foreign.id,
            "user": people["analyst"].id,
            "colleague": people["contributor"].id,
        },
    )


def _rounds(
    session: Session,
    site: Site,
    manager: Actor,
    analyst: Actor,
    lead: Actor,
    helper: Actor,
    supplier: Supplier,
) -> dict[str, object]:
    now, glass = site.clock(), company("GLS-01")
    last, present = (
        open_round(
            session, manager, name=name, questionnaire="sustainability/2026.1", period_start=date(year, 1, 1),
            period_end=date(year, 12, 31), deadline_on=(now + timedelta(days=30)).date(), now=now - timedelta(days=60),
        )
        for name, year in (("Annual assessment 2024", 2024), ("Annual assessment 2025", 2025))
    )  # fmt: skip
    files = file_evidence(session, site.vault, lead, glass, quota=LIMIT, now=now - timedelta(days=50))

    def invited(round_id: int) -> Assessment:
        return invite_supplier(
            session,
            manager,
            round_id=round_id,
            supplier_id=supplier.id,
            email="",
            token="x" * 32,
            valid_days=14,
            now=now,
        ).assessment

    released, draft = invited(last.id), invited(present.id)
    answer(session, lead, None, released, glass, year=2024, lift=-0.2, now=now - timedelta(days=50))
    send(session, lead, released, files, now=now - timedelta(days=45))
    review_and_release(session, analyst, manager, released, glass, now=now - timedelta(days=20))
    answer(session, lead, None, draft, glass, year=2025, lift=0.0, now=now - timedelta(days=5), share=0.4)
    answer_at_odds(session, lead, draft, glass.code, now=now - timedelta(days=4))
    share_work(session, lead, helper, draft, now=now - timedelta(days=3))
    filled = bring_workbook(
        session, site.vault, lead, draft, settings=site.settings, now=now - timedelta(days=3)
    )
    return {
        "round": present.id, "last_round": last.id, "released": released.id, "draft": draft.id, "evidence": files["GOV"],
        "hint": "green_power_without_certificates", "topic": "GOV", "indicator": "GOV-02", "number": 1,
        "workbook": filled.id,
    }  # fmt: skip


def _promises(session: Session, manager: Actor, lead: Actor, things: dict[str, object]) -> dict[str, object]:
    findings = findings_of(session, lead.supplier_id or 0)
    given = {
        "action": "Close the gap",
        "owner": "EHS",
        "due_on": "2027-03-31",
        "effect_points": "0.1",
        "effect_tco2e": "",
    }
    proposal = read_proposal(given, gain=findings[0].gain, today=date(2026, 11, 1))
    promise = propose(session, lead, finding_id=findings[0].id, proposal=proposal, now=LATER)
    agree(session, manager, commitment_id=promise.id, now=LATER)
    note = report_progress(
        session, lead, commitment_id=promise.id, percent="30", text="", evidence_id=int(str(things["evidence"])),
        now=LATER,
    )  # fmt: skip
    return {"finding": findings[1].id, "commitment": promise.id, "note": note.id}
