"""The estimate end to end on small files whose every figure was worked out by hand."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.carbon.factors import read_factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.core.errors import Invalid, NotFound, Refused
from portal.language.sentences import sentence
from portal.operations.estimating import Inputs, page_of_lines, run_estimate

SAMPLES = Path(__file__).parent.parent / "samples" / "carbon"
HEAD = "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector\n"


def sample_inputs(ledger: Path = SAMPLES / "ledger.csv") -> Inputs:
    return Inputs(
        ledger,
        footprints=SAMPLES / "footprints.csv",
        inventories=SAMPLES / "inventories.csv",
        factors=[SAMPLES / "factors.csv"],
        rates=SAMPLES / "rates.csv",
        prices=SAMPLES / "prices.csv",
    )


def lines_of(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "lines.csv").open(encoding="utf-8") as stream:
        return {row["line_id"]: row for row in csv.DictReader(stream)}


def estimate(tmp_path: Path, rows: list[str], **inputs: object) -> dict[str, dict[str, str]]:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    run_estimate(Inputs(ledger, **inputs), year=2023, out_dir=tmp_path / "out")
    return lines_of(tmp_path / "out")


def footprint(**changes: object) -> Footprint:
    plain: dict[str, object] = {
        "footprint_id": "F1",
        "supplier_id": "S1",
        "product_id": "P1",
        "declared_unit": "kg",
        "declared_amount": Decimal(1),
        "pcf_kgco2e": Decimal(10),
        "period_start": date(2022, 1, 1),
        "period_end": date(2022, 12, 31),
    }
    return Footprint(**{**plain, **changes})


def test_every_method_gives_the_figure_worked_out_by_hand(tmp_path: Path) -> None:
    summary = run_estimate(sample_inputs(), year=2023, out_dir=tmp_path).summary
    lines = lines_of(tmp_path)
    # 10 t = 10 000 kg x 61/2
    assert (lines["L1"]["method"], lines["L1"]["kgco2e"]) == ("supplier_specific", "305000.000000")
    # 500 t of 10 000 t x (1000 + 500 market-based + 1500) t = 150 t
    assert (lines["L2"]["method"], lines["L2"]["kgco2e"]) == ("hybrid", "150000.000000")
    # 200 XTS = 10 USD of 50 USD x (40 + 60) t = 20 t
    assert (lines["L3"]["method"], lines["L3"]["kgco2e"]) == ("hybrid", "20000.000000")
    assert lines["L3"]["reason"] == "allocated_by_revenue_own_emissions_only"
    assert (lines["L4"]["method"], lines["L4"]["kgco2e"]) == ("average_data", "5000.000000")
    assert (lines["L4"]["source_id"], lines["L4"]["geography_used"]) == ("FILM-VN", "VN")
    # 1000 USD / (125/100) x 0.4
    assert (lines["L5"]["method"], lines["L5"]["kgco2e"]) == ("spend_based", "320.000000")
    assert (lines["L6"]["method"], lines["L6"]["kgco2e"]) == ("unreached", "")
    assert lines["L8"]["kgco2e"] == "-250.000000"
    assert "L7" not in lines
    assert summary["total_tco2e"] == "480.070000"
    assert summary["by_method"]["supplier_specific"]["spend_usd"] == "100000.00"
    assert summary["by_method"]["average_data"] == {
        "lines": 2,
        "spend_usd": "0.00",
        "tco2e": "4.750000",
        "kgco2e": "4750.000000",
    }
    assert summary["unreached"] == {"lines": 1, "spend_usd": "100.00", "listed": ["L6"]}
    assert summary["not_in_year"] == {"lines": 1, "by_year": {"2022": 1}}
    # (305 x 80 % + 150 x 1500/3000 + 20 x 100 %) / 480.07
    assert summary["primary_data_share"] == "70.61"
    assert list(summary["by_material"])[:2] == ["polysilicon", "glass"]
    assert set(summary["inputs"]) == {
        "ledger.csv", "footprints.csv", "inventories.csv", "factors.csv", "rates.csv", "prices.csv",
    }  # fmt: skip


def test_the_same_inputs_give_the_same_bytes_and_the_summary_is_in_the_folder(tmp_path: Path) -> None:
    first = run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "a")
    second = run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "b")
    assert first.run == second.run
    for name in ("lines.parquet", "lines.csv", "sources.csv", "estimate.json", "manifest.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert json.loads((tmp_path / "a" / "estimate.json").read_text(encoding="utf-8")) == first.summary
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "estimate.json", "lines.csv", "lines.parquet", "manifest.json", "sources.csv",
    ]  # fmt: skip
    assert run_estimate(sample_inputs(), year=2022, out_dir=tmp_path / "c").run != first.run


def test_the_order_of_lines_changes_no_total(tmp_path: Path) -> None:
    head, *rows = (SAMPLES / "ledger.csv").read_text(encoding="utf-8").splitlines()
    shuffled = tmp_path / "ledger.csv"
    shuffled.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    one = run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "a").summary
    two = run_estimate(sample_inputs(shuffled), year=2023, out_dir=tmp_path / "b").summary
    for key in (
        "total_tco2e",
        "interval_95",
        "by_method",
        "by_material",
        "by_supplier",
        "primary_data_share",
    ):
        assert one[key] == two[key], key
    assert list(lines_of(tmp_path / "b")) == list(reversed(list(lines_of(tmp_path / "a"))))


@pytest.mark.parametrize(
    ("line", "given", "reason"),
    [
        ("L,2023-01-01,S1,P1,x,3,t,,,CN,", footprint(), "footprint_of_product"),
        ("L,2023-01-01,S1,P1,x,3,m2,,,CN,", footprint(), "unreached_without_spend; footprint_unit_differs"),
        ("L,2023-01-01,S1,P2,x,3,t,,,CN,", footprint(), "unreached_without_spend"),
        ("L,2023-01-01,S1,,x,3,t,,,CN,", footprint(material="x"), "unreached_without_spend"),
        ("L,2023-01-01,S2,P1,x,3,t,,,CN,", footprint(), "unreached_without_spend"),
        (
            "L,2023-02-01,S1,P1,x,3,t,,,CN,",
            footprint(valid_until=date(2023, 1, 31)),
            "unreached_without_spend; footprint_not_valid_on_date",
        ),
        (
            "L,2023-02-01,S1,P1,x,3,t,,,CN,",
            footprint(period_start=date(2018, 1, 1), period_end=date(2020, 1, 31)),
            "unreached_without_spend; footprint_not_valid_on_date",
        ),
    ],
)
def test_a_footprint_serves_only_its_own_product_supplier_unit_and_time(
    tmp_path: Path, line: str, given: Footprint, reason: str
) -> None:
    lines = estimate(tmp_path, [line], footprints=[given])
    assert lines["L"]["reason"] == reason
    assert lines["L"]["kgco2e"] == ("30000.000000" if reason == "footprint_of_product" else "")


def test_a_newer_footprint_replaces_an_older_one_from_its_period_on(tmp_path: Path) -> None:
    older = footprint(footprint_id="OLD", pcf_kgco2e=Decimal(10))
    newer = footprint(
        footprint_id="NEW", pcf_kgco2e=Decimal(7), period_start=date(2023, 4, 1), period_end=date(2023, 9, 30)
    )
    rows = [f"{day},{day},S1,P1,x,1,kg,,,CN," for day in ("2023-03-31", "2023-04-01", "2023-12-31")]
    lines = estimate(tmp_path, rows, footprints=[newer, older])
    assert [line["source_id"] for line in lines.values()] == ["OLD", "NEW", "NEW"]


def test_an_inventory_is_never_shared_out_over_100_per_cent(tmp_path: Path) -> None:
    inventory = Inventory(
        "S1", 2023, Decimal(10), Decimal(10), output_quantity=Decimal(100), output_unit="kg"
    )
    rows = [f"{n},2023-01-01,S1,,x,60,kg,,,CN," for n in "AB"]
    assert estimate(tmp_path, rows[:1], inventories=[inventory])["A"]["kgco2e"] == "12000.000000"
    lines = estimate(tmp_path, rows, inventories=[inventory])
    assert {line["method"] for line in lines.values()} == {"unreached"}
    assert lines["A"]["reason"] == "unreached_without_spend; inventory_over_100_refused"
    summary = json.loads((tmp_path / "out" / "estimate.json").read_text(encoding="utf-8"))
    assert summary["warnings"][0]["code"] == "inventory_shares_over_100"
    assert "120.00 per cent" in summary["warnings"][0]["text"]


def test_an_inventory_of_another_year_or_without_scope_2_is_not_used(tmp_path: Path) -> None:
    output = {"output_quantity": Decimal(100), "output_unit": "kg"}
    other_year = Inventory("S1", 2022, Decimal(10), Decimal(10), **output)
    no_scope2 = Inventory("S2", 2023, Decimal(10), **output)
    rows = ["A,2023-01-01,S1,,x,6,kg,,,CN,", "B,2023-01-01,S2,,x,6,kg,,,CN,"]
    lines = estimate(tmp_path, rows, inventories=[other_year, no_scope2])
    assert lines["A"]["reason"].endswith("inventory_of_another_year")
    assert lines["B"]["reason"].endswith("inventory_without_scope2")


def test_geography_falls_back_from_country_to_region_to_world_to_any_other(tmp_path: Path) -> None:
    def factor(geography: str) -> object:
        read, problems = read_factor(
            {
                "factor_id": geography, "name_en": "Film", "material": "film", "geography": geography,
                "year": "2022", "value": "2", "unit": "kgCO2e/kg", "source": "test",
            }
        )  # fmt: skip
        assert not problems
        return read

    rows = ["L,2023-01-01,S,,film,1,kg,,,DE,"]
    known = ["FR", "GLO", "Europe", "REGION-EU", "DEU"]
    used = []
    while known:
        lines = estimate(tmp_path, rows, factors=[factor(place) for place in known])
        used.append((lines["L"]["source_id"], lines["L"]["reason"]))
        known.remove(lines["L"]["source_id"])
    assert used == [
        ("DEU", "factor_of_country"),
        ("REGION-EU", "factor_of_region"),
        ("Europe", "factor_of_region"),
        ("GLO", "factor_of_world"),
        ("FR", "factor_of_other_geography"),
    ]


def test_the_shipped_tables_are_used_when_none_are_given(tmp_path: Path) -> None:
    rows = [
        "A,2023-01-01,S,,polysilicon,1,t,,,CN,",
        "B,2023-01-01,S,,silver_paste,,,7075,CNY,CN,",
        "C,2023-01-01,S,,cell,1000,piece,7075,CNY,CN,",
    ]
    lines = estimate(tmp_path, rows)
    # 72 kWh/kg x 0.5777 kgCO2e/kWh
    assert lines["A"]["kgco2e"] == "41594.400000"
    assert lines["A"]["reason"] == "factor_of_country_proxy"
    # 1000 USD / (304.702 / 292.655) x 0.423
    assert lines["B"]["kgco2e"] == "406.275853"
    assert lines["B"]["reason"] == "spend_factor_by_default_of_other_geography"
    assert lines["C"]["reason"].endswith("; factor_unit_differs")
    assert lines["C"]["quality"] > lines["A"]["quality"]


def test_given_factors_replace_the_shipped_ones_and_their_default_sectors(tmp_path: Path) -> None:
    rows = ["B,2023-01-01,S,,ribbon,,,1,USD,US,"]
    assert estimate(tmp_path, rows)["B"]["method"] == "spend_based"
    assert estimate(tmp_path, rows, factors=[SAMPLES / "factors.csv"])["B"]["method"] == "unreached"


def test_a_missing_price_index_is_told_and_its_lines_are_listed_not_zero(tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("year,index,source\n2022,100,test\n", encoding="utf-8")
    lines = estimate(
        tmp_path, ["B,2023-01-01,S,,x,,,1,USD,US,331420"], prices=prices, factors=[SAMPLES / "factors.csv"]
    )
    assert lines["B"]["method"] == "unreached"
    summary = json.loads((tmp_path / "out" / "estimate.json").read_text(encoding="utf-8"))
    assert [each["code"] for each in summary["warnings"]] == ["price_index_missing"]


def test_a_thousandfold_footprint_is_told(tmp_path: Path) -> None:
    slipped = footprint(material="polysilicon", pcf_kgco2e=Decimal(30500))
    estimate(tmp_path, ["L,2023-01-01,S1,P1,polysilicon,1,kg,,,CN,"], footprints=[slipped])
    summary = json.loads((tmp_path / "out" / "estimate.json").read_text(encoding="utf-8"))
    assert [each["code"] for each in summary["warnings"]] == ["footprint_thousandfold"]


def test_nothing_is_written_when_anything_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as told:
        estimate(tmp_path, ["L,2023-01-01,S1,P1,x,1,stone,,,CN,"])
    assert [problem.where for problem in told.value.problems] == ["ledger.csv:2:unit"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("pcf", "amount"), [("999999999999999", "0.000000000001"), ("900000000000", "1000")])
def test_a_line_too_large_to_compute_exactly_is_refused_in_words(
    tmp_path: Path, pcf: str, amount: str
) -> None:
    huge = footprint(pcf_kgco2e=Decimal(pcf), declared_amount=Decimal(amount))
    with pytest.raises(Refused) as told:
        estimate(tmp_path, ["L,2023-01-01,S1,P1,x,999999999999999,t,,,CN,"], footprints=[huge])
    assert told.value.problem.code == "multiplier_too_large"
    assert told.value.problem.values == {"source": huge.footprint_id, "whose": "S1"}
    assert huge.footprint_id in sentence("en", told.value.problem)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Refused) as told:
        run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "file" / "out")
    assert told.value.problem.code == "results_not_written"


def test_cells_a_spreadsheet_would_run_are_made_harmless_in_the_csv(tmp_path: Path) -> None:
    rows = ["=1+1,2023-01-01,@S,,x,,,1,USD,US,", "+1,2023-01-01,S-1,,-x,,,1,USD,US,"]
    lines = estimate(tmp_path, rows)
    assert lines["'=1+1"]["supplier_id"] == "'@S"
    assert (lines["'+1"]["supplier_id"], lines["'+1"]["material"]) == ("S-1", "'-x")
    assert page_of_lines(tmp_path / "out").lines[0]["line_id"] == "=1+1"


def test_blanks_around_cells_are_taken_off_and_nothing_else_is_done_to_them(tmp_path: Path) -> None:
    plain = [
        "L1,2023-01-01,S1,P1,film,2,kg,10.50,USD,CN,331420",
        'L2,2023-01-02,"S ""2""",,film,,,7,USD,,331420',
    ]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert estimate(tmp_path / "a", plain) == estimate(
        tmp_path / "b", [" L1 ,2023-01-01  , S1,P1 , film,2 , kg, 10.50,USD ,CN, 331420", plain[1]]
    )


def test_lines_are_read_in_pages(tmp_path: Path) -> None:
    tmp_path = tmp_path / "run [1]*"
    run_estimate(sample_inputs(), year=2023, out_dir=tmp_path)
    page = page_of_lines(tmp_path, order="tonnes", limit=2)
    assert ([line["line_id"] for line in page.lines], page.count) == (["L1", "L2"], 7)
    assert page.lines[0]["kgco2e"] == Decimal(305000)
    page = page_of_lines(tmp_path, material="film", method="average_data", supplier_id="S4", offset=1)
    assert ([line["line_id"] for line in page.lines], page.count) == (["L8"], 2)
    assert page_of_lines(tmp_path, material="'; DROP TABLE lines; --").count == 0
    with pytest.raises(NotFound):
        page_of_lines(tmp_path / "elsewhere")


def test_progress_is_told_from_first_to_last_step(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_estimate(sample_inputs(), year=2023, out_dir=tmp_path, progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(7))
    assert {of for _, _, of in told} == {6}


@pytest.mark.slow
def test_a_long_ledger_keeps_its_order_and_its_bytes(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    rows = "".join(f"L{n},2023-01-01,S{n % 7},,ribbon,,,{n}.25,USD,US,331420\n" for n in range(150_000))
    ledger.write_text(HEAD + rows, encoding="utf-8")
    inputs = Inputs(ledger, factors=[SAMPLES / "factors.csv"])
    for folder in ("a", "b"):
        summary = run_estimate(inputs, year=2023, out_dir=tmp_path / folder).summary
    assert [line[1:] for line in lines_of(tmp_path / "a")] == [str(n) for n in range(150_000)]
    for name in ("lines.parquet", "lines.csv", "estimate.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert summary["by_method"]["spend_based"]["lines"] == 150_000
