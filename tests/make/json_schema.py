"""Holds a value against the part of JSON Schema that PACT's OpenAPI documents use; every keyword met must be known."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "samples" / "pact"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": (int, Decimal),
    "number": (int, Decimal),
}
WORDS = {"description", "title", "examples", "deprecated", "summary", "minimum", "maximum"}
KNOWN = {"type", "required", "properties", "items", "enum", "pattern", "minItems", "uniqueItems", "minLength", "format",
         "oneOf", "anyOf", "not", "allOf", "$ref", "const"}  # fmt: skip


@cache
def schemas(name: str) -> dict[str, Any]:
    """The component schemas of a document in tests/samples/pact."""
    loaded = YAML(typ="safe").load(FOLDER / name)
    found: dict[str, Any] = loaded["components"]["schemas"]
    return found


def faults(value: Any, schema: dict[str, Any], known: dict[str, Any], where: str = "") -> list[str]:
    """Every place where `value` does not fit, as "pointer: keyword"; `known` are the schemas references mean."""
    strange = {key for key in schema if not key.startswith("x-")} - KNOWN - WORDS
    assert not strange, f"the checker does not know {strange}"
    found: list[str] = []
    if "$ref" in schema:
        found += faults(value, known[schema["$ref"].rpartition("/")[2]], known, where)
    if "type" in schema and not _is(value, schema["type"]):
        return [*found, f"{where}: type {schema['type']}"]
    for key in (
        "enum",
        "const",
        "pattern",
        "minItems",
        "uniqueItems",
        "minLength",
        "format",
        "minimum",
        "maximum",
    ):
        if key in schema and not _fits(key, schema[key], value):
            found.append(f"{where}: {key}")
    if isinstance(value, dict):
        found += [f"{where}/{key}: required" for key in schema.get("required", ()) if key not in value]
        for key, inner in schema.get("properties", {}).items():
            if key in value:
                found += faults(value[key], inner, known, f"{where}/{key}")
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            found += faults(one, schema["items"], known, f"{where}/{number}")
    return found + _combined(value, schema, known, where)


def _combined(value: Any, schema: dict[str, Any], known: dict[str, Any], where: str) -> list[str]:
    def good(part: dict[str, Any]) -> bool:
        return not faults(value, part, known, where)

    found = []
    if "oneOf" in schema and sum(map(good, schema["oneOf"])) != 1:
        found.append(f"{where}: oneOf")
    if "anyOf" in schema and not any(map(good, schema["anyOf"])):
        found.append(f"{where}: anyOf")
    if "not" in schema and good(schema["not"]):
        found.append(f"{where}: not")
    return found + [fault for part in schema.get("allOf", ()) for fault in faults(value, part, known, where)]


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def _fits(key: str, wanted: Any, value: Any) -> bool:
    if key == "enum":
        return value in wanted
    if key == "const":
        return bool(value == wanted)
    if isinstance(value, list):
        return (
            len(value) >= wanted
            if key == "minItems"
            else len({str(v) for v in value}) == len(value)
            if key == "uniqueItems"
            else True
        )
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value >= wanted if key == "minimum" else value <= wanted if key == "maximum" else True
    if not isinstance(value, str):
        return True
    if key == "pattern":
        return re.search(wanted, value) is not None
    if key == "minLength":
        return len(value) >= wanted
    return _has_format(wanted, value) if key == "format" else True


def _has_format(name: str, text: str) -> bool:
    try:
        if name == "uuid":
            return str(uuid.UUID(text)) == text.lower()
        if name == "date-time":
            return bool(
                re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
                and datetime.fromisoformat(text)
            )
        if name == "decimal":
            return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    except ValueError:
        return False
    return {"urn": text.lower().startswith("urn:"), "uri": ":" in text}.get(name, True)
