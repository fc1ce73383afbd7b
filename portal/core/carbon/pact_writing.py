"""Writes a footprint of the register as PACT 3.0 product footprint. What came as PACT 3 goes out as it came.

Derived from WBCSD's PACT specification (openapi 3.0.4). Nothing is invented: a footprint that lacks what PACT
requires is not written, and the reader is told which fields are missing. What PACT 3 has no place for (ratings on the
scale of version 2, level of assurance) goes into its comments, never onto another scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote

from portal.core.carbon.details import Details, list_of, text_of
from portal.core.carbon.geography import COUNTRIES
from portal.core.carbon.pact_fields import (
    FIELDS,
    LISTS,
    NUMBERS,
    PCR_OPERATORS,
    RATING_SCALES,
    REGIONS,
    UNITS_OUT,
    VERIFICATION_COVERAGE,
    Field,
)
from portal.core.carbon.pact_tree import Document, Leaf, Number, Tree, tree_of, written_out
from portal.core.carbon.pcf import Footprint
from portal.core.exact import decimal_of
from portal.core.units import convert, unit_class

SPEC_VERSION = "3.0.0"
_STANDARDS_OF_2 = {
    "GHG Protocol Product standard": "GHGP-Product",
    "ISO Standard 14067": "ISO14067",
    "ISO Standard 14044": "ISO14040-44",
}
_NUMBERS_OF_3 = frozenset(f.v3 for f in FIELDS if f.v3 and f.kind in NUMBERS) | {
    "/pcf/declaredUnitAmount",
    "/pcf/pcfExcludingBiogenicUptake",
    "/pcf/primaryDataShare",
}
# Keys of ours that stand for what PACT requires, with the place it stands at.
REQUIRED = {
    **{f.key: f.v3 for f in FIELDS if f.needed},
    "declared_unit": "/pcf/declaredUnitOfMeasurement",
}


@dataclass(frozen=True)
class Outgoing:
    """A footprint of the register with what PACT wants to know besides.

    `pact_id` is its UUID, `company` and `code` name the supplier, `created` is when it entered the register;
    `replaced` marks it as deprecated.
    """

    footprint: Footprint
    details: Details
    document: Document | None
    pact_id: str
    company: str
    code: str
    created: datetime
    replaced: bool = False


def write_pact(given: Outgoing) -> tuple[Tree | None, tuple[str, ...]]:
    """The footprint as a JSON tree and (), or None and the keys of what PACT requires and is not there."""
    if given.document is not None and text_of(given.details, "spec_version").startswith("3."):
        return _as_it_came(given.document, given.replaced), ()
    top, pcf = _top(given), _pcf(given)
    for one in FIELDS:
        value = _kept(one, given.document) or _value(one, given.details)
        if value is not None and one.v3:
            _put(top, pcf, one.v3, value)
    _verification(given, pcf)
    top["comment"] = _comment(given)
    missing = tuple(key for key, place in REQUIRED.items() if not _has(top, pcf, place))
    if missing:
        return None, missing
    if not top["comment"]:
        del top["comment"]
    return {**top, "pcf": pcf}, ()


def _as_it_came(document: Document, replaced: bool) -> Tree:
    """The same document; numbers become text where PACT 3 wants text, and what stood there as null is left out."""
    kept = {
        pointer: Leaf("text", written_out(leaf.text))
        if leaf.kind == "number" and pointer in _NUMBERS_OF_3
        else leaf
        for pointer, leaf in document.items()
    }
    tree = _without_nulls(tree_of(kept))
    if replaced and isinstance(tree, dict):
        tree["status"] = "Deprecated"
    return tree


def _without_nulls(value: Tree) -> Tree:
    if isinstance(value, dict):
        return {
            key: one if key == "data" else _without_nulls(one)
            for key, one in value.items()
            if one is not None
        }
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    return value


def _top(given: Outgoing) -> dict[str, Tree]:
    footprint, details = given.footprint, given.details
    product_ids = list_of(details, "product_ids") or (
        f"urn:pact:product:customcode:vendor-assigned:{_urn_part(footprint.product_id)}",
    )
    company_ids = list_of(details, "company_ids") or (
        f"urn:pact:company:customcode:buyer-assigned:{_urn_part(given.code)}",
    )
    top: dict[str, Tree] = {
        "id": given.pact_id,
        "specVersion": SPEC_VERSION,
        "created": text_of(details, "created") or _moment(given.created),
        "status": "Deprecated" if given.replaced else text_of(details, "status") or "Active",
    }
    if footprint.valid_until is not None:
        top["validityPeriodEnd"] = _midnight(_next(footprint.valid_until))
    top["companyName"] = text_of(details, "company_name") or given.company
    top["companyIds"] = list(company_ids)
    top["productIds"] = list(product_ids)
    classes = list(list_of(details, "classifications"))
    if cpc := text_of(details, "cpc"):
        classes.append(f"urn:pact:productclassification:un-cpc:{_urn_part(cpc)}")
    if footprint.material:
        classes.append(f"urn:pact:productclassification:upstream-material:{_urn_part(footprint.material)}")
    if classes:
        top["productClassifications"] = list(dict.fromkeys(classes))
    return top


def _pcf(given: Outgoing) -> dict[str, Tree]:
    footprint = given.footprint
    pcf: dict[str, Tree] = {}
    if footprint.declared_unit in UNITS_OUT:
        unit, per_ours = UNITS_OUT[footprint.declared_unit]
        amount = decimal_of(Fraction(footprint.declared_amount) * Fraction(per_ours))
        pcf |= {"declaredUnitOfMeasurement": unit, "declaredUnitAmount": format(amount, "f")}
    if unit_class(footprint.declared_unit) == "mass" and not text_of(given.details, "mass_kg"):
        mass = convert(footprint.declared_amount, footprint.declared_unit, "kg")
        pcf["productMassPerDeclaredUnit"] = format(mass, "f")
    pcf["referencePeriodStart"] = _midnight(footprint.period_start)
    pcf["referencePeriodEnd"] = _midnight(_next(footprint.period_end))
    pcf |= _place(given)
    pcf["pcfExcludingBiogenicUptake"] = format(footprint.pcf_kgco2e, "f")
    if footprint.primary_data_share is not None:
        pcf["primaryDataShare"] = format(footprint.primary_data_share, "f")
    return pcf


def _kept(one: Field, document: Document | None) -> Tree:
    """Rules and sources as they stood in a document of version 2: our one line of each cannot tell every name apart."""
    if document is None or one.kind not in ("rules", "sources") or one.v2 not in document:
        return None
    return _without_nulls(tree_of(document, one.v2))


def _place(given: Outgoing) -> dict[str, Tree]:
    """The one place PACT 3 takes: the part of a country, else the country, else the region."""
    country, region = given.footprint.geography, text_of(given.details, "region")
    if part := text_of(given.details, "subdivision"):
        return {"geographyCountrySubdivision": part}
    if country in COUNTRIES:
        return {"geographyCountry": country}
    known = region or (country if country in REGIONS else "")
    return {"geographyRegionOrSubregion": known} if known else {}


def _value(one: Field, details: Details) -> Tree:
    """A further field as PACT 3 writes it, None when there is nothing to write."""
    text, items = text_of(details, one.key), list_of(details, one.key)
    if one.key == "gas_basis" and not items and text_of(details, "gas_basis_v2"):
        return [text_of(details, "gas_basis_v2")]
    if one.key == "standards" and not items:
        items = tuple(_STANDARDS_OF_2.get(name, name) for name in list_of(details, "standards_v2"))
    skipped = one.group == "verification" or one.key in _PLACED or not (text or items)
    if skipped or (one.kind == "rating" and text_of(details, "rating_scale") != "pact-3"):
        return None
    if one.kind == "rules":
        return [_rule(item) for item in items]
    if one.kind == "sources":
        return [dict(zip(("name", "version"), _split(item), strict=True)) for item in items]
    if one.kind in LISTS:
        return list(items)
    if one.kind == "flag":
        return text == "true"
    return _midnight(date.fromisoformat(text)) if one.kind == "day" else text


_PLACED = frozenset(
    {
        "spec_version",
        "created",
        "status",
        "company_name",
        "company_ids",
        "product_ids",
        "classifications",
        "comment",
        "rating_scale",
        "region",
        "subdivision",
    }
)


def _split(item: str) -> tuple[str, str]:
    name, _, version = item.rpartition(":")
    return name.strip(), version.strip()


def _rule(item: str) -> dict[str, Tree]:
    operator, _, names = item.partition(":")
    listed: list[Tree] = [name.strip() for name in names.split(",") if name.strip()]
    if operator.strip() in PCR_OPERATORS:
        return {"operator": operator.strip(), "ruleNames": listed}
    return {"operator": "Other", "otherOperatorName": operator.strip(), "ruleNames": listed}


def _verification(given: Outgoing, pcf: dict[str, Tree]) -> None:
    if not given.footprint.verified:
        return
    details, told = given.details, []
    found: dict[str, Tree] = {}
    coverage = text_of(details, "verification_coverage")
    if coverage in VERIFICATION_COVERAGE:
        found["coverage"] = coverage
    elif coverage:
        told.append(f"coverage: {coverage}")
    for key, name in (("verifier", "providerName"), ("verification_standard", "standardName")):
        if text := text_of(details, key):
            found[name] = text
    if day := text_of(details, "verified_on"):
        found["completedAt"] = _midnight(date.fromisoformat(day))
    for key in ("verification_level", "verification_boundary"):
        if text := text_of(details, key):
            told.append(f"{key.removeprefix('verification_')}: {text}")
    if not found and not told and not text_of(details, "verification_comment"):
        told.append("verified by a third party; no more is stated")  # an empty object would say nothing
    comments = [text for text in (text_of(details, "verification_comment"), "; ".join(told)) if text]
    if comments:
        found["comments"] = "\n".join(comments)
    pcf["verification"] = found


def _comment(given: Outgoing) -> str:
    """The comment, and a line for each value version 3 has no place for."""
    lines = [text_of(given.details, "comment")] if text_of(given.details, "comment") else []
    for one in FIELDS:
        text = text_of(given.details, one.key)
        if not text or not _homeless(one, text, given):
            continue
        if one.kind != "rating":
            lines.append(f"{one.key}: {text}")
        elif text_of(given.details, "rating_scale") != "pact-3":
            low, high = RATING_SCALES["pact-2"]
            lines.append(f"{one.key} (PACT 2, {low} to {high}): {text}")
    placed = _place(given)
    if given.footprint.geography and not placed:
        lines.append(f"geography: {given.footprint.geography}")
    return "\n".join(lines)


# Said elsewhere in version 3, or bookkeeping of version 2.
_SAID_OTHERWISE = frozenset({"version", "updated", "cpc", "rating_scale"})


def _homeless(one: Field, text: str, given: Outgoing) -> bool:
    """Whether version 3 has no place for this value of the footprint."""
    if one.group == "verification":
        return not given.footprint.verified
    if one.key == "region":  # beside a country, which PACT takes alone
        return text not in _place(given).values()
    if one.key == "unitary_amount":
        return Decimal(text) != 1
    if one.key == "gas_basis_v2":
        return text not in (list_of(given.details, "gas_basis") or (text,))
    if one.key == "standards_v2":
        return bool(list_of(given.details, "standards"))
    return (not one.v3 and one.key not in _SAID_OTHERWISE) or one.kind == "rating"


def _put(top: dict[str, Tree], pcf: dict[str, Tree], path: str, value: Tree) -> None:
    steps = path.strip("/").split("/")
    within = pcf if steps[0] == "pcf" else top
    for name in steps[1:-1] if steps[0] == "pcf" else steps[:-1]:
        inner = within.setdefault(name, {})
        if isinstance(inner, dict):
            within = inner
    within[steps[-1]] = value


def _has(top: Mapping[str, Tree], pcf: Mapping[str, Tree], path: str) -> bool:
    steps = path.strip("/").split("/")
    value = pcf.get(steps[1]) if steps[0] == "pcf" else top.get(steps[0])
    return value not in (None, "", [])


def _urn_part(text: str) -> str:
    return quote(text, safe="")


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_json(value: Tree) -> object:
    """A tree as ordinary Python values, numbers as Decimal: for a validator or a comparison."""
    if isinstance(value, dict):
        return {key: plain_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain_json(one) for one in value]
    return Decimal(value.text) if isinstance(value, Number) else value
