"""Forms for a supplier's facts."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField

from portal.core.problems import Problem
from portal.core.questionnaire.model import ROLES
from portal.language import N_, say
from portal.operations.suppliers import SupplierFacts
from portal.web.context import locale
from portal.web.forms.base import Form, Lazy, TextField, add_problems, at_most, email_address, required
from portal.web.material_names import library_names
from portal.web.words import ROLE_WORDS, material_word


class FactsForm(Form):
    """What the buyer knows of a supplier."""

    code = TextField(Lazy(N_("Supplier code")), [required(N_("Write the supplier code of your ledger."))])
    name = TextField(Lazy(N_("Name")), [required(N_("Write the registered name.")), at_most(200)])
    name_zh = TextField(Lazy(N_("Chinese name")), [at_most(200)])
    country = TextField(
        Lazy(N_("Country")), [required(N_("Write the country as two letters, for example CN."))]
    )
    roles = SelectMultipleField(
        Lazy(N_("Roles")), [required(N_("Tick at least one role."))], validate_choice=False
    )
    materials = SelectMultipleField(Lazy(N_("Materials")), validate_choice=False)


class NewSupplierForm(FactsForm):
    """A new supplier and who will answer for it; `short` asks it the short set only."""

    email = TextField(
        Lazy(N_("E-mail of the lead")), [required(N_("Write the lead's e-mail.")), email_address]
    )
    short = BooleanField(Lazy(N_("Ask the short set only")))


def offer_choices(form: FactsForm) -> None:
    """Fill roles and materials with words in the reader's language; materials on file that the library lacks stay."""
    tongue = locale()
    form.roles.choices = [(key, say(tongue, ROLE_WORDS[key])) for key in ROLES]
    names = library_names()
    keys = [*names, *(key for key in form.materials.data or () if key not in names)]
    form.materials.choices = [(key, material_word(tongue, key)) for key in keys]


def facts_of(form: FactsForm) -> SupplierFacts:
    """The facts as typed."""
    return SupplierFacts(
        code=form.code.data or "",
        name=" ".join((form.name.data or "").split()),
        name_zh=" ".join((form.name_zh.data or "").split()),
        country=(form.country.data or "").upper(),
        roles=tuple(dict.fromkeys(form.roles.data or ())),
        materials=tuple(dict.fromkeys(form.materials.data or ())),
    )


def place_problems(form: Form, problems: tuple[Problem, ...]) -> None:
    """Show each problem beside the field it names, with the field's own label for its place."""
    for problem in problems:
        field = form[problem.where]
        add_problems(field, [Problem(problem.code, str(field.label.text), problem.values)])
