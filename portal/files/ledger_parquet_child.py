"""The box in which a stranger's Parquet file is read: every column as text into a Parquet file of ours.

Arguments: the file, the target, limits as JSON. Writes one JSON object to standard output: columns with the letter
of their kind and their type as the file names it, or that the file is broken. Imports nothing of the portal.
"""

from __future__ import annotations

import json
import resource
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH = 65_536


def kind_of(kind):
    """The letter of a column's kind: n number, d day, m moment, t text, b yes/no, x what is no single value."""
    if pa.types.is_dictionary(kind):
        return kind_of(kind.value_type)
    tests = (
        ("b", pa.types.is_boolean),
        ("n", pa.types.is_integer),
        ("n", pa.types.is_floating),
        ("n", pa.types.is_decimal),
        ("d", pa.types.is_date),
        ("m", pa.types.is_timestamp),
        ("t", pa.types.is_string),
        ("t", pa.types.is_large_string),
        ("t", pa.types.is_null),
    )
    return next((letter for letter, fits in tests if fits(kind)), "x")


def as_text(column, letter):
    """A column as trimmed text, "" for what is missing or no single value."""
    if letter == "x":
        return pa.array([""] * len(column), pa.string())
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_float16(column.type) or pa.types.is_float32(column.type):
        # a short float prints as what was written, 0.1; made longer it would be 0.10000000149011612
        column = column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())
    if pa.types.is_floating(column.type):
        texts = [None if v is None else plain_number(v) for v in column.to_pylist()]
        return pc.fill_null(pa.array(texts, pa.string()), "")
    if letter == "n":
        texts = [
            None if v is None else format(v, "f") if hasattr(v, "as_tuple") else str(v)
            for v in column.to_pylist()
        ]
        return pc.fill_null(pa.array(texts, pa.string()), "")
    return pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))


def plain_number(value):
    """A binary number as the shortest decimal text that stands for it; infinities and NaN as words."""
    text = repr(value)
    if "e" not in text:
        return text.removesuffix(".0")
    mantissa, _, power = text.partition("e")
    digits, _, rest = mantissa.partition(".")
    places = int(power) - len(rest)
    whole = (digits + rest).lstrip("-")
    sign = "-" if text.startswith("-") else ""
    if abs(places) > 40:
        return text
    return sign + (whole + "0" * places if places >= 0 else _pointed(whole, -places))


def _pointed(whole, places):
    whole = whole.rjust(places + 1, "0")
    return whole[:-places] + "." + whole[-places:]


def convert(source, target, limits):
    """Write the file as text and return what its columns are."""
    with pq.ParquetFile(source) as held:
        names, kinds = held.schema_arrow.names, [kind_of(t) for t in held.schema_arrow.types]
        if len(names) > limits["columns"] or held.metadata.num_rows > limits["rows"]:
            return {
                "problem": {
                    "code": "ledger_too_large",
                    "where": "",
                    "values": {"rows": limits["rows"], "columns": limits["columns"]},
                }
            }
        fields = [
            ("row", pa.int64()),
            ("kinds", pa.string()),
            *((f"c{i}", pa.string()) for i in range(len(names))),
        ]
        schema, word, row = pa.schema(fields), "".join(kinds), 0
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in held.iter_batches(batch_size=BATCH):
                count = batch.num_rows
                columns = [as_text(column, kind) for column, kind in zip(batch.columns, kinds, strict=True)]
                rows = pa.array(range(row + 1, row + count + 1), pa.int64())
                writer.write_batch(
                    pa.record_batch([rows, pa.array([word] * count, pa.string()), *columns], schema=schema)
                )
                row += count
        types = [str(t) for t in held.schema_arrow.types]
    return {"names": names, "kinds": kinds, "types": types, "rows": row}


def main():
    """Entry point."""
    limits = json.loads(sys.argv[3])
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told = convert(sys.argv[1], sys.argv[2], limits)
    except MemoryError:
        told = {"problem": {"code": "sheet_too_heavy", "where": "", "values": {}}}
    except (pa.ArrowException, OSError, ValueError):
        told = {"problem": {"code": "table_parquet_broken", "where": "", "values": {}}}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
