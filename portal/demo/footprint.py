"""The invented buyer's own inventory of three years, its target and two what-ifs; and a published example beside them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from importlib import resources

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.what_if import outcome_of
from portal.demo.filing import LIMIT
from portal.files.vault import Vault
from portal.operations.frame import Statement, add_statement, newest_version, open_year, use_estimate
from portal.operations.frame_import import accept_frame_file, add_frame_file, read_frame_file
from portal.operations.keeping import kept_file
from portal.operations.targets import read_target, set_target
from portal.operations.what_ifs import measure_of, read_sketch, save_what_if, slices_of
from portal.store.estimates import Estimate
from portal.store.frame import Frame

REPORT = "Morning Ridge Solar, internal carbon accounts {year} (invented)"
PUBLISHED = "published_inventory_2023.csv"
SUBJECT = "JA Solar"
SOURCE = "JA Solar, Greenhouse Gas Emissions Report 2023, with verification statements of China General Certification"
STATEMENTS = (
    (("scope1", "scope2"), "CGC-CC&SS-CN20240013", date(2024, 4, 15)),
    (("scope3",), "CGC-CC&SS-CN20240014", date(2024, 5, 13)),
)

# tCO2e by item for the two years before the last finished one and for it; category 1 comes from estimates where there are any.
FIGURES: dict[str, tuple[str, str, str]] = {
    "scope1": ("31240", "35110", "38420"),
    "scope2_location": ("224900", "251300", "268250"),
    "scope2_market": ("198600", "214700", "210480"),
    "category_1": ("1543500", "", ""),
    "category_2": ("118400", "104250", "96030"),
    "category_3": ("36150", "39800", "41240"),
    "category_4": ("69800", "78300", "86450"),
    "category_5": ("4620", "4980", "5210"),
    "category_6": ("890", "1060", "1180"),
    "category_7": ("5720", "6350", "6900"),
    "category_8": ("1110", "1050", "1020"),
    "category_9": ("58900", "66200", "74310"),
    "category_10": ("0", "0", "0"),
    "category_11": ("0", "0", "0"),
    "category_12": ("7850", "8840", "9790"),
    "category_13": ("0", "0", "0"),
    "category_14": ("0", "0", "0"),
    "category_15": ("2480", "2550", "2610"),
    "production": ("3430", "4020", "4230"),
    "stated_total": ("2.08", "", ""),
}
PLANNED = ("4600", "4900")
NOTES = {
    "category_11": "Modules emit nothing in use",
    "category_14": "No franchises",
    "category_10": "Modules are sold ready for use",
    "category_13": "Nothing is let",
}


def make_footprint(session: Session, vault: Vault, manager: Actor, *, year: int, now: datetime) -> None:
    """Everything of the buyer's own inventory, through the operations a person would use."""
    _import(
        session,
        vault,
        manager,
        _own_figures(year),
        f"inventory-{year - 2}-{year + 2}.csv",
        now=now - timedelta(days=19),
    )
    for at in (year - 1, year):
        _use_newest_estimate(session, manager, year=at, now=now - timedelta(days=18))
    _verify(session, vault, manager, year=year, now=now - timedelta(days=17))
    _target(session, manager, year=year, now=now - timedelta(days=16))
    estimate = _newest_estimate(session, year)
    if estimate is not None:
        _what_ifs(session, vault, manager, estimate, from_year=year + 3, now=now - timedelta(days=15))
    _published(session, vault, manager, now=now - timedelta(days=14))


def _newest_estimate(session: Session, year: int) -> Estimate | None:
    return session.scalars(select(Estimate).where(Estimate.year == year).order_by(Estimate.id.desc())).first()


def _use_newest_estimate(session: Session, actor: Actor, *, year: int, now: datetime) -> None:
    frame, _new = open_year(session, actor, year=year, now=now)
    estimate = _newest_estimate(session, year)
    if estimate is not None:
        standing = newest_version(session, frame.id, "category_1")
        base = standing.version if standing else 0
        use_estimate(session, actor, frame_id=frame.id, estimate_id=estimate.id, base=base, now=now)


def _own_figures(year: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("year", "item", "value", "unit", "source", "note"))
    for item, values in FIGURES.items():
        unit = "MWp" if item == "production" else "MtCO2e" if item == "stated_total" else "tCO2e"
        for at, value in zip((year - 2, year - 1, year), values, strict=True):
            if value:
                writer.writerow((at, item, value, unit, REPORT.format(year=at), NOTES.get(item, "")))
    for at, value in enumerate(PLANNED, start=year + 1):
        writer.writerow((at, "production", value, "MWp", f"Production plan {year + 1} (invented)", "Planned"))
    return out.getvalue().encode()


def _import(
    session: Session,
    vault: Vault,
    actor: Actor,
    data: bytes,
    name: str,
    *,
    subject: str = "",
    source: str = "",
    now: datetime,
) -> None:
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=LIMIT) as kept:
        row = add_frame_file(session, actor, subject=subject, source=source, kept=kept, now=now)
    seen = read_frame_file(session, vault, row).seen
    accept_frame_file(session, actor, file_id=row.id, seen=seen, vault=vault, now=now + timedelta(minutes=6))


def _verify(session: Session, vault: Vault, actor: Actor, *, year: int, now: datetime) -> None:
    """The two years before the last are verified by an invented body; the last one is not yet."""
    for at, covers in ((year - 2, ("scope1", "scope2")), (year - 1, ("scope1", "scope2", "scope3"))):
        frame = session.scalars(select(Frame).where(Frame.subject == "", Frame.year == at)).one()
        facts = Statement(
            covers,
            "ISO 14064-3:2019",
            "limited",
            "Invented Verification Body",
            f"IVB-GHG-{at}-07",
            date(at + 1, 5, 20),
        )
        with kept_file(
            vault, name=f"verification-statement-{at}.pdf", stream=io.BytesIO(_paper(at)), limit=LIMIT
        ) as kept:
            add_statement(session, actor, frame_id=frame.id, statement=facts, kept=kept, now=now)


def _paper(year: int) -> bytes:
    stream = io.BytesIO()
    page = Canvas(stream, invariant=1)
    page.drawString(72, 760, f"Verification statement {year}, ISO 14064-3:2019, limited assurance")
    page.drawString(
        72, 740, "Invented Verification Body for Morning Ridge Solar. A made-up document of the demo."
    )
    page.save()
    return stream.getvalue()


def _target(session: Session, actor: Actor, *, year: int, now: datetime) -> None:
    facts = read_target(
        {
            "base_year": str(year - 2),
            "base_value": "450",
            "target_year": str(year + 9),
            "reduction": "63.8",
            "path": "linear",
            "source": "Board decision of the invented organisation, after published targets of the industry",
            "note": "Purchased goods and services per MWp of modules produced",
        }
    )
    set_target(session, actor, facts=facts, base=0, now=now)


def _what_ifs(
    session: Session, vault: Vault, actor: Actor, estimate: Estimate, *, from_year: int, now: datetime
) -> None:
    slices = slices_of(vault, estimate)
    promised = "Letter of the supplier on its new plant (invented)"
    for name, measures in (
        (
            "Three suppliers keep their promise",
            (
                {"kind": "promise", "supplier": "POL-01", "material": "polysilicon", "value": "19.5", "unit": "kg", "source": promised},
                {"kind": "promise", "supplier": "ALU-01", "material": "aluminium_frame", "value": "6.2", "unit": "kg", "source": promised},
                {"kind": "promise", "supplier": "ALU-03", "material": "aluminium_frame", "value": "8.4", "unit": "kg", "source": promised},
            ),
        ),
        (
            "Granular polysilicon, a fifth less glass",
            (
                {"kind": "switch", "anchor": "PVE-POLY-FBR MEE-PCF-CN-2024"},
                {"kind": "cut", "material": "glass", "percent": "20"},
            ),
        ),
    ):  # fmt: skip
        sketch = read_sketch({"name": name, "from_year": str(from_year)}, measures)
        outcome = outcome_of(slices, [measure_of(each) for each in sketch.measures])
        save_what_if(session, actor, estimate=estimate, sketch=sketch, outcome=outcome, now=now)


def _published(session: Session, vault: Vault, actor: Actor, *, now: datetime) -> None:
    """Figures a real company published, as an example that is not the demo's own."""
    data = (resources.files("portal.demo") / PUBLISHED).read_bytes()
    _import(session, vault, actor, data, PUBLISHED, subject=SUBJECT, source=SOURCE, now=now)
    frame = session.scalars(select(Frame).where(Frame.subject == SUBJECT)).one()
    for covers, number, day in STATEMENTS:
        facts = Statement(
            covers, "ISO 14064-3", "not_stated", "China General Certification Center", number, day
        )
        add_statement(session, actor, frame_id=frame.id, statement=facts, kept=None, now=now)
