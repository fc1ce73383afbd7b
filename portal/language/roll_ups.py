"""How answers of sites became the one that counts, in words."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.questionnaire.sites import RollUp, all_alike
from portal.language.catalogue import say
from portal.language.marker import N_


def names_text(keys: tuple[str, ...], names: Mapping[str, str], locale: str) -> str:
    """Sites by name, in one line."""
    return ("、" if locale == "zh" else ", ").join(names[key] for key in keys)


def roll_up_words(made: RollUp, names: Mapping[str, str], locale: str) -> str:
    """What was done with the sites' answers, or what is missing. `names` are the sites' by key."""
    count = len(made.parts)
    if made.problems:
        return say(locale, N_("What the sites gave is together no possible answer."))
    if made.owing:
        return say(
            locale, N_("Still without an answer: {sites}"), sites=names_text(made.owing, names, locale)
        )
    if made.unweighed and made.weighed_by:
        return say(
            locale,
            N_("{code}, which weighs the sites, is missing or zero: {sites}"),
            code=made.weighed_by,
            sites=names_text(made.unweighed, names, locale),
        )
    if made.unweighed:
        return say(
            locale,
            N_("Their output is not given yet: {sites}"),
            sites=names_text(made.unweighed, names, locale),
        )
    if made.value is None:
        return say(locale, N_("The company’s own answer is still missing."))
    if made.how == "sum":
        return say(locale, N_("Sum of {count} sites"), count=count)
    if made.how == "worst" and all_alike(made):
        return say(locale, N_("The same at all {count} sites"), count=count)
    if made.how == "worst":
        return say(
            locale, N_("The worst of {count} sites counts: {site}"), count=count, site=names[made.decided_by]
        )
    if made.weighed_by:
        words = N_("Mean of {count} sites, weighed by their {code}")
        return say(locale, words, count=count, code=made.weighed_by)
    return say(locale, N_("Mean of {count} sites, weighed by output"), count=count)


def answer_with_roll_up(shown: str, made: RollUp, names: Mapping[str, str], locale: str) -> str:
    """An answer as text, followed by how sites made it."""
    words = roll_up_words(made, names, locale)
    between = "\n" if "\n" in shown else " "
    return f"{shown}{between}（{words}）" if locale == "zh" else f"{shown}{between}({words})"
