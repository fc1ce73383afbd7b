"""Takes ledgers in as a person would: upload, work off the jobs, say the columns, accept."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.ledger.mapping import Mapping as ColumnMapping
from portal.files.ledger_uploads import judge_ledger
from portal.files.vault import Vault
from portal.operations import ledger_intake
from portal.operations.work_kinds import KINDS
from portal.operations.working import Place, work_on
from portal.settings import Settings
from portal.store.engine import reading, writing
from portal.store.jobs import Job, open_jobs
from portal.store.ledgers import LedgerIntake

# As a purchasing system in China writes it: a title row, its own names, dates, numbers, units and supplier names.
CHINESE = """采购台账 2025,,,,,,,,
采购订单号,采购日期,供应商编码,物料名称,数量,计量单位,采购金额,币种,原产国
PO-1,2025/3/5,S-001,光伏玻璃 3.2mm,"1,000.50",平方米,"9,000.00",RMB,中国
PO-2,2025/3/5,远方硅业,多晶硅料,2,吨,"100,000",人民币,中国
PO-3,2025/4/12,S-003,铝边框,"12,000",公斤,"288,000.25",RMB,中国
PO-4,2025/4/12,S-003,铝边框,"12,000",公斤,"288,000.25",RMB,中国
PO-5,2025/5/2,S-003,铝边框,-100,公斤,"-2,400",RMB,中国
PO-6,2024/12/30,S-001,光伏玻璃 3.2mm,10,平方米,90,RMB,中国
"""


def place_of(engine: Engine, vault: Vault, settings: Settings, clock: Callable[[], datetime]) -> Place:
    """Where a test's jobs are done."""
    return Place(engine, vault, settings, clock)


def work_off(place: Place) -> list[Job]:
    """Do every open job, and those that follow; returns them as they ended."""
    ended: list[int] = []
    while True:
        with reading(place.engine) as session:
            waiting = [job.id for job in open_jobs(session) if job.state == "queued"]
        if not waiting:
            break
        for job_id in waiting:
            work_on(place, job_id, KINDS)
            ended.append(job_id)
    with reading(place.engine) as session:
        return [session.get_one(Job, job_id) for job_id in ended]


def uploaded(session: Session, actor: Actor, vault: Vault, data: bytes, *, name: str, now: datetime) -> int:
    """Upload a file; returns the intake's id. The caller commits."""
    stream = io.BytesIO(data)
    file = judge_ledger(name, stream, 10**9)
    key = vault.put(stream, file.sha256)
    intake, _ = ledger_intake.receive(session, actor, file=file, vault_key=key, now=now)
    return intake.id


def taken_in(place: Place, actor: Actor, data: bytes, *, name: str = "ledger.csv") -> LedgerIntake:
    """Upload a file and have it read, and checked where nothing is left to say."""
    with writing(place.engine) as session:
        intake_id = uploaded(session, actor, place.vault, data, name=name, now=place.clock())
        session.commit()
    work_off(place)
    return found(place, intake_id)


def found(place: Place, intake_id: int) -> LedgerIntake:
    """The intake as it stands."""
    with reading(place.engine) as session:
        return session.get_one(LedgerIntake, intake_id)


def mapped(place: Place, actor: Actor, intake_id: int, mapping: ColumnMapping) -> LedgerIntake:
    """Say the columns and have the lines checked."""
    with writing(place.engine) as session:
        ledger_intake.map_columns(session, actor, intake_id=intake_id, mapping=mapping, now=place.clock())
        session.commit()
    work_off(place)
    return found(place, intake_id)


def confirmed(
    place: Place, actor: Actor, intake_id: int, kind: str, given: Mapping[str, tuple[str, str]]
) -> LedgerIntake:
    """Confirm words and have the lines checked again."""
    with writing(place.engine) as session:
        ledger_intake.confirm_words(
            session, actor, intake_id=intake_id, kind=kind, given=dict(given), now=place.clock()
        )
        session.commit()
    work_off(place)
    return found(place, intake_id)
