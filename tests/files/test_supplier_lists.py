"""Adding many suppliers: all problems at once, each at its cell."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from portal.files.supplier_lists import SUPPLIERS, SupplierRow, countries, read_suppliers, supplier_template
from portal.language import say
from portal.language.sentences import sentence

HEADER = "code,name,name_zh,country,email,roles,materials\n"
GOOD = "V-1,Bright Lake,明湖玻璃,cn,Lead@Brightlake.example,manufacturing; minerals,glass;aluminium_frame\n"


def found(text: str, name: str = "s.csv") -> list[tuple[str, str]]:
    problems = read_suppliers(text.encode(), name).problems
    for problem in problems:
        assert sentence("en", problem) != sentence("zh", problem)
        assert "{" not in sentence("en", problem) + sentence("zh", problem)
    return [(p.code, p.where) for p in problems]


def test_a_good_list_is_read_in_full() -> None:
    read = read_suppliers((HEADER + GOOD + "V-2,Solid Frame,,DE,a@b.example,logistics,\n").encode(), "s.csv")
    assert read.problems == ()
    assert read.suppliers == (
        SupplierRow(
            2,
            "V-1",
            "Bright Lake",
            "明湖玻璃",
            "CN",
            "lead@brightlake.example",
            ("manufacturing", "minerals"),
            ("glass", "aluminium_frame"),
        ),
        SupplierRow(3, "V-2", "Solid Frame", "", "DE", "a@b.example", ("logistics",), ()),
    )


@pytest.mark.parametrize("separator", [";", "\uff1b", "\u3001"])
def test_roles_may_be_chinese_words(separator: str) -> None:
    (row,) = read_suppliers(
        (HEADER + f"V-1,X,,CN,a@b.example,制造{separator}物流,\n").encode(), "s.csv"
    ).suppliers
    assert row.roles == ("manufacturing", "logistics")


def test_every_problem_is_reported_at_once_with_its_cell() -> None:
    bad = "-V,," + "名" * 201 + ",China,lead at home,trader,Glass Panes\n"
    assert found(HEADER + GOOD + bad + ",X,,XX,a@b,,\n") == [
        ("supplier_code_form", "A3"),
        ("supplier_value_missing", "B3"),
        ("supplier_name_long", "C3"),
        ("supplier_country_unknown", "D3"),
        ("supplier_email_form", "E3"),
        ("supplier_role_unknown", "F3"),
        ("supplier_material_form", "G3"),
        ("supplier_value_missing", "A4"),
        ("supplier_country_unknown", "D4"),
        ("supplier_email_form", "E4"),
        ("supplier_value_missing", "F4"),
    ]


def test_a_code_may_stand_only_once_whatever_its_case() -> None:
    read = read_suppliers((HEADER + GOOD + GOOD.replace("V-1", "v-1") + GOOD).encode(), "s.csv")
    assert [(p.code, p.where, p.values["first"]) for p in read.problems] == [
        ("supplier_twice", "A3", "A2"),
        ("supplier_twice", "A4", "A2"),
    ]
    assert [s.number for s in read.suppliers] == [2]


def test_missing_columns_and_foreign_files() -> None:
    assert found("code,name,country\nV-1,X,CN\n") == [
        ("column_missing", "s.csv"),
        ("column_missing", "s.csv"),
    ]
    assert found("a,b\n1,2\n") == [("header_not_found", "s.csv")]
    assert found("<html></html>") == [("upload_disguised", "s.csv")]
    assert found(HEADER) == [("table_empty", "s.csv")]


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_template_filled_in_reads_back(locale: str) -> None:
    assert read_suppliers(supplier_template(locale, "csv"), "s.csv").problems[0].code == "table_empty"
    assert read_suppliers(supplier_template(locale, "xlsx"), "s.xlsx").problems[0].code == "table_empty"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [say(locale, c.label) for c in SUPPLIERS.columns])
        sheet.write_row(1, 0, [SUPPLIERS.example.get(c.key, "") for c in SUPPLIERS.columns])
    read = read_suppliers(out.getvalue(), "s.xlsx")
    assert read.problems == ()
    assert read.suppliers[0].code == "V-10023"


def test_a_code_that_is_a_formula_is_named_once() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, GOOD.strip().split(","))
        sheet.write_formula(1, 0, '="V"&1', None, "")
    read = read_suppliers(out.getvalue(), "s.xlsx")
    assert [(p.code, p.where) for p in read.problems] == [("cell_formula", "A2")]
    assert read.suppliers == ()


def test_countries_are_those_of_the_standard() -> None:
    assert {"CN", "DE", "TW", "HK", "VN"} <= countries()
    assert not {"EU", "ZZ", "UN", "XK"} & countries()
    assert len(countries()) == 249
