"""Every page that can be opened with a GET, with the ids a person would meet on the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import indicators_of
from portal.files.questionnaires import find_questionnaire
from portal.operations.hints import raised_hints
from portal.operations.scoring import open_case
from portal.store.assessments import Assessment, Round, Submission
from portal.store.carbon import CarbonUpload, FootprintRow, InventoryRow
from portal.store.commitments import Commitment, CommitmentNote, Finding
from portal.store.electricity import Certificate, ElectricityUpload
from portal.store.estimates import Estimate, Ledger
from portal.store.evidence import Evidence, versions_of
from portal.store.evidence_links import EvidenceLink
from portal.store.factors import FactorUpload, FactorVersion
from portal.store.frame import Frame, FrameFile, FrameStatement
from portal.store.ledgers import waiting_intakes
from portal.store.measures import Measure
from portal.store.people import Membership, User
from portal.store.suppliers import Supplier
from portal.store.targets import WhatIf
from portal.store.together import threads_of
from portal.store.workbooks import workbook_imports_of

# Parts of pages fetched by a page's own scripts, and files for saving: not pages of their own.
FRAGMENTS = frozenset({"supplier.answering.question"})
FILE_ENDINGS = (".csv", ".xlsx", ".pdf", ".json", ".parquet", ".zip", "/file")
FILES = frozenset(
    {
        "staff.carbon_registers.file",
        "staff.company_register.file",
        "staff.company_register.evidence",
        "staff.review.evidence",
        "staff.commitments.proof",
        "staff.frame.proof",
        "staff.ledgers.original",
    }
)
# Links with a secret in their address: their own journeys open them.
SECRET = frozenset({"account.entering.invitation", "account.resetting.choosing"})
ADMINISTRATORS = ("staff.people.", "staff.people_access.")
NO_PAGES = frozenset({"static", "bootstrap.static", "account.entering.start", "account.entering.sign_in"})

# Lines of the demo's ledger: one with a footprint behind it, one that no method reaches.
# Those of the year before, then those of last year.
DEMO_LINES = (("00120", "00326"), ("00120", "00352"))

Values = Mapping[str, object]


@dataclass(frozen=True)
class Address:
    """One page or file: endpoint, address, and whether a browser shows it as a page."""

    endpoint: str
    url: str
    is_page: bool


def supplier_addresses(app: Flask, session: Session, supplier_id: int) -> list[Address]:
    """All that a lead of this supplier can open."""
    return _addresses(app, "supplier.", _supplier_places(session, supplier_id))


def staff_addresses(app: Flask, session: Session) -> list[Address]:
    """All that a manager can open: what belongs to the buyer's own people is the administrator's."""
    found = _addresses(app, "staff.", _staff_places(session))
    return [address for address in found if not address.endpoint.startswith(ADMINISTRATORS)]


def administrator_addresses(app: Flask, session: Session) -> list[Address]:
    """What an administrator can open beyond a manager."""
    found = _addresses(app, "staff.", _staff_places(session))
    return [address for address in found if address.endpoint.startswith(ADMINISTRATORS)]


def _addresses(app: Flask, audience: str, places: Mapping[str, list[Values]]) -> list[Address]:
    found = []
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            wanted = rule.endpoint.startswith((audience, "account.")) and "GET" in (rule.methods or ())
            if not wanted or rule.endpoint in NO_PAGES | SECRET:
                continue
            if rule.arguments and rule.endpoint not in places:
                raise AssertionError(f"{rule.endpoint} is new: say in addresses.py with which ids to open it")
            for values in places.get(rule.endpoint, [{}]):
                url = app.url_for(rule.endpoint, **values)
                found.append(Address(rule.endpoint, url, _is_page(rule.endpoint, url)))
    return found


def _is_page(endpoint: str, url: str) -> bool:
    return endpoint not in FRAGMENTS | FILES and not url.partition("?")[0].endswith(FILE_ENDINGS)


def _supplier_places(session: Session, supplier_id: int) -> dict[str, list[Values]]:
    def ids(table: type[object], name: str) -> list[Values]:
        rows = session.scalars(select(table).where(table.supplier_id == supplier_id))  # type: ignore[attr-defined]
        return [{name: row.id} for row in rows]

    assessments = list(session.scalars(select(Assessment).where(Assessment.supplier_id == supplier_id)))
    each = [{"assessment_id": a.id} for a in assessments]
    sent = [a for a in assessments if a.submitted_at is not None]
    released = [{"assessment_id": a.id} for a in assessments if a.state == "released"]
    drafts = [a for a in assessments if a.state in ("invited", "in_progress", "returned")]
    questionnaire = find_questionnaire(assessments[0].questionnaire)
    one_per_kind = {i.kind: i.code for i in indicators_of(questionnaire)}
    # A returned assessment shows most topics as they were sent: a few stand for all.
    shown = {a.id: questionnaire.topics[:: 6 if a.state == "returned" else 1] for a in drafts}
    topics = [{"assessment_id": number, "topic": t.code} for number in shown for t in shown[number]]
    topics += [values | {"topic": "NRG"} for values in released]
    topics += [{"assessment_id": a.id, "topic": "NRG", "both": "1"} for a in drafts[:1]]
    receipts = [
        {"assessment_id": s.assessment_id, "number": s.number}
        for s in session.scalars(select(Submission).where(Submission.assessment_id.in_([a.id for a in sent])))
    ]
    commitments = ids(Commitment, "commitment_id")
    free = [v for v in ids(Finding, "finding_id") if v["finding_id"] not in _taken(session, supplier_id)]
    uploads = ids(CarbonUpload, "upload_id")
    evidence = ids(Evidence, "evidence_id")
    replaced = [{"evidence_id": older} for older in versions_of(session, supplier_id).newer][:1]
    workbooks = [
        {"assessment_id": row.assessment_id, "import_id": row.id}
        for a in assessments
        for row in workbook_imports_of(session, a.id)
    ]
    templates = [{"kind": k, "file_format": f} for k in ("footprints", "inventory") for f in ("xlsx", "csv")]
    return {
        "supplier.hub.assessment": each,
        "supplier.hub.score": each,
        "supplier.hub.scorecard": released,
        "supplier.carrying.confirming": each,
        "supplier.carrying.starting": each,
        "supplier.carrying.moving": each,
        "supplier.carrying.changes": each,
        "supplier.sending.check": each,
        "supplier.explaining.ledger": each,
        "supplier.explaining.steps": each,
        "supplier.explaining.hint": [
            {"assessment_id": a.id, "hint_id": one.hint.id}
            for a in drafts
            for one in raised_hints(session, open_case(session, a))
        ],
        "supplier.trying.what_if": each,
        "supplier.assigning.plan": each,
        "supplier.per_site.choose": each,
        "supplier.assigning.topic": [{"assessment_id": a.id, "topic": "NRG"} for a in drafts],
        "supplier.looking.topic": [{"assessment_id": a.id, "topic": "NRG"} for a in drafts],
        "supplier.notes.threads": each,
        "supplier.notes.thread": [
            {"assessment_id": a.id, "code": code}
            for a in drafts
            for code in {*threads_of(session, a.id), "NRG-01"}
        ],
        "supplier.yours.yours": each,
        "supplier.take_away.overview": each,
        "supplier.bringing.form": each,
        "supplier.bringing.preview": each,
        "supplier.take_away.answers": each[:1],
        "supplier.take_away.workbook": each[:1],
        "supplier.take_away.references": [v | {"form": form} for v in each[:1] for form in ("xlsx", "csv")],
        "supplier.take_away.score": [v | {"form": form} for v in each for form in ("xlsx", "json")],
        "supplier.take_away.evidence": each[:1],
        "supplier.take_away.everything": each,
        "supplier.workbook.workbook": each,
        "supplier.workbook.download": [v | {"language": one} for v in each[-1:] for one in ("en", "zh")],
        "supplier.workbook.preview": workbooks,
        "supplier.workbook.file": workbooks[:1],
        "supplier.taking.figures": each,
        "supplier.sending.sent": [{"assessment_id": a.id} for a in sent],
        "supplier.sending.receipt": receipts,
        "supplier.answering.topic": topics,
        "supplier.answering.question": [
            {"assessment_id": a.id, "code": code} for a in drafts for code in one_per_kind.values()
        ],
        "supplier.evidence.choose": [{"assessment_id": a.id, "code": "OHS-01"} for a in drafts],
        "supplier.evidence.facts": evidence[:2] + replaced,
        "supplier.evidence_answers.drafts": evidence[:1],
        "supplier.evidence_answers.choose": [
            v | {"assessment_id": a.id} for v in evidence[:1] + replaced for a in drafts
        ],
        "supplier.evidence.file": evidence[:1],
        "supplier.evidence_versions.newer": evidence[:1] + replaced,
        "supplier.carbon.preview": uploads,
        "supplier.carbon.file": uploads[:1],
        "supplier.carbon.template": templates,
        "supplier.footprints.footprint": ids(FootprintRow, "footprint_id")[:2],
        "supplier.footprints.pact_of_one": [],
        "supplier.inventories.inventory": ids(InventoryRow, "inventory_id")[:2],
        "supplier.certificates.certificate": ids(Certificate, "certificate_id")[:1],
        "supplier.electricity_files.preview": ids(ElectricityUpload, "upload_id"),
        "supplier.electricity_files.file": ids(ElectricityUpload, "upload_id")[:1],
        "supplier.electricity_files.template": [
            {"kind": k, "file_format": f} for k in ("electricity", "certificates") for f in ("xlsx", "csv")
        ],
        "supplier.measures.measure": ids(Measure, "measure_id")[:1],
        "supplier.people_access.person": [
            {"user_id": number}
            for number in session.scalars(
                select(Membership.user_id).where(Membership.supplier_id == supplier_id)
            )
        ],
        "supplier.commitments.commitment": commitments,
        "supplier.commitments.proposing": free[:1],
    }


def _taken(session: Session, supplier_id: int) -> set[int]:
    rows = session.scalars(select(Commitment).where(Commitment.supplier_id == supplier_id))
    return {row.finding_id for row in rows}


def _frame_places(session: Session) -> dict[str, list[Values]]:
    frames = [{"frame_id": number} for number in session.scalars(select(Frame.id).order_by(Frame.id))]
    files = [{"file_id": number} for number in session.scalars(select(FrameFile.id))]
    statement = session.scalars(select(FrameStatement).where(FrameStatement.vault_key.is_not(None))).first()
    shown = (frames[0], frames[-1])
    return {
        "staff.frame.year": frames,
        "staff.frame.figure": [v | {"item": item} for v in shown for item in ("category_1", "production")],
        "staff.frame.proof": [{"frame_id": statement.frame_id, "statement_id": statement.id}]
        if statement
        else [],
        "staff.frame.year_csv": frames[:1],
        "staff.frame.year_xlsx": frames[:1],
        "staff.frame_files.template": [{"file_format": "csv"}, {"file_format": "xlsx"}],
        "staff.frame_files.preview": files,
        "staff.frame_files.file": files[:1],
        "staff.targets.target": [{}, {"what_if": "none"}],
        "staff.what_ifs.what_if": [{"what_if_id": number} for number in session.scalars(select(WhatIf.id))],
    }


def _staff_places(session: Session) -> dict[str, list[Values]]:
    intakes = [{"intake_id": intake.id} for intake in waiting_intakes(session)]
    by_state = {a.state: a.id for a in session.scalars(select(Assessment).order_by(Assessment.id))}
    every_state = [{"assessment_id": number} for number in by_state.values()]
    sent = [{"assessment_id": by_state[s]} for s in ("submitted", "in_review", "reviewed", "released")]
    whole = [{"assessment_id": by_state["in_review"], "show": "all", "topic": "NRG"}]
    rounds = [{"round_id": number} for number in session.scalars(select(Round.id))]
    commitments = {c.state: c.id for c in session.scalars(select(Commitment))}
    estimates = [{"estimate_id": number} for number in session.scalars(select(Estimate.id))]
    lines = [
        {"estimate_id": e.id, "id": f"PO-{e.year}-{number}"}
        for e, numbers in zip(
            session.scalars(select(Estimate).order_by(Estimate.year)), DEMO_LINES, strict=True
        )
        for number in numbers
    ]
    suppliers = list(session.scalars(select(Supplier.id).order_by(Supplier.id)))
    chosen = [{"supplier_id": number} for number in (suppliers[0], suppliers[-1])]
    footprints = list(
        session.scalars(select(FootprintRow).order_by(FootprintRow.document.is_(None), FootprintRow.id))
    )
    link = session.scalars(
        select(EvidenceLink).where(EvidenceLink.assessment_id == by_state["in_review"])
    ).first()
    note = session.scalars(select(CommitmentNote).where(CommitmentNote.evidence_id.is_not(None))).first()
    versions = list(session.scalars(select(FactorVersion).order_by(FactorVersion.id)))
    return _factor_places(session, versions) | {
        **_frame_places(session),
        "staff.review.assessment": [*every_state, *whole],
        "staff.review.sheet": sent,
        "staff.review.evidence": [{"assessment_id": link.assessment_id, "evidence_id": link.evidence_id}]
        if link
        else [],
        "staff.rounds.round": rounds,
        "staff.versions.versions": rounds,
        "staff.rounds.waiting": [{"state": "submitted"}, {"state": "in_review"}],
        "staff.inviting.add": rounds,
        "staff.inviting.template": [{"form": "csv"}, {"form": "xlsx"}],
        "staff.comparing.ranking": rounds,
        "staff.comparing.compare": [v | {"supplier": suppliers[:3]} for v in rounds[:1]],
        "staff.people_access.person": [
            {"user_id": number} for number in session.scalars(select(User.id).limit(5))
        ],
        "staff.suppliers.supplier": chosen,
        "staff.suppliers.facts": chosen[:1],
        "staff.carbon_registers.register": [
            *chosen,
            *({"supplier_id": f.supplier_id} for f in footprints[:1]),
        ],
        "staff.carbon_registers.footprint": [
            {"supplier_id": f.supplier_id, "footprint_id": f.id} for f in footprints[:2]
        ],
        "staff.carbon_registers.file": [
            {"supplier_id": f.supplier_id, "upload_id": f.upload_id} for f in footprints[:1]
        ],
        "staff.carbon_registers.pact": chosen[:1],
        "staff.company_register.evidence": [
            {"supplier_id": c.supplier_id, "evidence_id": c.evidence_id}
            for c in session.scalars(select(Certificate).where(Certificate.evidence_id.is_not(None)).limit(1))
        ],
        "staff.company_register.file": [
            {"supplier_id": u.supplier_id, "upload_id": u.id}
            for u in session.scalars(
                select(ElectricityUpload).where(ElectricityUpload.state == "accepted").limit(1)
            )
        ],
        "staff.commitments.commitment": [{"commitment_id": number} for number in commitments.values()],
        "staff.commitments.proof": [{"commitment_id": note.commitment_id, "note_id": note.id}]
        if note
        else [],
        "staff.exports.scorecard": [sent[-1] | {"language": language} for language in ("en", "zh")],
        "staff.estimate_analysis.quality": estimates,
        "staff.estimate_analysis.ask": estimates,
        "staff.estimate_analysis.ask_csv": estimates,
        "staff.estimate_analysis.behind_file": lines[:1],
        "staff.estimate_comparing.changes_csv": [{"first_id": 1, "second_id": 2}],
        "staff.estimate_manifest.manifest": estimates,
        "staff.estimate_manifest.lines_parquet": estimates,
        "staff.estimate_manifest.register_csv": [
            v | {"kind": k} for v in estimates for k in ("footprints", "inventories")
        ],
        "staff.estimates.estimate": estimates,
        "staff.estimates.lines": [
            *estimates,
            *(v | {"method": "average_data"} for v in estimates),
            *(v | {"material": "glass"} for v in estimates),
            *(v | {"material": "glass", "supplier": "GLS-01"} for v in estimates),
        ],
        "staff.estimates.line": lines,
        "staff.estimates.lines_csv": estimates,
        "staff.estimates.summary_json": estimates,
        "staff.ledgers.ledger_csv": [{"ledger_id": number} for number in session.scalars(select(Ledger.id))],
        "staff.ledgers.original": [
            {"ledger_id": number}
            for number in session.scalars(select(Ledger.id).where(Ledger.original_key != ""))
        ],
        "staff.ledgers.intake": intakes,
        "staff.ledgers.columns": intakes,
        "staff.ledgers.problems": intakes,
        "staff.jobs.job": [],
        "staff.jobs.state": [],
    }


def _factor_places(session: Session, versions: list[FactorVersion]) -> dict[str, list[Values]]:
    uploads = [{"upload_id": row.id} for row in session.scalars(select(FactorUpload))]
    shown = [versions[0], versions[-1]]
    return {
        "staff.factors.library": [{}, {"q": "玻璃"}],
        "staff.factors.factor": [{"id": "UP-POLYSILICON-EL-CN-2024"}, {"id": "OWN-PASTE-USD"}],
        "staff.factor_materials.material": [{"material": "glass"}, {"material": "polysilicon"}],
        "staff.factor_tables.table": [{"table_id": v.table_id} for v in shown],
        "staff.factor_tables.version": [{"version_id": v.id} for v in shown],
        "staff.factor_tables.version_csv": [{"version_id": v.id} for v in shown],
        "staff.factor_tables.template": [
            {"kind": k, "file_format": "xlsx"} for k in ("factors", "rates", "prices")
        ],
        "staff.factor_tables.preview": uploads,
        "staff.factor_tables.file": uploads[:1],
    }
