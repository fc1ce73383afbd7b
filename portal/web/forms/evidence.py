"""Forms for evidence: a file with its facts, and the facts alone. Judging them is the operations' work."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import FileField

from portal.core.problems import Problem
from portal.language import N_
from portal.operations.evidence import Facts
from portal.store.evidence import Evidence
from portal.web.forms.base import Form, Lazy, TextField, add_problems

ACCEPT = ".pdf,.png,.jpg,.jpeg,.xlsx,.csv,.docx"
FACT_NAMES = ("issuer", "standard", "covers_from", "covers_to", "valid_until")


class EvidenceFactsForm(Form):
    """What a file says about itself."""

    issuer = TextField(Lazy(N_("Issued by")))
    standard = TextField(Lazy(N_("Standard or scheme")))
    covers_from = TextField(Lazy(N_("Covers from")))
    covers_to = TextField(Lazy(N_("Covers to")))
    valid_until = TextField(Lazy(N_("Valid until")))


class EvidenceForm(EvidenceFactsForm):
    """A new file with its facts."""

    file = FileField(Lazy(N_("File")), render_kw={"accept": ACCEPT})


def given_facts(form: EvidenceFactsForm) -> dict[str, str]:
    """The text of each fact as it was typed."""
    return {name: form[name].data or "" for name in FACT_NAMES}


def form_of_facts(row: Evidence) -> EvidenceFactsForm:
    """A form that shows the facts as they stand."""
    facts = Facts(row.issuer, row.standard, row.covers_from, row.covers_to, row.valid_until)
    shown = {name: getattr(facts, name) or "" for name in FACT_NAMES}
    return EvidenceFactsForm(formdata=None, data={name: str(value) for name, value in shown.items()})


def place_problems(form: Form, problems: Iterable[Problem], otherwise: str) -> None:
    """Show each problem beside the field its `where` names, all others beside the field `otherwise`."""
    for problem in problems:
        add_problems(form[problem.where if problem.where in form else otherwise], [problem])
