"""Which work each kind of job does."""

from __future__ import annotations

from collections.abc import Mapping

from portal.operations.estimate_reproducing import check_work as reproduce_work
from portal.operations.estimates import estimate_work
from portal.operations.ledger_jobs import check_work, read_work
from portal.operations.working import Work

KINDS: Mapping[str, Work] = {
    "estimate": estimate_work,
    "estimate_check": reproduce_work,
    "ledger_read": read_work,
    "ledger_check": check_work,
}
