"""The fields of a PACT footprint beyond the short form: one list that reading, checking, showing and writing share.

Derived from WBCSD's PACT specification (openapi 2.0 to 2.3 and 3.0.4). A value is kept under our `key`; `v3` and
`v2` are where it stands in a PACT document of that version, empty where that version has no such field.
"""

from __future__ import annotations

from dataclasses import dataclass

RATING_SCALES = {"pact-2": ("1", "3"), "pact-3": ("1", "5")}
REGIONS = (
    "Africa",
    "Americas",
    "Asia",
    "Europe",
    "Oceania",
    "Australia and New Zealand",
    "Central Asia",
    "Eastern Asia",
    "Eastern Europe",
    "Latin America and the Caribbean",
    "Melanesia",
    "Micronesia",
    "Northern Africa",
    "Northern America",
    "Northern Europe",
    "Polynesia",
    "South-eastern Asia",
    "Southern Asia",
    "Southern Europe",
    "Sub-Saharan Africa",
    "Western Asia",
    "Western Europe",
)
STANDARDS = (
    "ISO14067",
    "ISO14083",
    "ISO14040-44",
    "GHGP-Product",
    "PEF",
    "PACT-1.0",
    "PACT-2.0",
    "PACT-3.0",
    "PAS2050",
)
KG_CO2E, KG_C = "kgCO2e", "kgC"


@dataclass(frozen=True)
class Field:
    """One further field.

    `kind`: text, day, moment, number, share (0..100), rating, flag, choice (of `choices`), or a list: words, urns,
    uuids, rules ("operator: name, name"), sources ("name: version"). `unit` is per declared amount. `sign` "+" or
    "-" where PACT allows only one. `needed` marks what PACT 3.0 requires, `needed_v2` what every 2.x requires.
    `column` is true for what our own templates and the form on the page offer.
    """

    key: str
    kind: str
    v3: str = ""
    v2: str = ""
    group: str = "product"
    unit: str = ""
    sign: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False
    needed_v2: bool = False
    column: bool = False


def _figure(
    key: str,
    v3: str,
    v2: str = "",
    sign: str = "+",
    unit: str = KG_CO2E,
    group: str = "figures",
    needed: bool = False,
    column: bool = False,
) -> Field:
    new, old = (f"/pcf/{name}" if name else "" for name in (v3, v2))
    return Field(key, "number", new, old, group, unit, sign, needed=needed, column=column)


def _rating(name: str, v3: bool) -> Field:
    path = f"/pcf/dqi/{name}DQR"
    return Field(f"rating_{name}", "rating", path if v3 else "", path, "quality", column=v3)


def _same(key: str, kind: str, path: str, group: str, **more: object) -> Field:
    """A field that stands at the same place in both versions."""
    return Field(key, kind, path, path, group, **more)  # type: ignore[arg-type]  # the keywords of Field


_ALWAYS = {"needed": True, "needed_v2": True}

# fmt: off
FIELDS = (
    _same("spec_version", "text", "/specVersion", "record", **_ALWAYS),
    Field("version", "text", "", "/version", "record"),
    _same("created", "moment", "/created", "record", **_ALWAYS),
    Field("updated", "moment", "", "/updated", "record"),
    _same("status", "choice", "/status", "record", choices=("Active", "Deprecated"), **_ALWAYS),
    Field("status_comment", "text", "", "/statusComment", "record"),
    _same("preceding_ids", "uuids", "/precedingPfIds", "record", column=True),
    _same("company_name", "text", "/companyName", "record", **_ALWAYS),
    _same("company_ids", "urns", "/companyIds", "record", **_ALWAYS),
    _same("product_name", "text", "/productNameCompany", "product", column=True, **_ALWAYS),
    _same("product_description", "text", "/productDescription", "product", column=True, **_ALWAYS),
    _same("product_ids", "urns", "/productIds", "product", **_ALWAYS),
    Field("cpc", "text", "", "/productCategoryCpc", column=True),
    _same("classifications", "urns", "/productClassifications", "product", column=True),
    _same("comment", "text", "/comment", "record", column=True),
    _same("valid_from", "day", "/validityPeriodStart", "scope", column=True),
    Field("unitary_amount", "number", "", "/pcf/unitaryProductAmount", "scope", sign="+", needed_v2=True),
    _figure("mass_kg", "productMassPerDeclaredUnit", "productMassPerDeclaredUnit", unit="kg", group="scope", needed=True, column=True),
    _same("region", "choice", "/pcf/geographyRegionOrSubregion", "scope", choices=REGIONS, column=True),
    _same("subdivision", "text", "/pcf/geographyCountrySubdivision", "scope", column=True),
    _same("boundary", "text", "/pcf/boundaryProcessesDescription", "method", column=True),
    _figure("pcf_including_uptake", "pcfIncludingBiogenicUptake", "pCfIncludingBiogenic", "", needed=True, column=True),
    _figure("fossil_emissions", "fossilGhgEmissions", "fossilGhgEmissions", needed=True, column=True),
    _figure("land_use_change", "landUseChangeGhgEmissions", "dLucGhgEmissions", column=True),
    _figure("land_carbon_leakage", "landCarbonLeakage"),
    _figure("land_management_fossil", "landManagementFossilGhgEmissions"),
    _figure("land_management_co2", "landManagementBiogenicCO2Emissions"),
    _figure("land_management_removals", "landManagementBiogenicCO2Removals", sign="-"),
    _figure("land_management", "", "landManagementGhgEmissions", ""),
    _figure("indirect_land_use_change", "", "iLucGhgEmissions"),
    _figure("other_biogenic", "", "otherBiogenicGhgEmissions"),
    _figure("biogenic_uptake", "biogenicCO2Uptake", "biogenicCarbonWithdrawal", "-", column=True),
    _figure("biogenic_non_co2", "biogenicNonCO2Emissions", column=True),
    _figure("land_area", "landAreaOccupation", unit="m2/year"),
    _figure("aircraft", "aircraftGhgEmissions", "aircraftGhgEmissions"),
    _same("packaging_included", "flag", "/pcf/packagingEmissionsIncluded", "figures", column=True),
    _figure("packaging", "packagingGhgEmissions", "packagingGhgEmissions", column=True),
    _figure("outbound_logistics", "outboundLogisticsGhgEmissions", column=True),
    Field("ccs_included", "flag", "/pcf/ccsTechnologicalCO2CaptureIncluded", "", "figures"),
    _figure("ccs_capture", "ccsTechnologicalCO2Capture", sign="-"),
    _figure("technological_removals", "technologicalCO2Removals", sign="-"),
    Field("capture_origin", "text", "/pcf/technologicalCO2CaptureOrigin", "", "figures"),
    Field("ccu_approach", "choice", "/pcf/ccuCalculationApproach", "", "figures", choices=("Cut-off", "Credit")),
    Field("ccu_certification", "text", "/pcf/ccuCreditCertification", "", "figures"),
    _figure("fossil_carbon", "fossilCarbonContent", "fossilCarbonContent", unit=KG_C, group="content", needed=True, column=True),
    _figure("biogenic_carbon", "biogenicCarbonContent", "biogenicCarbonContent", unit=KG_C, group="content", column=True),
    _figure("recycled_carbon", "recycledCarbonContent", unit=KG_C, group="content", column=True),
    _figure("packaging_biogenic_carbon", "packagingBiogenicCarbonContent", unit=KG_C, group="content"),
    _figure("ccu_carbon", "ccuCarbonContent", unit=KG_C, group="content"),
    Field("gas_basis", "words", "/pcf/ipccCharacterizationFactors", "/pcf/ipccCharacterizationFactorsSources", "method", needed=True, column=True),
    Field("gas_basis_v2", "text", "", "/pcf/characterizationFactors", "method"),
    _same("standards", "words", "/pcf/crossSectoralStandards", "method", needed=True, column=True),
    Field("standards_v2", "words", "", "/pcf/crossSectoralStandardsUsed", "method"),
    _same("product_rules", "rules", "/pcf/productOrSectorSpecificRules", "method", column=True),
    _same("secondary_sources", "sources", "/pcf/secondaryEmissionFactorSources", "method", column=True),
    _same("allocation", "text", "/pcf/allocationRulesDescription", "method", column=True),
    _same("exempted_percent", "share", "/pcf/exemptedEmissionsPercent", "method", unit="%", column=True, **_ALWAYS),
    _same("exempted_reason", "text", "/pcf/exemptedEmissionsDescription", "method", column=True),
    Field("biogenic_method", "text", "", "/pcf/biogenicAccountingMethodology", "method"),
    Field("uncertainty", "text", "", "/pcf/uncertaintyAssessmentDescription", "method"),
    Field("rating_scale", "choice", "", "", "quality", choices=tuple(RATING_SCALES), column=True),
    _rating("technological", v3=True),
    _rating("geographical", v3=True),
    _rating("temporal", v3=True),
    _rating("completeness", v3=False),
    _rating("reliability", v3=False),
    Field("rating_coverage", "share", "", "/pcf/dqi/coveragePercent", "quality", "%"),
    Field("verifier", "text", "/pcf/verification/providerName", "/pcf/assurance/providerName", "verification", column=True),
    Field("verified_on", "day", "/pcf/verification/completedAt", "/pcf/assurance/completedAt", "verification", column=True),
    Field("verification_standard", "text", "/pcf/verification/standardName", "/pcf/assurance/standardName", "verification", column=True),
    Field("verification_coverage", "text", "/pcf/verification/coverage", "/pcf/assurance/coverage", "verification", column=True),
    Field("verification_level", "text", "", "/pcf/assurance/level", "verification", column=True),
    Field("verification_boundary", "text", "", "/pcf/assurance/boundary", "verification"),
    Field("verification_comment", "text", "/pcf/verification/comments", "/pcf/assurance/comments", "verification", column=True),
)
# fmt: on
FIELD = {field.key: field for field in FIELDS}
COLUMNS = tuple(field for field in FIELDS if field.column)
GROUPS = ("record", "product", "scope", "figures", "content", "quality", "method", "verification")
LISTS = frozenset({"words", "urns", "uuids", "rules", "sources"})
NUMBERS = frozenset({"number", "share", "rating"})

VERIFICATION_COVERAGE = ("PCF calculation model", "PCF program", "product level")
PCR_OPERATORS = ("PEF", "EPD International", "Other")

# Our unit → the unit PACT writes, and how many of PACT's make one of ours.
UNITS_OUT = {
    "kg": ("kilogram", "1"),
    "t": ("kilogram", "1000"),
    "g": ("kilogram", "0.001"),
    "l": ("liter", "1"),
    "m3": ("cubic meter", "1"),
    "m2": ("square meter", "1"),
    "kWh": ("kilowatt hour", "1"),
    "MWh": ("kilowatt hour", "1000"),
    "GWh": ("kilowatt hour", "1000000"),
    "MJ": ("megajoule", "1"),
    "GJ": ("megajoule", "1000"),
    "t.km": ("ton kilometer", "1"),
    "piece": ("piece", "1"),
}
UNITS_IN = {
    "kilogram": "kg",
    "liter": "l",
    "cubic meter": "m3",
    "square meter": "m2",
    "kilowatt hour": "kWh",
    "megajoule": "MJ",
    "ton kilometer": "t.km",
    "piece": "piece",
}
# Units PACT knows and purchase lines do not: such a footprint is refused with that reason.
UNITS_NOT_USED = frozenset({"hour", "megabit second"})
