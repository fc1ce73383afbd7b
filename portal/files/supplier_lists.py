"""Many suppliers at once: the CSV or XLSX list a procurement analyst adds to a round."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from babel import Locale

from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.tabular import Column, RawRow, locate, read_rows
from portal.files.template_books import TableForm, write_template
from portal.language import N_

ROLES = ("manufacturing", "minerals", "logistics", "services")
ROLE_WORDS = {
    "制造": "manufacturing",
    "生产制造": "manufacturing",
    "矿产": "minerals",
    "物流": "logistics",
    "服务": "services",
}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MATERIAL = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
SEPARATORS = re.compile("[;\uff1b\u3001]")
NAME_LENGTH = 200

SUPPLIERS = TableForm(
    sheet=N_("Suppliers"),
    title=N_("Suppliers to add to the round"),
    columns=(
        Column(
            "code",
            N_("Supplier code"),
            N_("Your own vendor number; letters, digits, dot, dash, underscore."),
            True,
        ),
        Column(
            "name",
            N_("Name"),
            N_("Registered name in Latin letters, or the Chinese name where there is no other."),
            True,
        ),
        Column("name_zh", N_("Chinese name"), N_("Registered name in Chinese.")),
        Column("country", N_("Country"), N_("Two letters, for example CN."), True),
        Column(
            "email",
            N_("E-mail of the lead"),
            N_("The person who will answer for the supplier and gets the invitation."),
            True,
        ),
        Column(
            "roles",
            N_("Roles"),
            N_("With semicolons between: manufacturing; minerals; logistics; services."),
            True,
        ),
        Column(
            "materials",
            N_("Materials"),
            N_("Material keys separated by semicolons, for example glass; aluminium_frame."),
        ),
    ),
    example={
        "code": "V-10023",
        "name": "Bright Lake Glass Co., Ltd.",
        "name_zh": "明湖玻璃有限公司",
        "country": "CN",
        "email": "lead@brightlake.example",
        "roles": "manufacturing",
        "materials": "glass",
    },
)


@dataclass(frozen=True)
class SupplierRow:
    """One supplier of the list. `country` is alpha-2 in capitals, `number` the row in the file."""

    number: int
    code: str
    name: str
    name_zh: str
    country: str
    email: str
    roles: tuple[str, ...]
    materials: tuple[str, ...]


@dataclass(frozen=True)
class SupplierList:
    """`suppliers` holds the rows without problems; add them only when `problems` is empty."""

    suppliers: tuple[SupplierRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def supplier_template(locale: str, file_format: str) -> bytes:
    """An empty supplier list; `file_format` csv or xlsx."""
    return write_template(SUPPLIERS, locale, file_format)


def read_suppliers(data: bytes, name: str) -> SupplierList:
    """All suppliers of a list file and every problem with its cell address; never raises for bad input."""
    try:
        read = read_rows(data, name, SUPPLIERS.columns)
    except Invalid as invalid:
        return SupplierList((), invalid.problems)
    problems = list(read.problems)
    suppliers: list[SupplierRow] = []
    first_at: dict[str, str] = {}
    for row in read.rows:
        found = [locate(p, row) for p in _row_problems(row)]
        code = row.values.get("code", "")
        where = row.addresses.get("code", "")
        if code and code.casefold() in first_at:
            found.append(
                Problem("supplier_twice", where, {"found": code, "first": first_at[code.casefold()]})
            )
        first_at.setdefault(code.casefold(), where)
        problems += found
        if not found and not row.refused:
            suppliers.append(_supplier(row))
    return SupplierList(tuple(suppliers), tuple(problems), read.notes)


def _row_problems(row: RawRow) -> list[Problem]:
    problems = []
    for column in SUPPLIERS.columns:
        if column.key in row.refused or column.key not in row.values:
            continue
        text = row.values[column.key]
        if not text:
            code = "supplier_value_missing" if column.required else ""
        else:
            code = CHECKS[column.key](text)
        if code:
            problems.append(Problem(code, values={"column": column.key, "found": text}))
    return problems


def _check_code(text: str) -> str:
    return "" if CODE.fullmatch(text) else "supplier_code_form"


def _check_name(text: str) -> str:
    return "" if len(text) <= NAME_LENGTH else "supplier_name_long"


def _check_country(text: str) -> str:
    return "" if text.upper() in countries() else "supplier_country_unknown"


def _check_email(text: str) -> str:
    return "" if len(text) <= 254 and EMAIL.fullmatch(text) else "supplier_email_form"


def _check_roles(text: str) -> str:
    return (
        "" if _parts(text) and all(_role(part) in ROLES for part in _parts(text)) else "supplier_role_unknown"
    )


def _check_materials(text: str) -> str:
    return "" if all(MATERIAL.fullmatch(part) for part in _parts(text)) else "supplier_material_form"


CHECKS: dict[str, Callable[[str], str]] = {
    "code": _check_code,
    "name": _check_name,
    "name_zh": _check_name,
    "country": _check_country,
    "email": _check_email,
    "roles": _check_roles,
    "materials": _check_materials,
}


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes in use, from the CLDR data without its own additions."""
    own = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"}
    codes = {c for c in map(str, Locale.parse("en").territories) if len(c) == 2 and c.isalpha()}
    return frozenset(codes - own)


def _supplier(row: RawRow) -> SupplierRow:
    value = row.values.get
    return SupplierRow(
        number=row.number,
        code=value("code", ""),
        name=" ".join(value("name", "").split()),
        name_zh=" ".join(value("name_zh", "").split()),
        country=value("country", "").upper(),
        email=value("email", "").lower(),
        roles=tuple(dict.fromkeys(_role(part) for part in _parts(value("roles", "")))),
        materials=tuple(dict.fromkeys(_parts(value("materials", "")))),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def _role(text: str) -> str:
    return ROLE_WORDS.get(text, text.lower())
