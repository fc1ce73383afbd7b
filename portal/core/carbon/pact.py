"""Reads one PACT product footprint (2.0 to 2.3, 3.x) out of a JSON document into the columns the register judges.

Here only the form is judged, as PACT's own schema does: what is missing, of the wrong kind, no date, no known unit.
What the values mean is judged where CSV and typed figures are judged too. Of PACT's two totals `pcf_kgco2e` takes
the one excluding biogenic uptake; a figure of version 2 is per one declared unit, of version 3 per
`declaredUnitAmount` of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from portal.core.carbon.details import is_uuid
from portal.core.carbon.geography import COUNTRIES
from portal.core.carbon.pact_fields import (
    FIELDS,
    LISTS,
    NUMBERS,
    UNITS_IN,
    UNITS_NOT_USED,
    VERIFICATION_COVERAGE,
    Field,
)
from portal.core.carbon.pact_tree import (
    ARRAY,
    FALSE,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    TRUE,
    Document,
    Leaf,
    below,
    items,
    written_out,
)
from portal.core.problems import Problem

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_VERSION = re.compile(r"([0-9]+)\.[0-9]+\.[0-9]+(-[0-9]{8})?")
_ABSENT = Leaf(NULL)

# Short-form columns by their place in version 3 and version 2.
_PLACES = {
    "footprint_id": ("/id", "/id"),
    "product_id": ("/productIds", "/productIds"),
    "declared_unit": ("/pcf/declaredUnitOfMeasurement", "/pcf/declaredUnit"),
    "declared_amount": ("/pcf/declaredUnitAmount", "/pcf/declaredUnit"),
    "pcf_kgco2e": ("/pcf/pcfExcludingBiogenicUptake", "/pcf/pCfExcludingBiogenic"),
    "period_start": ("/pcf/referencePeriodStart", "/pcf/referencePeriodStart"),
    "period_end": ("/pcf/referencePeriodEnd", "/pcf/referencePeriodEnd"),
    "valid_until": ("/validityPeriodEnd", "/validityPeriodEnd"),
    "primary_data_share": ("/pcf/primaryDataShare", "/pcf/primaryDataShare"),
    "verified": ("/pcf/verification", "/pcf/assurance/assurance"),
    "geography": ("/pcf/geographyCountry", "/pcf/geographyCountry"),
}
_NEEDED = ("declared_unit", "pcf_kgco2e", "period_start", "period_end")
_MATERIAL_URN = "urn:pact:productclassification:upstream-material:"
_CPC_URN = "urn:pact:productclassification:un-cpc:"
_KNOWN = {
    version: {f.v3 if version == 3 else f.v2 for f in FIELDS}
    | {place[0 if version == 3 else 1] for place in _PLACES.values()}
    | {"/pcf", "/extensions", "/pcf/dqi", "/pcf/assurance", "/pcf/verification"}
    for version in (2, 3)
}


@dataclass(frozen=True)
class PactRow:
    """One footprint as text by column, as a row of a table would be.

    `values` hold single values and `lists` the lists; `addresses` the JSON pointer of each; `refused` names columns
    already reported. `document` is the footprint as it came, pointers relative to it.
    """

    version: int
    values: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    addresses: dict[str, str]
    refused: frozenset[str]
    document: Document
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


@dataclass
class _Reading:
    """The state of reading one footprint."""

    document: Document
    base: str
    version: int = 3
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def leaf(self, path: str) -> Leaf:
        return self.document.get(path, _ABSENT)

    def refuse(self, column: str, path: str, code: str, **values: object) -> None:
        found = self.leaf(path).text[:80]
        self.problems.append(Problem(code, self.base + path, {"column": column, "found": found, **values}))
        self.refused.add(column)


def read_pact_row(document: Document, base: str) -> PactRow:
    """One footprint, its pointers relative to it; it stands at pointer `base` of its file. Problems stand at their pointer, for example /data/0/pcf/declaredUnitAmount.

    Codes: pact_object_expected, pact_version_unknown (found), pact_missing, pact_text_expected, pact_number_expected,
    pact_list_expected, pact_flag_expected, pact_moment_expected, pact_unit_unknown, pact_unit_not_used,
    pact_country_expected, pact_geography_several, detail_uuid_expected, detail_choice_unknown, json_text_unsound. Notes:
    pact_field_unknown.
    """
    reading = _Reading(document, base)
    for path in ("", "/pcf"):
        if reading.leaf(path).kind != OBJECT:
            reading.refuse("footprint_id", path, "pact_object_expected")
            return _row(reading)
    reading.version = _version(reading)
    if reading.version not in (2, 3):
        reading.refuse("footprint_id", "/specVersion", "pact_version_unknown")
        return _row(reading)
    for path in ("/pcf/dqi", "/pcf/assurance"):  # hold fields; a verification is judged where it is read
        if reading.leaf(path).kind not in (OBJECT, NULL):
            reading.refuse("", path, "pact_object_expected")
    _read_short_form(reading)
    for one in FIELDS:
        _read_field(reading, one)
    _read_choices_of_3(reading)
    notes = [
        Problem("pact_field_unknown", base + pointer)
        for pointer in document
        if re.fullmatch(r"(/pcf)?/[^/]+", pointer) and pointer not in _KNOWN[reading.version]
    ]
    return _row(reading, notes[:20])


def _row(reading: _Reading, notes: list[Problem] | None = None) -> PactRow:
    return PactRow(
        reading.version,
        reading.values,
        reading.lists,
        reading.addresses,
        frozenset(reading.refused),
        reading.document,
        tuple(reading.problems),
        tuple(notes or ()),
    )


def _version(reading: _Reading) -> int:
    leaf = reading.leaf("/specVersion")
    if leaf.kind == TEXT:
        match = _VERSION.fullmatch(leaf.text.strip())
        return int(match[1]) if match else 0
    return 3 if reading.leaf("/pcf/declaredUnitOfMeasurement").kind != NULL else 2


def _read_short_form(reading: _Reading) -> None:
    side = 0 if reading.version == 3 else 1
    places = {column: pair[side] for column, pair in _PLACES.items()}
    for column, path in places.items():
        reading.addresses[column] = reading.base + path
    reading.addresses["material"] = reading.base
    needed = (*_NEEDED, "declared_amount") if reading.version == 3 else _NEEDED
    for column in ("footprint_id", *needed):
        if reading.leaf(places[column]).kind == NULL:
            reading.refuse(column, places[column], "pact_missing")
    _text(reading, "footprint_id", places["footprint_id"])
    identifier = reading.values.get("footprint_id", "")
    if identifier and not is_uuid(identifier):
        reading.refuse("footprint_id", places["footprint_id"], "detail_uuid_expected", item=identifier[:80])
    _read_product(reading)
    _read_unit(reading, places["declared_unit"])
    if reading.version == 3:
        _number(reading, "declared_amount", places["declared_amount"])
    for column in ("pcf_kgco2e", "primary_data_share"):
        _number(reading, column, places[column])
    _day(reading, "period_start", places["period_start"], exclusive=False)
    for column in ("period_end", "valid_until"):
        _day(reading, column, places[column], exclusive=True)
    _read_verified(reading, places["verified"])
    _read_geography(reading)


def _read_product(reading: _Reading) -> None:
    """The product number of purchase lines: the last part of a product URN, the buyer's own code first."""
    urns = [p for p in items(reading.document, "/productIds") if reading.document[p].kind == TEXT]
    urns.sort(key=lambda p: ":buyer-" not in reading.document[p].text)
    if urns:
        number = unquote(reading.document[urns[0]].text.rpartition(":")[2])
        reading.addresses["product_id"] = reading.base + urns[0]
        # What stands behind % may be any byte: half a character, or a mark no database keeps.
        if not number.isprintable() or "\ufffd" in number:
            reading.refuse("product_id", urns[0], "json_text_unsound")
            return
        reading.values["product_id"] = number
    else:
        reading.refused.add("product_id")
    classes = items(reading.document, "/productClassifications")
    for pointer in classes:
        if reading.document[pointer].text.startswith(_MATERIAL_URN):
            reading.values["material"] = reading.document[pointer].text.removeprefix(_MATERIAL_URN)
            reading.addresses["material"] = reading.base + pointer
    _read_cpc(reading, classes)


def _read_cpc(reading: _Reading, listed: list[str]) -> None:
    """Version 3 has no field for the CPC; where exactly one classification is of it, that is the product's."""
    found = [pointer for pointer in listed if reading.document[pointer].text.startswith(_CPC_URN)]
    if reading.version == 3 and len(found) == 1:
        reading.values["cpc"] = unquote(reading.document[found[0]].text.removeprefix(_CPC_URN))
        reading.addresses["cpc"] = reading.base + found[0]


def _read_unit(reading: _Reading, path: str) -> None:
    leaf = reading.leaf(path)
    if reading.version == 2:
        reading.values["declared_amount"] = "1"
    if leaf.kind == NULL:
        return
    unit = UNITS_IN.get(leaf.text) if leaf.kind == TEXT else None
    if unit is None:
        code = "pact_unit_not_used" if leaf.text in UNITS_NOT_USED else "pact_unit_unknown"
        reading.refuse("declared_unit", path, code, known=", ".join(UNITS_IN))
        return
    reading.values["declared_unit"] = unit


def _read_verified(reading: _Reading, path: str) -> None:
    """Version 3: a verification object that says anything; version 2: the flag in the assurance."""
    leaf = reading.leaf(path)
    if reading.version == 2:
        if leaf.kind not in (TRUE, FALSE, NULL):
            reading.refuse("verified", path, "pact_flag_expected")
        reading.values["verified"] = "yes" if leaf.kind == TRUE else "no"
        return
    if leaf.kind not in (OBJECT, NULL):
        reading.refuse("verified", path, "pact_object_expected")
    reading.values["verified"] = "yes" if len(below(reading.document, path)) > 1 else "no"


def _read_geography(reading: _Reading) -> None:
    """Country of production as the estimate uses it: a subdivision stands for its country, a region for itself."""
    paths = ("/pcf/geographyCountry", "/pcf/geographyCountrySubdivision", "/pcf/geographyRegionOrSubregion")
    given = [path for path in paths if reading.leaf(path).kind != NULL]
    if len(given) > 1:
        reading.refuse("geography", given[1], "pact_geography_several")
        return
    if not given:
        return
    leaf = reading.leaf(given[0])
    if leaf.kind != TEXT:
        reading.refuse("geography", given[0], "pact_text_expected")
        return
    country = leaf.text[:2] if given[0] != paths[2] else ""
    if country and (country not in COUNTRIES or (given[0] == paths[0] and len(leaf.text) != 2)):
        reading.refuse("geography", given[0], "pact_country_expected")
        return
    reading.values["geography"] = country or leaf.text
    reading.addresses["geography"] = reading.base + given[0]


def _read_field(reading: _Reading, one: Field) -> None:
    path = one.v3 if reading.version == 3 else one.v2
    if not path:
        return
    reading.addresses[one.key] = reading.base + path
    leaf = reading.leaf(path)
    if leaf.kind == NULL or (leaf.kind == ARRAY and not items(reading.document, path)):
        if one.needed if reading.version == 3 else one.needed_v2:
            reading.refuse(one.key, path, "pact_missing")
    elif one.kind in LISTS:
        _list(reading, one, path)
    elif one.kind in NUMBERS:
        _number(reading, one.key, path)
    elif one.kind == "flag":
        _flag(reading, one.key, path)
    elif one.kind == "day":
        _day(reading, one.key, path, exclusive=False)
    elif one.kind == "moment":
        if _moment(reading, one.key, path):
            reading.values[one.key] = leaf.text
    else:
        _text(reading, one.key, path, number_too=one.key == "version")
    if one.kind == "rating" and reading.values.get(one.key):
        reading.values["rating_scale"] = f"pact-{reading.version}"


def _text(reading: _Reading, column: str, path: str, number_too: bool = False) -> None:
    leaf = reading.leaf(path)
    if leaf.kind == TEXT or (number_too and leaf.kind == NUMBER):
        reading.values[column] = leaf.text
    elif leaf.kind != NULL:
        reading.refuse(column, path, "pact_text_expected")


def _number(reading: _Reading, column: str, path: str) -> None:
    """PACT 3 writes numbers as text, PACT 2 some as numbers: both are read exactly."""
    leaf = reading.leaf(path)
    if leaf.kind == TEXT:
        reading.values[column] = leaf.text
    elif leaf.kind == NUMBER:
        reading.values[column] = written_out(leaf.text)
    elif leaf.kind != NULL:
        reading.refuse(column, path, "pact_number_expected")


def _flag(reading: _Reading, column: str, path: str) -> None:
    kind = reading.leaf(path).kind
    if kind in (TRUE, FALSE):
        reading.values[column] = kind
    else:
        reading.refuse(column, path, "pact_flag_expected")


def _day(reading: _Reading, column: str, path: str, exclusive: bool) -> None:
    moment = _moment(reading, column, path)
    if moment:
        reading.values[column] = day_of(moment, exclusive=exclusive).isoformat()


def _moment(reading: _Reading, column: str, path: str) -> datetime | None:
    leaf = reading.leaf(path)
    if leaf.kind == NULL:
        return None
    try:
        if leaf.kind != TEXT or not _MOMENT.fullmatch(leaf.text):
            raise ValueError(leaf.text)
        return datetime.fromisoformat(leaf.text.upper())
    except ValueError:
        reading.refuse(column, path, "pact_moment_expected")
        return None


def day_of(moment: datetime, *, exclusive: bool) -> date:
    """The day of a moment in its own time zone; of an exclusive end, the last day that is still inside."""
    starts_day = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    if exclusive and starts_day and moment.date() > date.min:
        return moment.date() - timedelta(days=1)
    return moment.date()


def _list(reading: _Reading, one: Field, path: str) -> None:
    if reading.leaf(path).kind != ARRAY:
        reading.refuse(one.key, path, "pact_list_expected")
        return
    found = []
    for pointer in items(reading.document, path):
        text = (_entry if one.kind in ("rules", "sources") else _word)(reading, one, pointer)
        if text:
            found.append(text)
    if found and one.key not in reading.refused:
        reading.lists[one.key] = tuple(found)


def _word(reading: _Reading, one: Field, path: str) -> str:
    leaf = reading.leaf(path)
    if leaf.kind != TEXT:
        reading.refuse(one.key, path, "pact_text_expected")
        return ""
    return leaf.text


def _entry(reading: _Reading, one: Field, path: str) -> str:
    """An object of a list as one line: "name: version" of a source, "operator: rule, rule" of a product rule."""
    parts = ("name", "version") if one.kind == "sources" else ("operator", "ruleNames")
    for part in parts:
        if reading.leaf(f"{path}/{part}").kind == NULL:
            reading.refuse(one.key, f"{path}/{part}", "pact_missing")
            return ""
    if one.kind == "sources":
        return ": ".join(_word(reading, one, f"{path}/{part}") for part in parts)
    names = [_word(reading, one, pointer) for pointer in items(reading.document, f"{path}/ruleNames")]
    operator = _word(reading, one, f"{path}/operator")
    if operator == "Other" and reading.leaf(f"{path}/otherOperatorName").kind == TEXT:
        operator = reading.leaf(f"{path}/otherOperatorName").text
    return f"{operator}: {', '.join(names)}"


def _read_choices_of_3(reading: _Reading) -> None:
    """What version 3 takes from a list and version 2 from another."""
    found = reading.values.get("verification_coverage")
    if reading.version == 3 and found and found not in VERIFICATION_COVERAGE:
        reading.refuse(
            "verification_coverage",
            "/pcf/verification/coverage",
            "detail_choice_unknown",
            choices=", ".join(VERIFICATION_COVERAGE),
        )
