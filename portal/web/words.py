"""Words for keys that people see: states, roles, materials."""

from __future__ import annotations

import re

from portal.language import N_, say
from portal.web.material_names import library_names

STATE_WORDS = {
    # assessments
    "invited": N_("Invited"),
    "in_progress": N_("In progress"),
    "submitted": N_("Sent"),
    "in_review": N_("In review"),
    "returned": N_("Returned"),
    "reviewed": N_("Reviewed"),
    "released": N_("Released"),
    "expired": N_("Expired"),
    # topics
    "not_started": N_("Not started"),
    "done_topic": N_("Complete"),
    # commitments
    "proposed": N_("Proposed"),
    "sent_back": N_("Sent back"),
    "agreed": N_("Agreed"),
    "done": N_("Reported done"),
    "verified": N_("Verified as done"),
    "withdrawn": N_("Withdrawn"),
    "overdue": N_("Overdue"),
    # uploads
    "waiting": N_("To be accepted"),
    "to_correct": N_("To be corrected"),
    "accepted": N_("Accepted"),
    "to_compare": N_("To be looked through"),
    "taken": N_("Taken over"),
    "discarded": N_("Discarded"),
}

# The shape beside the word; the colour follows the same key in theme.css.
_MARKS = {
    "good": ("released", "verified", "done_topic", "accepted", "taken"),
    "moving": (
        "in_progress",
        "in_review",
        "submitted",
        "reviewed",
        "proposed",
        "agreed",
        "done",
        "waiting",
        "to_compare",
    ),
    "act": ("returned", "overdue", "expired", "sent_back", "to_correct"),
}

ROLE_WORDS = {
    "manufacturing": N_("Manufacturing"),
    "minerals": N_("Minerals and metals"),
    "logistics": N_("Logistics"),
    "services": N_("Services"),
    "lead": N_("Lead"),
    "contributor": N_("Contributor"),
    "analyst": N_("Procurement analyst"),
    "manager": N_("Procurement manager"),
    "admin": N_("Administrator"),
}

_WORDS_OF_A_KEY = re.compile(r"[a-z]+(_[a-z0-9]+)*")

# Keys of lists of suppliers; the factor library names the materials of ledgers, and where both do, the library's name stands.
MATERIAL_WORDS = {
    "quartz_mg_silicon": N_("Quartz and metallurgical silicon"),
    "mg_silicon": N_("Metallurgical silicon"),
    "polysilicon": N_("Polysilicon"),
    "ingot_wafer": N_("Ingots and wafers"),
    "wafer": N_("Wafers"),
    "cell": N_("Cells"),
    "glass": N_("Glass"),
    "aluminium_frame": N_("Aluminium frames"),
    "encapsulant": N_("Encapsulant film"),
    "backsheet": N_("Backsheet"),
    "junction_box": N_("Junction boxes"),
    "silver_paste": N_("Silver paste"),
    "ribbon": N_("Ribbon"),
    "ribbon_solder": N_("Ribbon and solder"),
    "packaging": N_("Packaging"),
    "sealant": N_("Sealant"),
    "chemicals": N_("Process chemicals"),
    "gases": N_("Industrial gases"),
    "logistics": N_("Logistics services"),
    "services": N_("Services"),
    "other": N_("Other"),
    "": N_("No material given"),
}


def minutes_words(locale: str, minutes: int) -> str:
    """How long work takes, as people say it: minutes below an hour, half hours below three, else whole hours."""
    if minutes < 55:
        return say(locale, N_("about {minutes} minutes"), minutes=minutes)
    halves = (minutes + 15) // 30
    if halves == 2:
        return say(locale, N_("about one hour"))
    if halves < 6:
        return say(locale, N_("about {hours} hours"), hours=f"{halves / 2:g}")
    return say(locale, N_("about {hours} hours"), hours=(minutes + 30) // 60)


def state_mark(key: str) -> str:
    """The signal class of a state: good, moving, act or quiet."""
    for mark, keys in _MARKS.items():
        if key in keys:
            return mark
    return "quiet"


def material_word(locale: str, key: str) -> str:
    """A material in words: its name in the factor library, else ours; a key nobody named is made readable."""
    named = library_names().get(key)
    if named is not None:
        return named.name_zh if locale == "zh" and named.name_zh else named.name_en
    if key in MATERIAL_WORDS:
        return say(locale, MATERIAL_WORDS[key])
    if _WORDS_OF_A_KEY.fullmatch(key):
        return key.replace("_", " ").capitalize()
    return key


def _inside(word: str) -> str:
    """An English name inside a sentence: small at its beginning, unless an abbreviation begins it."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def materials_in_words(locale: str, keys: str) -> str:
    """A list of keys, as problems carry it ("glass, cell"), in words."""
    words = [material_word(locale, key) for key in keys.split(", ")]
    return "、".join(words) if locale == "zh" else ", ".join(map(_inside, words))


def role_word(locale: str, key: str) -> str:
    """A supplier's or person's role in words."""
    return say(locale, ROLE_WORDS[key])
