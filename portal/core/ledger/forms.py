"""How dates and numbers may be written in a ledger. A person says which form it is; nothing is guessed from the values.

Every form is a pattern and a way back to the plain form (2025-12-31, 1200.5). The same patterns are used here, for the
examples on the page, and by the bulk reader (`portal.files.ledger_plain`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# name → pattern with year, month and day in the order of the second part
DATE_FORMS: dict[str, tuple[str, str]] = {
    "ymd-": (r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$", "ymd"),
    "ymd/": (r"^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})$", "ymd"),
    "ymd.": (r"^([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})$", "ymd"),
    "ymd": (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", "ymd"),
    "zh": (r"^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$", "ymd"),
    "dmy/": (r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$", "dmy"),
    "dmy.": (r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$", "dmy"),
    "dmy-": (r"^([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})$", "dmy"),
    "mdy/": (r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$", "mdy"),
}
DATE_EXAMPLES = {
    "ymd-": "2025-12-31",
    "ymd/": "2025/12/31",
    "ymd.": "2025.12.31",
    "ymd": "20251231",
    "zh": "2025年12月31日",
    "dmy/": "31/12/2025",
    "dmy.": "31.12.2025",
    "dmy-": "31-12-2025",
    "mdy/": "12/31/2025",
}
DECIMALS = (".", ",")
THOUSANDS = ("", ",", ".", " ", "'")
MINUSES = ("before", "after", "brackets")
TIMES = (1, 1000, 10000, 1000000)


@dataclass(frozen=True)
class NumberForm:
    """`decimal` sign, `thousands` sign ("" for none), where the minus stands: before, after, or brackets for less than zero."""

    decimal: str = "."
    thousands: str = ""
    minus: str = "before"

    @property
    def is_plain(self) -> bool:
        return self == NumberForm()


def number_pattern(form: NumberForm) -> str:
    """The pattern of an unsigned number of this form. Blanks between thousands may be any kind of blank."""
    point = re.escape(form.decimal)
    rest = rf"({point}[0-9]{{1,18}})?"
    if not form.thousands:
        return rf"[0-9]{{1,15}}{rest}"
    between = thousands_class(form)
    return rf"([0-9]{{1,3}}({between}[0-9]{{3}}){{1,4}}|[0-9]{{1,15}}){rest}"


def thousands_class(form: NumberForm) -> str:
    """The thousands sign as a character class; a blank may be narrow or unbreakable, an apostrophe curly."""
    return {" ": "[ \u00a0\u202f]", "'": "['\u2019]"}.get(form.thousands, f"[{form.thousands}]")


def signed_pattern(form: NumberForm) -> str:
    """The whole pattern, sign included."""
    body = number_pattern(form)
    if form.minus == "after":
        return f"^({body})-?$"
    if form.minus == "brackets":
        return rf"^({body}|\(({body})\)|-({body}))$"
    return f"^-?({body})$"


def read_number(text: str, form: NumberForm) -> Decimal | None:
    """The number a text of this form stands for, None when it is not of this form."""
    if not re.fullmatch(signed_pattern(form), text):
        return None
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()")
    if form.thousands:
        digits = re.sub(thousands_class(form), "", digits)
    value = Decimal(digits.replace(form.decimal, "."))
    return -value if negative else value


def read_date(text: str, form: str) -> date | None:
    """The day a text of this form stands for, None when it is not of this form or no such day exists."""
    pattern, order = DATE_FORMS[form]
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    part = dict(zip(order, match.groups(), strict=True))
    try:
        return date(int(part["y"]), int(part["m"]), int(part["d"]))
    except ValueError:
        return None


def number_form_wrong(form: NumberForm) -> bool:
    """Whether the two signs contradict each other or one is unknown."""
    return (
        form.decimal not in DECIMALS
        or form.thousands not in THOUSANDS
        or form.minus not in MINUSES
        or form.decimal == form.thousands
    )
