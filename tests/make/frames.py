"""A year of the buyer's own inventory with a file, a statement, a target and a what-if."""

from __future__ import annotations

import io
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.what_if import outcome_of
from portal.files.vault import Vault
from portal.operations.frame import (
    Statement,
    add_statement,
    open_year,
    read_figure,
    use_estimate,
    write_figure,
)
from portal.operations.frame_import import add_frame_file
from portal.operations.keeping import kept_file
from portal.operations.targets import read_target, set_target
from portal.operations.what_ifs import measure_of, read_sketch, save_what_if, slices_of
from portal.store.estimates import Estimate
from tests.make.files import pdf_bytes

ROWS = "year,item,value,unit,source,note\n{year},category_4,86.4,ktCO2e,Carriers,by sea\n"
TARGET = {
    "base_year": "2023", "base_value": "402.6", "target_year": "2034", "reduction": "63.8", "path": "linear", "source": "Board",
    "note": "",
}  # fmt: skip


def make_frame(
    session: Session, vault: Vault, actor: Actor, estimate: Estimate, *, now: datetime
) -> dict[str, object]:
    """The year of `estimate` with its category 1 and production, a waiting file, a statement, a target, a what-if; ids by name."""
    frame, _new = open_year(session, actor, year=estimate.year, now=now)
    use_estimate(session, actor, frame_id=frame.id, estimate_id=estimate.id, base=0, now=now)
    for item, value, unit in (("production", "4230", "MWp"), ("scope1", "38420", "tCO2e")):
        given = {"value": value, "unit": unit, "source": "Invented accounts"}
        entry = read_figure(given, year=frame.year, item=item)
        write_figure(session, actor, frame_id=frame.id, item=item, entry=entry, base=0, now=now)
    content = io.BytesIO(ROWS.format(year=frame.year).encode())
    with kept_file(vault, name="inventory.csv", stream=content, limit=10**6) as kept:
        file = add_frame_file(session, actor, subject="", source="", kept=kept, now=now)
    facts = Statement(("scope1",), "ISO 14064-3:2019", "limited", "Invented Body", "7", date(2026, 5, 13))
    with kept_file(vault, name="statement.pdf", stream=io.BytesIO(pdf_bytes()), limit=10**6) as kept:
        statement = add_statement(session, actor, frame_id=frame.id, statement=facts, kept=kept, now=now)
    set_target(session, actor, facts=read_target(TARGET), base=0, now=now)
    measures = ({"kind": "cut", "material": "glass", "percent": "20"},)
    sketch = read_sketch({"name": "A fifth less glass", "from_year": "2028"}, measures)
    outcome = outcome_of(slices_of(vault, estimate), [measure_of(each) for each in sketch.measures])
    what_if = save_what_if(session, actor, estimate=estimate, sketch=sketch, outcome=outcome, now=now)
    return {"frame": frame.id, "frame_file": file.id, "statement": statement.id, "what_if": what_if.id}
