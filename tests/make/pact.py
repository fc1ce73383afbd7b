"""Makes PACT footprints of invented companies: as full as version 3 allows, as short, and in version 2."""

from __future__ import annotations

import copy
import json
from typing import Any

FULL: dict[str, Any] = {
    "id": "0d2f9c1a-3b7e-4c55-9a43-8a1f7d0b6e01",
    "specVersion": "3.0.0",
    "precedingPfIds": ["7b1b6f7e-4d0a-4a55-8f0c-1c2d3e4f5a6b"],
    "created": "2026-02-03T08:30:00Z",
    "status": "Active",
    "validityPeriodStart": "2026-01-01T00:00:00Z",
    "validityPeriodEnd": "2028-01-01T00:00:00Z",
    "companyName": "Clearlake Glass (invented)",
    "companyIds": ["urn:pact:company:customcode:buyer-assigned:S-001"],
    "productDescription": "Patterned solar glass, tempered, 3.2 mm",
    "productIds": ["urn:gtin:4712345060507", "urn:pact:product:customcode:buyer-assigned:GL-32"],
    "productClassifications": [
        "urn:pact:productclassification:un-cpc:37113",
        "urn:pact:productclassification:upstream-material:glass",
    ],
    "productNameCompany": "Clearlake 3.2 AR",
    "comment": "New furnace since March.",
    "pcf": {
        "declaredUnitOfMeasurement": "square meter",
        "declaredUnitAmount": "1.0",
        "productMassPerDeclaredUnit": "8.00",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountrySubdivision": "CN-AH",
        "boundaryProcessesDescription": "Sand to tempered sheet",
        "pcfExcludingBiogenicUptake": "9.850",
        "pcfIncludingBiogenicUptake": "9.750",
        "fossilCarbonContent": "0.00",
        "biogenicCarbonContent": "0.027",
        "recycledCarbonContent": "0",
        "fossilGhgEmissions": "9.800",
        "landUseChangeGhgEmissions": "0.02",
        "landCarbonLeakage": "0",
        "landManagementFossilGhgEmissions": "0.01",
        "landManagementBiogenicCO2Emissions": "0.02",
        "landManagementBiogenicCO2Removals": "-0.01",
        "biogenicCO2Uptake": "-0.1",
        "biogenicNonCO2Emissions": "0.03",
        "landAreaOccupation": "0.4",
        "aircraftGhgEmissions": "0",
        "packagingEmissionsIncluded": True,
        "packagingGhgEmissions": "0.15",
        "packagingBiogenicCarbonContent": "0.027",
        "outboundLogisticsGhgEmissions": "0.3",
        "ccsTechnologicalCO2CaptureIncluded": True,
        "ccsTechnologicalCO2Capture": "-0.005",
        "technologicalCO2CaptureOrigin": "Fossil, flue gas of the furnace, Anhui",
        "technologicalCO2Removals": "-0.005",
        "ccuCarbonContent": "0",
        "ccuCalculationApproach": "Cut-off",
        "ccuCreditCertification": "https://example.com/certificate",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "productOrSectorSpecificRules": [
            {"operator": "EPD International", "ruleNames": ["PCR 2019:14", "c-PCR-009, glass"]},
            {"operator": "Other", "ruleNames": ["Flat glass 1"], "otherOperatorName": "Invented rules board"},
        ],
        "exemptedEmissionsPercent": "2.50",
        "exemptedEmissionsDescription": "Cleaning agents",
        "allocationRulesDescription": "By mass of good glass",
        "secondaryEmissionFactorSources": [{"name": "ecoinvent", "version": "3.10"}],
        "primaryDataShare": "72.0",
        "dqi": {"technologicalDQR": "1.5", "geographicalDQR": "2.0", "temporalDQR": "1.0"},
        "verification": {
            "coverage": "product level",
            "providerName": "Invented Verification Body",
            "completedAt": "2026-02-01T00:00:00Z",
            "standardName": "ISO 14067",
            "comments": "Two sites visited",
        },
    },
    "extensions": [
        {
            "specVersion": "2.0.0",
            "dataSchema": "https://example.com/own.json",
            "data": {"weight": 10.50, "nested": {"list": [1, None, True, "x"]}},
        }
    ],
}


def full(**changes: Any) -> dict[str, Any]:
    """A version 3 footprint with every field; `changes` go into pcf, a value of None takes the field out."""
    made = copy.deepcopy(FULL)
    for key, value in changes.items():
        within = made["pcf"] if key not in made or key in made["pcf"] else made
        within.pop(key, None)
        if value is not None:
            within[key] = value
    return made


def short(**changes: Any) -> dict[str, Any]:
    """A version 3 footprint with what PACT requires and no more."""
    required = {"id", "specVersion", "created", "status", "companyName", "companyIds", "productDescription", "productIds", "productNameCompany"}  # fmt: skip
    wanted = {
        "declaredUnitOfMeasurement", "declaredUnitAmount", "productMassPerDeclaredUnit", "referencePeriodStart", "referencePeriodEnd",
        "pcfExcludingBiogenicUptake", "fossilCarbonContent", "ipccCharacterizationFactors", "crossSectoralStandards",
        "exemptedEmissionsPercent",
    }  # fmt: skip
    made = {key: value for key, value in full().items() if key in required}
    made["pcf"] = {key: value for key, value in FULL["pcf"].items() if key in wanted}
    made["pcf"] |= {
        "pcfIncludingBiogenicUptake": "9.850",
        "fossilGhgEmissions": "9.850",
        "geographyCountry": "CN",
    }
    for key, value in changes.items():
        within = made if key in made else made["pcf"]
        within[key] = value
    return copy.deepcopy(made)


def version_2(**changes: Any) -> dict[str, Any]:
    """A version 2.3 footprint; some numbers are JSON numbers there."""
    made = {
        "id": "1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f", "specVersion": "2.3.0", "version": 2, "created": "2025-03-01T00:00:00Z",
        "status": "Active", "comment": "", "companyName": "Clearlake Glass (invented)",
        "companyIds": ["urn:pathfinder:company:customcode:buyer-assigned:S-001"], "productDescription": "Solar glass",
        "productIds": ["urn:pathfinder:product:customcode:vendor-assigned:GL-20"], "productCategoryCpc": "37113",
        "productNameCompany": "Clearlake 2.0",
        "pcf": {
            "declaredUnit": "square meter", "unitaryProductAmount": "2.5", "productMassPerDeclaredUnit": "5",
            "referencePeriodStart": "2024-01-01T00:00:00Z", "referencePeriodEnd": "2025-01-01T00:00:00Z",
            "pCfExcludingBiogenic": "7.5", "pCfIncludingBiogenic": "7.5", "fossilGhgEmissions": "7.5", "fossilCarbonContent": "0",
            "biogenicCarbonContent": "0", "characterizationFactors": "AR5", "ipccCharacterizationFactorsSources": ["AR5"],
            "crossSectoralStandardsUsed": ["ISO Standard 14067"], "boundaryProcessesDescription": "Melting, tempering",
            "exemptedEmissionsPercent": 1.5, "exemptedEmissionsDescription": "", "packagingEmissionsIncluded": False,
            "geographyCountry": "CN", "primaryDataShare": 55.5, "uncertaintyAssessmentDescription": "About 10 %",
            "dqi": {"coveragePercent": 90, "technologicalDQR": 1.5, "temporalDQR": 2, "geographicalDQR": 3, "completenessDQR": 1, "reliabilityDQR": 2},
            "assurance": {"assurance": True, "coverage": "product level", "level": "limited", "providerName": "Invented Verification Body",
                          "completedAt": "2025-02-01T00:00:00Z", "standardName": "ISO 14064-3"},
        },
    }  # fmt: skip
    for key, value in changes.items():
        within = made if key in made else made["pcf"]
        within[key] = value  # type: ignore[index]
    return made


def as_json(*footprints: dict[str, Any], listing: bool = True) -> bytes:
    """Footprints as a listing, or the first one alone."""
    return json.dumps({"data": list(footprints)} if listing else footprints[0], ensure_ascii=False).encode()
