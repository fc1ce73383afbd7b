"""The buyer's ledgers, taken in as its purchasing people would: their own columns, a remembered mapping, confirmed words."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.ledger.forms import NumberForm
from portal.core.ledger.mapping import Mapping
from portal.demo.carbon import ledger_csv
from portal.files.ledger_uploads import judge_ledger
from portal.files.vault import Vault
from portal.operations import ledger_intake
from portal.operations.work_kinds import KINDS
from portal.operations.working import Place, work_within
from portal.settings import Settings
from portal.store.estimates import Ledger
from portal.store.ledgers import LedgerIntake

# How the invented buyer's purchasing system names and writes what the plain form holds.
_HEADER = (
    "采购订单行", "采购日期", "供应商编码", "物料编码", "物料名称", "数量", "计量单位", "不含税金额", "币种", "原产国", "行业代码", "备注",
)  # fmt: skip
_MATERIALS = {
    "mg_silicon": "工业硅 441#",
    "polysilicon": "多晶硅料",
    "wafer": "单晶硅片 182",
    "cell": "TOPCon 电池片",
    "glass": "光伏玻璃",
    "aluminium_frame": "铝边框",
    "encapsulant": "封装胶膜",
    "backsheet": "太阳能背板",
    "junction_box": "接线盒",
    "silver_paste": "银浆",
    "ribbon": "涂锡焊带",
    "packaging": "包装材料",
    "hydrofluoric_acid": "氢氟酸",
}
_COUNTRIES = {"CN": "中国", "DE": "德国", "US": "美国", "VN": "越南", "MY": "马来西亚", "NO": "挪威"}
MAPPING = Mapping(
    {
        name: place
        for place, name in enumerate(
            "line_id date supplier_id product_id material quantity unit spend currency country sector description".split()
        )
    },
    date_form="ymd/",
    numbers=NumberForm(".", ","),
)


def purchasing_file(year: int, limit: int | None = None) -> bytes:
    """The ledger of a year as the purchasing system writes it; the first `limit` lines."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\r\n")
    out.writerow([f"采购台账 {year} 年", *[""] * (len(_HEADER) - 1)])
    out.writerow(_HEADER)
    rows = list(csv.DictReader(io.StringIO(ledger_csv(year).decode())))
    for row in rows[:limit]:
        out.writerow(
            [
                row["line_id"], row["date"].replace("-", "/"), row["supplier_id"], row["product_id"],
                _MATERIALS.get(row["material"], row["material"]), _grouped(row["quantity"]),
                "吨" if row["unit"] == "t" else row["unit"], _grouped(row["spend"]),
                "RMB" if row["currency"] == "CNY" else row["currency"], _COUNTRIES.get(row["country"], row["country"]),
                row["sector"], row["description"],
            ]
        )  # fmt: skip
    return stream.getvalue().encode("utf-8-sig")


def _grouped(text: str) -> str:
    return f"{Decimal(text):,}" if text else ""


def take_ledger(
    session: Session,
    engine: Engine,
    vault: Vault,
    actor: Actor,
    *,
    settings: Settings,
    year: int,
    name: str,
    now: datetime,
) -> Ledger:
    """Take the year's ledger in and accept it: columns said once, materials confirmed once; both are remembered."""
    place = Place(engine, vault, settings, lambda: now)
    intake = _uploaded(session, place, actor, purchasing_file(year), name, now)
    job = ledger_intake.map_columns(session, actor, intake_id=intake.id, mapping=MAPPING, now=now)
    work_within(session, place, job, KINDS)
    words = {text: (key, "") for key, text in _MATERIALS.items()}
    job = ledger_intake.confirm_words(
        session, actor, intake_id=intake.id, kind="material", given=words, now=now
    )
    work_within(session, place, job, KINDS)
    none = {read["written"]: ("", "") for read in _open(intake, "supplier")}
    if none:
        job = ledger_intake.confirm_words(
            session, actor, intake_id=intake.id, kind="supplier", given=none, now=now
        )
        work_within(session, place, job, KINDS)
    ledger, _new = ledger_intake.accept(session, actor, intake_id=intake.id, now=now)
    ledger_intake.forget_bytes(vault, ledger_intake.spare_keys(session, intake))
    return ledger


def leave_waiting(
    session: Session,
    engine: Engine,
    vault: Vault,
    actor: Actor,
    *,
    settings: Settings,
    year: int,
    now: datetime,
) -> None:
    """Upload the first lines of another year, with a line written twice, a new supplier's name and a slipped figure."""
    lines = purchasing_file(year, 40).decode("utf-8-sig").splitlines(keepends=True)
    twice = lines[5].split(",", 1)[1]
    odd = lines[8].split(",")
    odd[0], odd[2], odd[6] = f"PO-{year}-00902", "新晨光玻璃（虚构）", "托"
    slipped = lines[11].split(",")
    slipped[0], slipped[1] = f"PO-{year}-00903", f"{year}/13/5"
    lines += [f"PO-{year}-00901,{twice}", ",".join(odd), ",".join(slipped)]
    place = Place(engine, vault, settings, lambda: now)
    _uploaded(session, place, actor, "".join(lines).encode(), f"purchases-{year}.csv", now)


def _uploaded(
    session: Session, place: Place, actor: Actor, content: bytes, name: str, now: datetime
) -> LedgerIntake:
    stream = io.BytesIO(content)
    file = judge_ledger(name, stream, place.settings.ledger_limit)
    key = place.vault.put(stream, file.sha256)
    intake, job = ledger_intake.receive(session, actor, file=file, vault_key=key, now=now)
    work_within(session, place, job, KINDS)
    return intake


def _open(intake: LedgerIntake, kind: str) -> list[dict[str, str]]:
    checked = ledger_intake.check_of(intake) or {"words": {kind: []}}
    return [read for read in checked["words"][kind] if read["how"] == "open"]
