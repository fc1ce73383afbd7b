"""Archives: names every system can hold, a manifest that matches, the same bytes for the same content."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reports.archive import LONGEST_NAME, MANIFEST, Part, free_path, safe_name, write_archive

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("环境许可证（2026）.pdf", "环境许可证（2026）.pdf"),
        ("a:b?c*.pdf", "a_b_c_.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("report. . ", "report"),
        ("", "file"),
        ("...", "file"),
        ("a\u202egnp.exe\x00", "agnp.exe"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=200))
def test_no_name_escapes_or_grows(name: str) -> None:
    safe = safe_name(name)
    assert safe and len(safe) <= LONGEST_NAME + 1
    assert not set(safe) & set('<>:"/\\|?*') and safe not in {".", ".."}
    assert safe_name(safe) == safe


def test_equal_names_are_told_apart_whatever_their_case() -> None:
    taken = {"evidence/index.csv"}
    paths = [
        free_path("evidence", name, taken) for name in ("A.pdf", "a.PDF", "a.pdf", "index.csv", "x", "x")
    ]
    assert paths == [
        "evidence/A.pdf", "evidence/a (2).PDF", "evidence/a (3).pdf", "evidence/index (2).csv", "evidence/x",
        "evidence/x (2)",
    ]  # fmt: skip


def test_the_manifest_names_every_file_with_its_digest() -> None:
    data = {"证明/文件.pdf": b"%PDF-1", "a.txt": b"text" * 1000}
    made = []
    for _ in range(2):
        out = io.BytesIO()
        parts = [Part(p, lambda d=d: io.BytesIO(d), packed=p.endswith("pdf")) for p, d in data.items()]
        write_archive(out, parts, title="T 标题", made_at=AT)
        made.append(out.getvalue())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*data, MANIFEST]
        manifest = json.loads(archive.read(MANIFEST))
        assert manifest["schema"] == "upstream-package/1" and manifest["title"] == "T 标题"
        assert {f["path"]: (f["bytes"], f["sha256"]) for f in manifest["files"]} == {
            path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in data.items()
        }
        assert {i.filename: i.compress_type for i in archive.infolist()}[
            "证明/文件.pdf"
        ] == zipfile.ZIP_STORED
