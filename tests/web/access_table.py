"""Who gets what: endpoint, method and the status each actor is answered with.

Actors: `stranger` (not signed in), `contributor` and `lead` (of the supplier that owns the thing), `other` (lead of
another supplier), `analyst`, `manager`, `admin`. An actor a row does not name is answered 404. Rows are
"METHOD endpoint": ({actor: status}, {argument of the address: name of a thing in tests/make/world.py, or itself}).
Posts are sent empty: 422 and 409 show that the actor came through the gate and was told what is missing.
"""

from __future__ import annotations

Row = tuple[dict[str, int], dict[str, str]]

EVERYBODY = ("stranger", "contributor", "lead", "other", "analyst", "manager", "admin")
SIGNED_IN = EVERYBODY[1:]
SUPPLIER = ("contributor", "lead")
ANY_SUPPLIER = ("contributor", "lead", "other")
OWN_LEAD = ("lead",)
LEADS = ("lead", "other")
STAFF = ("analyst", "manager", "admin")
MANAGERS = ("manager", "admin")
ADMIN = ("admin",)


def answer(actors: tuple[str, ...], status: int) -> dict[str, int]:
    """The same status for each of `actors`."""
    return dict.fromkeys(actors, status)


# What an empty post cannot show: these find nothing to act on and answer 404 to their own people as well.
NOTHING_TO_ACT_ON = frozenset({"POST supplier.evidence.unlink"})

# fmt: off
TABLE: dict[str, Row] = {
    "POST account.entering.enter": (answer(EVERYBODY, 422), {}),
    "GET account.entering.invitation": (answer(EVERYBODY, 200), {"token": "invitation"}),
    "POST account.entering.join": (answer(EVERYBODY, 422), {"token": "invitation"}),
    "POST account.entering.language": (answer(EVERYBODY, 302), {}),
    "POST account.entering.leave": (answer(SIGNED_IN, 302), {}),
    "GET account.entering.sign_in": ({"stranger": 200} | answer(SIGNED_IN, 302), {}),
    "GET account.entering.start": (answer(EVERYBODY, 302), {}),
    "GET account.profile.account": (answer(SIGNED_IN, 200), {}),
    "POST account.profile.password": (answer(SIGNED_IN, 422), {}),
    "POST staff.commitments.accept": (answer(STAFF, 409), {"commitment_id": "commitment"}),
    "GET staff.commitments.commitment": (answer(STAFF, 200), {"commitment_id": "commitment"}),
    "POST staff.commitments.confirm": (answer(STAFF, 409), {"commitment_id": "commitment"}),
    "POST staff.commitments.open_again": (answer(STAFF, 422), {"commitment_id": "commitment"}),
    "GET staff.commitments.proof": (answer(STAFF, 200), {"commitment_id": "commitment", "note_id": "note"}),
    "GET staff.commitments.register": (answer(STAFF, 200), {}),
    "POST staff.commitments.return_it": (answer(STAFF, 422), {"commitment_id": "commitment"}),
    "GET staff.comparing.compare": (answer(STAFF, 422), {"round_id": "last_round"}),
    "GET staff.comparing.ranking": (answer(STAFF, 200), {"round_id": "last_round"}),
    "GET staff.estimates.estimate": (answer(STAFF, 200), {"estimate_id": "estimate"}),
    "GET staff.estimates.estimates": (answer(STAFF, 200), {}),
    "GET staff.estimates.line": (answer(STAFF, 200), {"estimate_id": "estimate", "id": "line"}),
    "GET staff.estimates.lines": (answer(STAFF, 200), {"estimate_id": "estimate"}),
    "GET staff.estimates.lines_csv": (answer(STAFF, 200), {"estimate_id": "estimate"}),
    "POST staff.estimates.run": (answer(STAFF, 422), {}),
    "GET staff.estimates.summary_json": (answer(STAFF, 200), {"estimate_id": "estimate"}),
    "GET staff.exports.exports": (answer(MANAGERS, 200), {}),
    "POST staff.exports.ranking_csv": (answer(MANAGERS, 422), {}),
    "POST staff.exports.review_xlsx": (answer(MANAGERS, 422), {}),
    "GET staff.exports.scorecard": (answer(MANAGERS, 200), {"assessment_id": "released"}),
    "POST staff.inviting.accept": (answer(MANAGERS, 302), {"round_id": "last_round"}),
    "GET staff.inviting.add": (answer(MANAGERS, 200), {"round_id": "last_round"}),
    "POST staff.inviting.add_known": (answer(MANAGERS, 422), {"round_id": "last_round"}),
    "POST staff.inviting.add_new": (answer(MANAGERS, 422), {"round_id": "last_round"}),
    "POST staff.inviting.links_file": (answer(MANAGERS, 302), {}),
    "POST staff.inviting.preview": (answer(MANAGERS, 422), {"round_id": "last_round"}),
    "POST staff.inviting.renew": (answer(MANAGERS, 302), {"supplier_id": "supplier"}),
    "POST staff.inviting.revoke": (answer(MANAGERS, 302), {"supplier_id": "supplier", "invitation_id": "invitation_id"}),
    "GET staff.inviting.template": (answer(MANAGERS, 200), {"form": "csv"}),
    "POST staff.jobs.cancel": (answer(STAFF, 302), {"job_id": "job"}),
    "GET staff.jobs.job": (answer(STAFF, 200), {"job_id": "job"}),
    "GET staff.jobs.state": (answer(STAFF, 200), {"job_id": "job"}),
    "POST staff.ledgers.accept": (answer(STAFF, 409), {"intake_id": "asked_intake"}),
    "POST staff.ledgers.choose": (answer(STAFF, 303), {"intake_id": "intake"}),
    "GET staff.ledgers.columns": (answer(STAFF, 200), {"intake_id": "intake"}),
    "POST staff.ledgers.discard": (answer(STAFF, 303), {"intake_id": "intake"}),
    "POST staff.ledgers.duplicates": (answer(STAFF, 409), {"intake_id": "intake"}),
    "GET staff.ledgers.intake": (answer(STAFF, 200), {"intake_id": "intake"}),
    "GET staff.ledgers.ledger_csv": (answer(STAFF, 200), {"ledger_id": "ledger"}),
    "POST staff.ledgers.map_columns": (answer(STAFF, 422), {"intake_id": "intake"}),
    "GET staff.ledgers.original": (answer(STAFF, 200), {"ledger_id": "mapped_ledger"}),
    "GET staff.ledgers.problems": (answer(STAFF, 200), {"intake_id": "intake"}),
    "GET staff.ledgers.template": (answer(STAFF, 200), {}),
    "POST staff.ledgers.upload": (answer(STAFF, 422), {}),
    "POST staff.ledgers.words": (answer(STAFF, 422), {"intake_id": "intake", "kind": "supplier"}),
    "GET staff.overview.overview": (answer(STAFF, 200), {}),
    "POST staff.people.disable": (answer(ADMIN, 302), {"user_id": "user"}),
    "POST staff.people.enable": (answer(ADMIN, 302), {"user_id": "user"}),
    "POST staff.people.invite": (answer(ADMIN, 422), {}),
    "GET staff.people.people": (answer(ADMIN, 200), {}),
    "POST staff.people.revoke": (answer(ADMIN, 302), {"invitation_id": "staff_invitation_id"}),
    "POST staff.review.accept_topic": (answer(STAFF, 409), {"assessment_id": "released", "topic": "topic"}),
    "GET staff.review.assessment": (answer(STAFF, 200), {"assessment_id": "released"}),
    "POST staff.review.begin": (answer(STAFF, 409), {"assessment_id": "released"}),
    "GET staff.review.evidence": (answer(STAFF, 200), {"assessment_id": "released", "evidence_id": "evidence"}),
    "POST staff.review.finish": (answer(STAFF, 303), {"assessment_id": "released"}),
    "POST staff.review.give_back": (answer(STAFF, 303), {"assessment_id": "released"}),
    "POST staff.review.judge": (answer(STAFF, 409), {"code": "indicator", "assessment_id": "released"}),
    "POST staff.review.release": (answer(MANAGERS, 409), {"assessment_id": "released"}),
    "POST staff.review.reopen": (answer(STAFF, 422), {"assessment_id": "released"}),
    "GET staff.review.sheet": (answer(STAFF, 200), {"assessment_id": "released"}),
    "POST staff.rounds.later_deadline": (answer(MANAGERS, 422), {"round_id": "last_round"}),
    "POST staff.rounds.open_new": (answer(MANAGERS, 422), {}),
    "GET staff.rounds.opening": (answer(MANAGERS, 200), {}),
    "GET staff.rounds.round": (answer(STAFF, 200), {"round_id": "last_round"}),
    "GET staff.rounds.rounds": (answer(STAFF, 200), {}),
    "GET staff.rounds.waiting": (answer(STAFF, 200), {"state": "in_progress"}),
    "GET staff.style_guide.style_guide": (answer(STAFF, 200), {}),
    "POST staff.suppliers.change": (answer(MANAGERS, 422), {"supplier_id": "supplier"}),
    "GET staff.suppliers.facts": (answer(MANAGERS, 200), {"supplier_id": "supplier"}),
    "GET staff.suppliers.supplier": (answer(STAFF, 200), {"supplier_id": "supplier"}),
    "GET staff.suppliers.suppliers": (answer(STAFF, 200), {}),
    "POST supplier.answering.answer": (answer(SUPPLIER, 400), {"code": "indicator", "assessment_id": "draft"}),
    "GET supplier.answering.question": (answer(SUPPLIER, 200), {"code": "indicator", "assessment_id": "draft"}),
    "POST supplier.answering.save_topic": (answer(SUPPLIER, 303), {"assessment_id": "draft", "topic": "topic"}),
    "GET supplier.answering.topic": (answer(SUPPLIER, 200), {"assessment_id": "draft", "topic": "topic"}),
    "POST supplier.carbon.accept": (answer(SUPPLIER, 303), {"upload_id": "upload"}),
    "POST supplier.carbon.discard": (answer(SUPPLIER, 303), {"upload_id": "upload"}),
    "GET supplier.carbon.file": (answer(SUPPLIER, 200), {"upload_id": "upload"}),
    "GET supplier.carbon.preview": (answer(SUPPLIER, 200), {"upload_id": "upload"}),
    "GET supplier.carbon.register": (answer(ANY_SUPPLIER, 200), {}),
    "GET supplier.carbon.template": (answer(ANY_SUPPLIER, 200), {"kind": "footprints", "file_format": "csv"}),
    "POST supplier.carbon.upload": (answer(ANY_SUPPLIER, 422), {}),
    "POST supplier.commitments.again": (answer(OWN_LEAD, 422), {"commitment_id": "commitment"}),
    "GET supplier.commitments.commitment": (answer(SUPPLIER, 200), {"commitment_id": "commitment"}),
    "POST supplier.commitments.done": (answer(SUPPLIER, 303), {"commitment_id": "commitment"}),
    "GET supplier.commitments.findings": (answer(ANY_SUPPLIER, 200), {}),
    "POST supplier.commitments.progress": (answer(SUPPLIER, 422), {"commitment_id": "commitment"}),
    "POST supplier.commitments.propose_new": (answer(OWN_LEAD, 422), {"finding_id": "finding"}),
    "GET supplier.commitments.proposing": (answer(OWN_LEAD, 200), {"finding_id": "finding"}),
    "POST supplier.commitments.take_back": (answer(OWN_LEAD, 409), {"commitment_id": "commitment"}),
    "POST supplier.evidence.add": (answer(ANY_SUPPLIER, 422), {}),
    "POST supplier.evidence.change": (answer(SUPPLIER, 303), {"evidence_id": "evidence"}),
    "GET supplier.evidence.choose": (answer(SUPPLIER, 200), {"code": "indicator", "assessment_id": "draft"}),
    "GET supplier.evidence.facts": (answer(SUPPLIER, 200), {"evidence_id": "evidence"}),
    "GET supplier.evidence.file": (answer(SUPPLIER, 200), {"evidence_id": "evidence"}),
    "GET supplier.evidence.library": (answer(ANY_SUPPLIER, 200), {}),
    "POST supplier.evidence.remove": (answer(SUPPLIER, 303), {"evidence_id": "evidence"}),
    "POST supplier.evidence.unlink": ({}, {"code": "indicator", "assessment_id": "draft"}),
    "POST supplier.evidence.upload": (answer(SUPPLIER, 422), {"code": "indicator", "assessment_id": "draft"}),
    "POST supplier.evidence.use": (answer(SUPPLIER, 422), {"code": "indicator", "assessment_id": "draft"}),
    "GET supplier.hub.assessment": (answer(SUPPLIER, 200), {"assessment_id": "draft"}),
    "GET supplier.hub.assessments": (answer(ANY_SUPPLIER, 200), {}),
    "GET supplier.hub.score": (answer(SUPPLIER, 200), {"assessment_id": "draft"}),
    "GET supplier.hub.scorecard": (answer(SUPPLIER, 200), {"assessment_id": "released"}),
    "POST supplier.people.invite": (answer(LEADS, 422), {}),
    "GET supplier.people.people": (answer(ANY_SUPPLIER, 200), {}),
    "POST supplier.people.renew": (answer(OWN_LEAD, 200), {"invitation_id": "invitation_id"}),
    "POST supplier.people.revoke": (answer(OWN_LEAD, 303), {"invitation_id": "invitation_id"}),
    "GET supplier.sending.check": (answer(SUPPLIER, 200), {"assessment_id": "draft"}),
    "GET supplier.sending.receipt": (answer(SUPPLIER, 200), {"number": "number", "assessment_id": "released"}),
    "POST supplier.sending.send": (answer(OWN_LEAD, 409), {"assessment_id": "draft"}),
    "GET supplier.sending.sent": (answer(SUPPLIER, 200), {"assessment_id": "released"}),
}
# fmt: on
