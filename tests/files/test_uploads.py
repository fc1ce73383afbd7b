"""Uploads are judged by content. Every refusal has a sentence in both languages."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
import xlsxwriter

from portal.core.errors import Invalid
from portal.files.uploads import TABLES, Upload, clean_name, judge_upload
from portal.language.sentences import sentence

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 40 + b"\xff\xd9"
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def make_xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "a")
    return out.getvalue()


def make_zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def content_types(main: str) -> bytes:
    return f'<Types><Override PartName="/x" ContentType="application/{main}"/></Types>'.encode()


def make_docx() -> bytes:
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return make_zip({"[Content_Types].xml": content_types(kind), "word/document.xml": b"<w/>"})


def make_xlsm() -> bytes:
    kind = "vnd.ms-excel.sheet.macroEnabled.main+xml"
    return make_zip({"[Content_Types].xml": content_types(kind), "xl/vbaProject.bin": b"x"})


def refusal(name: str, content: bytes, **options: object) -> str:
    """The single code of the refusal, once its sentence exists in both languages and differs."""
    with pytest.raises(Invalid) as caught:
        judge_upload(name, content, **options)
    (problem,) = caught.value.problems
    english, chinese = sentence("en", problem), sentence("zh", problem)
    assert english != chinese
    assert "{" not in english + chinese
    assert clean_name(name) in english
    return problem.code


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Policy.PDF", PDF, "pdf"),
        ("line.png", PNG, "png"),
        ("photo.jpg", JPEG, "jpeg"),
        ("table.xlsx", make_xlsx(), "xlsx"),
        ("report.docx", make_docx(), "docx"),
        ("data.csv", "name,值\na,1\n".encode(), "csv"),
        ("data.csv", "名称,值\n玻璃,1\n".encode("gb18030"), "csv"),
        ("data.csv", "名称;值\n玻璃;1\n".encode("utf-16"), "csv"),
    ],
)
def test_the_six_kinds_are_accepted(name: str, content: bytes, kind: str) -> None:
    upload = judge_upload(name, content)
    assert (upload.kind, upload.size, upload.name) == (kind, len(content), name)


def test_an_accepted_upload_knows_its_hash_and_leaves_the_stream_at_its_start() -> None:
    stream = io.BytesIO(PDF)
    stream.seek(7)
    upload = judge_upload("a.pdf", stream)
    assert upload == Upload(
        "a.pdf",
        "pdf",
        "application/pdf",
        hashlib.sha256(PDF).hexdigest(),
        len(PDF),
    )
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "upload_empty"),
        ("a.pdf", PDF[:20], "upload_damaged"),
        ("a.png", PNG[:30], "upload_damaged"),
        ("a.jpg", JPEG[:-2], "upload_damaged"),
        ("a.xlsx", make_xlsx()[:-40], "upload_damaged"),
        ("a.xlsm", make_xlsm(), "upload_macros"),
        ("a.xlsx", make_xlsm(), "upload_macros"),
        ("a.xlsx", CFB + "EncryptedPackage".encode("utf-16-le"), "upload_encrypted"),
        ("a.xls", CFB + "Workbook".encode("utf-16-le"), "upload_legacy_xls"),
        ("a.doc", CFB + "WordDocument".encode("utf-16-le"), "upload_legacy_doc"),
        ("a.msg", CFB, "upload_legacy"),
        ("report.pdf", b"MZ\x90\x00" + b"\0" * 300, "upload_disguised"),
        ("report.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "upload_disguised"),
        ("table.csv", b"\n <html><body>a,b</body></html>", "upload_disguised"),
        ("report.pdf", PNG, "upload_misnamed"),
        ("report.pdf", b"just,text\n", "upload_disguised_text"),
        ("report.pdf", b"\x00\x01\x02\x03" * 50, "upload_disguised_unknown"),
        ("blob", b"\x00\x01\x02\x03" * 50, "upload_unknown"),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "upload_type_refused"),
        ("page.html", b"<html></html>", "upload_type_refused"),
        ("setup.exe", b"MZ\x90\x00" + b"\0" * 300, "upload_type_refused"),
        ("many.zip", make_zip({"a.txt": b"x"}), "upload_type_refused"),
        ("notes.txt", b"a,b\n1,2\n", "upload_type_refused"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, "upload_type_refused"),
        ("a.csv", b"a,b\n1,\x002\n", "upload_disguised_unknown"),
        ("a.csv", b"a,b\n" * 2000 + b"1,\x002\n", "csv_binary"),
        ("a.csv", "Name,Ort\nMüller,Köln\n".encode("latin-1"), "csv_encoding"),
        ("a.csv", b"just one line of prose\n", "csv_no_columns"),
        ("a.csv", b"  \n", "upload_empty"),
    ],
)
def test_what_is_refused_and_why(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content) == code


def test_a_forty_megabyte_file_is_refused_before_it_is_read_whole() -> None:
    class Endless(io.RawIOBase):
        """A stream that would never end."""

        taken = 0

        def seek(self, *_: int) -> int:
            return 0

        def read(self, size: int = -1) -> bytes:
            Endless.taken += size
            return b"x" * size

    with pytest.raises(Invalid) as caught:
        judge_upload("big.pdf", Endless())
    assert [p.code for p in caught.value.problems] == ["upload_too_large"]
    assert Endless.taken < 31 * 1024 * 1024
    assert refusal("big.pdf", PDF + b"x" * 40 * 1024 * 1024) == "upload_too_large"


def test_a_bomb_is_refused_unopened() -> None:
    bomb = make_zip({"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"\0" * 60_000_000})
    assert len(bomb) < 100_000
    assert refusal("a.xlsx", bomb) == "upload_unpacks_too_large"
    many = make_zip({f"{i}": b"" for i in range(2_100)})
    assert refusal("a.xlsx", many) == "upload_unpacks_too_large"


def test_tables_accept_only_tables() -> None:
    assert judge_upload("t.xlsx", make_xlsx(), allowed=TABLES).kind == "xlsx"
    assert refusal("a.pdf", PDF, allowed=TABLES) == "upload_type_refused"
    assert refusal("a.xlsx", PDF, allowed=TABLES) == "upload_disguised"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\证书 2025.pdf", "证书 2025.pdf"),
        ("in\u202efdp.exe", "infdp.exe"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_kept_as_harmless_text(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_name_without_ending_gets_that_of_its_content() -> None:
    assert judge_upload("certificate", PDF).name == "certificate.pdf"
