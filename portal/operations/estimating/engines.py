"""Engines that work out the lines: the same expression, run by DuckDB in this process, by PostgreSQL or by Spark.

The ledger is read and checked in a DuckDB workbench whatever the engine, so one set of rules judges every ledger; an
engine gets the checked tables, runs the expression and gives the lines back. Products, rounding and sums of decimals
are exact in all three, so a total does not depend on the engine.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import psycopg

from portal.core.errors import Refused
from portal.files.tables import literal_path

KNOWN = ("duckdb", "postgresql://USER:PASSWORD@HOST/DATABASE", "spark", "spark://HOST:PORT")
CHUNK = 1 << 20
# exact products of long decimals; text and dates as they are
_SPARK_SETTINGS = {
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
}


class Engine(Protocol):
    """`name` and `version` go into the results."""

    name: str
    version: str

    def resolve(self, workbench: duckdb.DuckDBPyConnection, tables: dict[str, Any], expression: Any) -> None:
        """Fill the workbench's table `lines` by `expression` over the unbound Ibis `tables`, which the workbench has.

        Lines are in the order of the ledger.
        Raises Refused: estimate_too_large, engine_not_reached.
        """

    def cancel(self) -> None:
        """Stop what is running, from another thread."""


@contextmanager
def open_engine(address: str, workbench: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Engine]:
    """The engine at `address` (one of KNOWN); `folder` takes the files handed over.

    Raises Refused: engine_unknown, engine_not_installed, engine_not_reached.
    """
    if address == "duckdb":
        yield DuckDB(workbench)
    elif address.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        try:
            connection = psycopg.connect(address.replace("postgresql+psycopg://", "postgresql://", 1))
        except psycopg.Error as problem:
            raise Refused("engine_not_reached", engine="PostgreSQL", why=_first_line(problem))
        with connection:
            yield PostgreSQL(connection, folder)
    elif address == "spark" or address.startswith(("spark://", "local[", "sc://")):
        session = _spark_session(address)
        try:
            yield Spark(session, folder)
        finally:
            session.stop()
    else:
        raise Refused("engine_unknown", found=address.split("@")[-1], known=", ".join(KNOWN))


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [""])[0][:200]


def _fill_lines(workbench: duckdb.DuckDBPyConnection, source: str, values: Sequence[Any] = ()) -> None:
    """Take over what an engine made. Joins lose the order of the ledger; sorting on the way in costs next to nothing."""
    sql = f"CREATE OR REPLACE TEMP TABLE lines AS SELECT * FROM {source} ORDER BY row"  # noqa: S608 (own text)
    workbench.execute(sql, list(values))


class DuckDB:
    """The workbench itself."""

    name = "duckdb"
    version = duckdb.__version__

    def __init__(self, workbench: duckdb.DuckDBPyConnection) -> None:
        self.workbench = workbench

    def resolve(self, workbench: duckdb.DuckDBPyConnection, tables: dict[str, Any], expression: Any) -> None:
        sql = ibis.to_sql(expression, dialect="duckdb")
        try:
            _fill_lines(workbench, f"({sql})")
        except duckdb.OutOfRangeException:
            raise Refused("estimate_too_large")

    def cancel(self) -> None:
        self.workbench.interrupt()


class PostgreSQL:
    """A PostgreSQL server; its tables live as long as the connection."""

    name = "postgresql"

    def __init__(self, connection: psycopg.Connection[Any], folder: Path) -> None:
        self.connection, self.folder = connection, folder
        self.version = str(connection.info.server_version)

    def resolve(self, workbench: duckdb.DuckDBPyConnection, tables: dict[str, Any], expression: Any) -> None:
        try:
            with self.connection.cursor() as cursor:
                for name, table in tables.items():
                    self._take(cursor, workbench, name, table.schema())
                self._give(
                    cursor, workbench, ibis.to_sql(expression, dialect="postgres"), expression.schema()
                )
        except (psycopg.errors.NumericValueOutOfRange, psycopg.errors.DatetimeFieldOverflow):
            raise Refused("estimate_too_large")
        except psycopg.Error as problem:
            raise Refused("engine_not_reached", engine="PostgreSQL", why=_first_line(problem))

    def _take(
        self, cursor: psycopg.Cursor[Any], workbench: duckdb.DuckDBPyConnection, name: str, schema: Any
    ) -> None:
        path = self.folder / f"{name}.csv"
        listed = ", ".join(f'"{column}"' for column in schema)
        texts = ", ".join(f'"{column}"' for column, kind in schema.items() if kind.is_string()) or '""'
        workbench.execute(
            f"COPY (SELECT {listed} FROM {name}) TO '{_quoted(path)}' "  # noqa: S608 (own text)
            f"(FORMAT csv, HEADER false, FORCE_QUOTE ({texts}))"
        )
        typed = ", ".join(f'"{column}" {_postgres_type(kind)}' for column, kind in schema.items())
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"')
        cursor.execute(f'CREATE TEMP TABLE "{name}" ({typed})')
        with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copy, path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                copy.write(chunk)
        cursor.execute(f'ANALYZE "{name}"')

    def _give(
        self, cursor: psycopg.Cursor[Any], workbench: duckdb.DuckDBPyConnection, sql: str, schema: Any
    ) -> None:
        path = self.folder / "lines.csv"
        command = f"COPY ({sql}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        with cursor.copy(command) as copy, path.open("wb") as stream:
            for chunk in copy:
                stream.write(chunk)
        columns = {column: _duckdb_type(kind) for column, kind in schema.items()}
        _fill_lines(
            workbench,
            "read_csv(?, columns=?, auto_detect=false, header=false, "
            "delim=',', quote='\"', escape='\"', allow_quoted_nulls=false, compression='none')",
            [literal_path(path), columns],
        )

    def cancel(self) -> None:
        self.connection.cancel_safe()


def _postgres_type(kind: Any) -> str:
    if kind.is_decimal():
        return f"numeric({kind.precision}, {kind.scale})"
    return {"int64": "bigint", "string": "text", "date": "date"}[str(kind.copy(nullable=True))]


def _duckdb_type(kind: Any) -> str:
    if kind.is_decimal():
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}[str(kind.copy(nullable=True))]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _spark_session(address: str) -> Any:
    if importlib.util.find_spec("pyspark") is None:
        raise Refused("engine_not_installed", engine="Spark", extra="spark")
    sql = importlib.import_module("pyspark.sql")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    builder = sql.SparkSession.builder.appName("upstream estimate").config(map=_SPARK_SETTINGS)
    builder = (
        builder.remote(address)
        if address.startswith("sc://")
        else builder.master("local[*]" if address == "spark" else address)
    )
    try:
        return builder.getOrCreate()
    except (
        Exception
    ) as problem:  # Spark tells a missing Java or an absent cluster by errors of several libraries
        raise Refused("engine_not_reached", engine="Spark", why=_first_line(problem))


class _SparkFloats(ibis.config.Config):  # type: ignore[misc]
    """How Ibis writes floats for Spark. It sets this itself only with its own Spark connection, which needs pandas."""

    treat_nan_as_null: bool = False


class Spark:
    """A Spark session: in this process, or on a cluster that sees this machine's temporary folder."""

    name = "spark"

    def __init__(self, session: Any, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.version = str(session.version)

    def resolve(self, workbench: duckdb.DuckDBPyConnection, tables: dict[str, Any], expression: Any) -> None:
        for name, table in tables.items():
            path = self.folder / f"{name}.parquet"
            listed = ", ".join(f'"{column}"' for column in table.schema())
            workbench.execute(
                f"COPY (SELECT {listed} FROM {name}) TO '{_quoted(path)}' (FORMAT parquet)"  # noqa: S608 (own text)
            )
            self.session.read.parquet(str(path)).createOrReplaceTempView(name)
        out = self.folder / "lines"
        if ibis.options.pyspark is None:
            ibis.options.pyspark = _SparkFloats()
        sql = ibis.to_sql(expression, dialect="pyspark")
        try:
            self.session.sql(sql).write.mode("overwrite").parquet(str(out))
        except (
            Exception
        ) as problem:  # the driver wraps overflow, lost workers and full disks in errors of its own
            if "NUMERIC_VALUE_OUT_OF_RANGE" in str(problem) or "ARITHMETIC_OVERFLOW" in str(problem):
                raise Refused("estimate_too_large")
            raise Refused("engine_not_reached", engine="Spark", why=_first_line(problem))
        _fill_lines(workbench, "read_parquet(?)", [f"{literal_path(out)}/*.parquet"])

    def cancel(self) -> None:
        self.session.sparkContext.cancelAllJobs()
