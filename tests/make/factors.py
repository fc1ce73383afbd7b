"""Own tables of factors and rates as bytes, and the library filled with them."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.uploads import LIMIT, TABLES
from portal.files.vault import Vault
from portal.operations.factor_library import bring_in_shipped
from portal.operations.factor_uploads import accept_upload, add_upload
from portal.operations.keeping import kept_file
from portal.store.factors import FactorUpload, FactorVersion

HEADER = (
    "factor_id,name_en,name_zh,material,geography,year,value,unit,source,gas_basis,boundary,licence,colour\n"
)
PASTE = "OWN-PASTE,Silver paste,银浆,silver_paste,CN,2025,95.50,kgCO2e/kg,Own study,AR6,cradle-to-gate,internal,grey\n"
GLASS = (
    "OWN-GLASS,Solar glass,光伏玻璃,glass,CN,2025,1.1,kgCO2e/kg,Own study,AR6,cradle-to-gate,internal,clear\n"
)
OWN_FACTORS = (HEADER + PASTE + GLASS).encode()
OWN_RATES = b"currency,year,per_usd,source\nMYR,2024,4.5,Own treasury\nCNY,2024,7.5,Own treasury\n"
OWN_PRICES = b"year,index,source\n2022,100,Own series\n2024,107,Own series\n"
NAME = "Example factors"


def upload_table(
    session: Session, vault: Vault, actor: Actor, data: bytes, *, now: datetime, kind: str = "factors", table: str = NAME
) -> FactorUpload:  # fmt: skip
    """A file on its way in, waiting."""
    with kept_file(vault, name=f"{kind}.csv", stream=io.BytesIO(data), limit=LIMIT, allowed=TABLES) as kept:
        return add_upload(session, actor, kind=kind, table=table, kept=kept, now=now)


def own_table(
    session: Session, vault: Vault, actor: Actor, data: bytes = OWN_FACTORS, *, now: datetime, kind: str = "factors",
    table: str = NAME, use: bool = True,
) -> FactorVersion:  # fmt: skip
    """A file taken over as a version, in use unless said otherwise."""
    row = upload_table(session, vault, actor, data, now=now, kind=kind, table=table)
    return accept_upload(session, actor, upload_id=row.id, vault=vault, note="", use=use, now=now)


def fill_library(session: Session, *, now: datetime) -> None:
    """The shipped tables, brought in."""
    bring_in_shipped(session, now=now)
