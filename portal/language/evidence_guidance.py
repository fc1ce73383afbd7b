"""What is accepted as evidence and what is usually refused, per nature of an indicator, as data in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.language.catalogue import say
from portal.language.marker import N_


@dataclass(frozen=True)
class Guidance:
    """For one nature of question: its name, what is accepted, what is usually sent back."""

    nature: str
    name: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


GUIDANCE = (
    Guidance(
        "result",
        N_("A measured result"),
        (
            N_("Records that show the figure itself: meter readings, laboratory reports, statistics, payroll or accident logs."),
            N_("The whole reporting period, and every site the answer speaks for."),
            N_("The unit and the arithmetic, where the figure was added up or converted."),
        ),
        (
            N_("A figure in a letter or a slide without the records behind it."),
            N_("Data that ended more than 24 months ago, or one month standing in for a year."),
            N_("A total of the group when one site was asked for."),
        ),
    ),
    Guidance(
        "action",
        N_("An action taken"),
        (
            N_("Proof that it happened: dated minutes, attendance lists, acceptance records, photos with place and day."),
            N_("Who did it, when and at which site."),
        ),
        (
            N_("A plan, an offer or an order: it shows what is meant to happen."),
            N_("Training slides without the list of who took part."),
            N_("Photos without day and place."),
        ),
    ),
    Guidance(
        "policy",
        N_("A policy or procedure"),
        (
            N_("The document in force, with date, version and the signature or seal of management."),
            N_("The page that speaks of the subject asked, in Chinese or English."),
        ),
        (
            N_("A draft, or a template with another company’s name."),
            N_("A document without date or signature."),
            N_("A sentence on the website that says less than the question asks."),
        ),
    ),
    Guidance(
        "commitment",
        N_("A commitment or target"),
        (
            N_("A target with base year, target year and scope, approved by management."),
            N_("The public page or the confirmation of the initiative you joined."),
        ),
        (
            N_("A wish without a year or a figure."),
            N_("A target of the group that does not name your company."),
            N_("An application that has not been confirmed yet."),
        ),
    ),
    Guidance(
        "certification",
        N_("A certificate"),
        (
            N_("The certificate with its annex: number, standard, scope, sites, last valid day, and the body that issued it."),
            N_("For green power, the retirement record in your name; for an audit, the report with its findings."),
        ),
        (
            N_("A certificate that has expired, or of another site or company."),
            N_("A purchase invoice or contract instead of a retirement record."),
            N_("The first page only, when sites and scope stand in the annex."),
            N_("A certificate of a consultant or trainer instead of an accredited body."),
        ),
    ),
)  # fmt: skip


def guidance_for(nature: str, locale: str) -> Guidance:
    """What counts for one nature, in the reader's language. Raises KeyError for an unknown nature."""
    found = {one.nature: one for one in GUIDANCE}[nature]
    return Guidance(
        nature,
        say(locale, found.name),
        tuple(say(locale, words) for words in found.accepted),
        tuple(say(locale, words) for words in found.refused),
    )


def all_guidance(locale: str) -> tuple[Guidance, ...]:
    """What counts for every nature."""
    return tuple(guidance_for(one.nature, locale) for one in GUIDANCE)
