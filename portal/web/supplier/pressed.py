"""What a button without scripts did to the form of a topic page: a row more or less, an answer cleared, mine or theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from flask import request
from werkzeug.datastructures import MultiDict

from portal.core.questionnaire.model import Indicator
from portal.operations.answering import Given
from portal.web.forms.answers import Sent, table_rows, without_row


def pressed(asked: Collection[Indicator]) -> tuple[Sent, dict[str, int], str]:
    """The form after the button that was pressed: a row more or less, an answer cleared; rows to show; where to land."""
    form: Sent = request.form
    rows: dict[str, int] = {}
    focus = ""
    tables = {i.code: i for i in asked if i.kind == "table"}
    adding = request.form.get("add_row", "")
    if adding in tables:
        rows[adding], focus = len(table_rows(tables[adding], form)) + 1, adding
    taking = re.fullmatch(
        r"([A-Z]{3}-\d{2}(?:@\d{1,9})?)-(\d{1,4})", request.form.get("remove_row", ""), re.ASCII
    )
    if taking and taking[1] in tables:
        form, focus = without_row(tables[taking[1]], form, int(taking[2])), taking[1]
    clearing = request.form.get("clear", "")
    if any(i.code == clearing for i in asked):
        gone = {clearing, f"{clearing}-none"}
        form = MultiDict(
            (n, v)
            for n, v in form.items(multi=True)
            if n not in gone and not re.match(re.escape(clearing) + r"-\d+-", n)
        )
        focus = clearing
    return form, rows, focus or request.form.get("mine", "") or request.form.get("theirs", "")


def over_theirs(given: Given, version: str) -> Given:
    """Mine, now made from the version of theirs that the person has seen."""
    return (
        Given(given.raw, given.unit, int(version)) if re.fullmatch(r"\d{1,9}", version, re.ASCII) else given
    )


def rows_wanted() -> dict[str, int]:
    """How many rows of which tables the address asks for."""
    pairs = re.findall(
        r"([A-Z]{3}-\d{2}(?:@\d{1,9})?):(\d{1,3})", request.args.get("rows", "")[:500], re.ASCII
    )
    return {code: int(number) for code, number in pairs}


def rows_query(rows: Mapping[str, int]) -> dict[str, str]:
    """The part of an address that asks for rows, and for both languages where the page had them."""
    asked = {"rows": ",".join(f"{code}:{number}" for code, number in rows.items())} if rows else {}
    return asked | ({"both": "1"} if request.form.get("both") == "1" else {})
