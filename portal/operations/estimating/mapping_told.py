"""What a run says of materials whose factors nobody has confirmed."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from portal.core.problems import Problem


def told_of_mapping(connection: duckdb.DuckDBPyConnection, unconfirmed: Collection[str]) -> list[Problem]:
    """One warning naming the unconfirmed materials whose lines took a factor or a default sector; none otherwise."""
    if not unconfirmed:
        return []
    rows = connection.execute(
        "SELECT DISTINCT material FROM lines WHERE method = 'average_data' "
        "OR (method = 'spend_based' AND reason LIKE '%by_default%')"
    ).fetchall()
    used = sorted({row[0] for row in rows} & set(unconfirmed))
    if not used:
        return []
    return [Problem("mappings_unconfirmed", values={"materials": ", ".join(used), "count": len(used)})]
