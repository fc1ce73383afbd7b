"""Plausible answers for an invented company: the better its level, the better its answers, with its own small surprises."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from portal.core.questionnaire.model import Band, Indicator, Questionnaire, indicators_of
from portal.demo.companies import Company

Raw = object


def chance(*parts: object) -> float:
    """A number 0..1 that is always the same for the same parts."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def answers_for(
    questionnaire: Questionnaire, company: Company, *, year: int, lift: float = 0.0
) -> dict[str, Raw]:
    """Raw answers by indicator code, as a person would give them. `lift` moves the level, for example between rounds."""
    level = min(0.97, max(0.05, company.level + lift))
    return {i.code: _answer(i, company, level, year) for i in indicators_of(questionnaire)}


def _answer(indicator: Indicator, company: Company, level: float, year: int) -> Raw:
    if indicator.code == "GOV-01":
        return list(company.scope)
    if indicator.kind == "table":
        return _rows(indicator.code, company, year)
    if indicator.kind == "date":
        return (
            date(year + 1, 9, 30) + timedelta(days=int(400 * chance(company.code, indicator.code)))
        ).isoformat()
    if indicator.kind == "text":
        return TEXTS["CN" if company.country == "CN" else "other"]
    wish = min(1.0, max(0.0, level + 0.45 * (chance(company.code, indicator.code) - 0.45)))
    if indicator.gating:
        wish = 0.0 if indicator.code in company.flags else max(wish, 0.62)
    if indicator.kind == "multiple":
        return [o.key for o in indicator.options if chance(company.code, indicator.code, o.key) < wish + 0.12]
    if indicator.options:
        able = [
            o
            for o in indicator.options
            if not indicator.gating or o.points > 0 or indicator.code in company.flags
        ]
        return min(able, key=lambda o: (abs(float(o.points) - wish), o.points)).key
    if indicator.bands:
        return _inside(indicator, _band_near(indicator, wish), chance(company.code, indicator.code, "value"))
    return _size(indicator, company, wish)


def _band_near(indicator: Indicator, wish: float) -> int:
    usable = [n for n, b in enumerate(indicator.bands) if not indicator.gating or b.points > 0 or wish == 0.0]
    return min(usable, key=lambda n: abs(float(indicator.bands[n].points) - wish))


def _inside(indicator: Indicator, place: int, share: float) -> str:
    """A value for which the band at `place` is the first that matches."""
    bounds: list[Decimal] = [b.bound for b in indicator.bands if b.bound is not None]
    rising = bounds[0] >= bounds[-1] and indicator.bands[0].op.startswith(">")
    band: Band = indicator.bands[place]
    step = Decimal(1) if indicator.whole else Decimal("0.1")
    span = Decimal(str(round(share, 2)))
    if rising:
        low = band.bound if band.bound is not None else max(indicator.minimum or Decimal(0), bounds[-1] - 12)
        high = (
            bounds[place - 1] - step
            if place
            else min(indicator.maximum or low + 20, low + 15, max(low, Decimal(100)))
        )
        low = low + step if band.op == ">" else low
    else:
        high = band.bound if band.bound is not None else bounds[-1] + 2 + 6 * span
        low = (
            bounds[place - 1] + step
            if place
            else max(indicator.minimum if indicator.minimum is not None else high - 4, high - 4)
        )
    value = low + (max(high, low) - low) * span
    return str(int(value)) if indicator.whole else format(value.quantize(Decimal("0.1")), "f")


# Yearly electricity in MWh by material, for a plant of a size that fits the demo's ledger.
_POWER = {
    "mg_silicon": 260_000, "polysilicon": 1_450_000, "wafer": 310_000, "cell": 420_000, "glass": 380_000, "aluminium_frame": 96_000,
    "encapsulant": 34_000, "backsheet": 21_000, "junction_box": 9_000, "silver_paste": 5_200, "ribbon": 7_400, "packaging": 11_000,
    "chemicals": 88_000, "logistics": 1_900, "services": 620,
}  # fmt: skip


def electricity_mwh(company: Company) -> Decimal:
    """The company's electricity in a year, MWh."""
    return Decimal(int(_POWER[company.materials[0]] * (0.8 + 0.4 * chance(company.code, "mwh"))))


def scope_1(company: Company) -> Decimal:
    """The company's scope 1 in a year, tCO2e; glass melts with gas, the others mostly use electricity."""
    share = Decimal("0.62") if company.materials[0] == "glass" else Decimal("0.07")
    return (electricity_mwh(company) * share).quantize(Decimal("0.1"))


def scope_2(company: Company) -> Decimal:
    """The company's location-based scope 2 in a year, tCO2e, at a round grid factor."""
    return (
        electricity_mwh(company) * (Decimal("0.56") if company.country == "CN" else Decimal("0.41"))
    ).quantize(Decimal("0.1"))


def green_share(company: Company) -> Decimal:
    """The part of its electricity that is renewable, 0..1."""
    return Decimal(str(round(max(0.0, company.level - 0.35) * chance(company.code, "green") * 1.6, 2)))


def _size(indicator: Indicator, company: Company, wish: float) -> str:
    if indicator.code == "NRG-01":
        return str(electricity_mwh(company))
    if indicator.code == "CDS-02":
        return str(scope_1(company))
    if indicator.unit == "%":
        return str(int(100 * min(1.0, wish)))
    if indicator.code == "EMW-01":
        return str(int(electricity_mwh(company) * Decimal("1.7")))
    if indicator.code == "WST-01":
        return format((electricity_mwh(company) / 900).quantize(Decimal("0.1")), "f")
    return "1"


def _rows(code: str, company: Company, year: int) -> list[dict[str, str]]:
    material = company.materials[0]
    if code == "CDS-03":
        market = (scope_2(company) * (1 - green_share(company))).quantize(Decimal("0.1"))
        return [
            {
                "year": str(year),
                "scope2_location_based": str(scope_2(company)),
                "scope2_market_based": str(market) if company.level > 0.5 else "",
                "grid_factor_source": "MEE/NBS" if company.country == "CN" else "National grid factor",
            }
        ]
    if code == "CDS-08":
        part = (scope_1(company) * Decimal("0.12")).quantize(Decimal("0.1"))
        return [
            {
                "material": material,
                "quantity_delivered": "12 400 t",
                "allocated_tco2e": str(part),
                "allocation_method": "mass",
                "year": str(year),
            }
        ]
    if code == "PCF-02":
        return [
            {
                "product": f"{company.code}-A", "declared_unit": "1 kg", "cradle_to_gate_kgco2e": str(Decimal("1.2") + Decimal(str(round(chance(company.code), 2)))),
                "reference_period": str(year), "primary_data_share": str(int(90 * company.level)),
                "emission_factor_source": "Supplier data and national factors", "third_party_verified": "yes" if company.level > 0.75 else "no",
            }
        ]  # fmt: skip
    if code == "NRG-03":
        mwh = (electricity_mwh(company) * green_share(company)).quantize(Decimal("0.1"))
        return [
            {
                "source_type": "Rooftop PV",
                "mwh": str(mwh),
                "certificate_or_contract_no": f"DEMO-{company.code}",
                "generation_year": str(year),
                "retired": "yes",
            }
        ]
    return [
        {
            "material": material,
            "country_or_region": company.country,
            "facility_name": f"{company.name} works",
            "share_of_volume": "80",
        },
        {
            "material": material,
            "country_or_region": "AU",
            "facility_name": "Ochre Bay works (invented)",
            "share_of_volume": "20",
        },
    ]


TEXTS = {
    "CN": "图纸与工艺文件按项目分组授权，统一加水印，禁止外发；合同终止后三十日内归还或销毁，并保留销毁记录。",
    "other": "Drawings and recipes are kept in a project folder with named readers, watermarked, not copied, and returned or destroyed "
    "within 30 days after the contract ends; a record is kept.",
}  # fmt: skip
