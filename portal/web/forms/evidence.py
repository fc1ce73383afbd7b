"""Forms for evidence: a file with its facts, the facts alone, and a site. Judging them is the operations' work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from portal.core.problems import Problem
from portal.language import N_, say
from portal.operations.evidence_facts import facts_of
from portal.store.evidence import Evidence
from portal.store.sites import Site
from portal.web.context import locale
from portal.web.forms.base import Form, Lazy, TextField, add_problems

ACCEPT = ".pdf,.png,.jpg,.jpeg,.xlsx,.csv,.docx"
FACT_NAMES = ("issuer", "standard", "covers_from", "covers_to", "valid_until", "language", "pages")
LANGUAGE_WORDS = {
    "": N_("not stated"),
    "zh": N_("Chinese"),
    "en": N_("English"),
    "both": N_("Chinese and English"),
    "other": N_("Another language"),
}


class EvidenceFactsForm(Form):
    """What a file says about itself."""

    issuer = TextField(Lazy(N_("Issued by")))
    standard = TextField(Lazy(N_("Standard or scheme")))
    covers_from = TextField(Lazy(N_("Covers from")))
    covers_to = TextField(Lazy(N_("Covers to")))
    valid_until = TextField(Lazy(N_("Valid until")))
    language = SelectField(
        Lazy(N_("Language of the document")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in LANGUAGE_WORDS.items()],
        validate_choice=False,
    )
    pages = TextField(Lazy(N_("Number of pages")))
    sites = SelectMultipleField(Lazy(N_("Sites covered")), choices=[], validate_choice=False)


class EvidenceForm(EvidenceFactsForm):
    """A new file with its facts."""

    file = FileField(Lazy(N_("File")), render_kw={"accept": ACCEPT})


class NewerForm(EvidenceForm):
    """A newer version of a file, its facts, and whether open answers move to it."""

    move = BooleanField(Lazy(N_("Move the answers that can still be changed to the newer file")))


class SiteForm(Form):
    """A site: name, country, province."""

    name = TextField(Lazy(N_("Name of the site")))
    country = TextField(Lazy(N_("Country")))
    region = SelectField(Lazy(N_("Province")), validate_choice=False)


def with_sites(
    form: EvidenceFactsForm, sites: Sequence[Site], beside: Sequence[tuple[str, str]] = ()
) -> None:
    """Offer the supplier's sites as boxes, and `beside` those a file covers that have left the list."""
    named = [(site.key, site.name) for site in sites]
    form.sites.choices = [*named, *(one for one in beside if one not in named)]


def given_facts(form: EvidenceFactsForm) -> dict[str, str]:
    """The text of each fact as it was typed."""
    return {name: form[name].data or "" for name in FACT_NAMES}


def form_of_facts(row: Evidence) -> EvidenceFactsForm:
    """A form that shows the facts as they stand."""
    facts = facts_of(row)
    shown = {name: str(getattr(facts, name) or "") for name in FACT_NAMES}
    return EvidenceFactsForm(formdata=None, data={**shown, "sites": sorted(facts.sites)})


def language_words(key: str) -> str:
    """The language of a document in words, "" where it is not stated."""
    return say(locale(), LANGUAGE_WORDS[key]) if key else ""


def place_problems(form: Form, problems: Iterable[Problem], otherwise: str) -> None:
    """Show each problem beside the field its `where` names, all others beside the field `otherwise`."""
    for problem in problems:
        add_problems(form[problem.where if problem.where in form else otherwise], [problem])
