"""PACT footprints of some invented companies, as the JSON files their own carbon software would write."""

from __future__ import annotations

import io
import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.companies import company
from portal.demo.replying import replies_to
from portal.files.uploads import CARBON
from portal.files.vault import Vault
from portal.operations.carbon import accept_upload, add_upload, read_upload
from portal.operations.carbon_rows import doubts_in
from portal.operations.keeping import kept_file
from portal.store.carbon import CarbonUpload

_OWN = uuid.UUID("0e6a2f7e-64a7-5d1e-8d0b-4a3f1f2f9c10")


def load_pact(session: Session, vault: Vault, leads: dict[str, Actor], *, year: int, now: datetime) -> None:
    """Two companies took their PACT files over, replies included; one file with a slip of units still waits."""
    for code, footprints in (("GLS-02", _glass(year)), ("WAF-02", _wafer(year))):
        upload = _keep(session, vault, leads[code], code, footprints, year, now)
        found = read_upload(session, vault, upload)
        replies = replies_to(code, doubts_in(found.footprints))
        accept_upload(session, leads[code], upload_id=upload.id, vault=vault, replies=replies, now=now)
    _keep(session, vault, leads["ALU-02"], "ALU-02", _frames(year), year, now)


def _keep(
    session: Session,
    vault: Vault,
    actor: Actor,
    code: str,
    footprints: list[dict[str, Any]],
    year: int,
    now: datetime,
) -> CarbonUpload:
    data = json.dumps({"data": footprints}, ensure_ascii=False, indent=2).encode()
    name = f"{code.lower()}-pact-{year}.json"
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=10**7, allowed=CARBON) as kept:
        return add_upload(session, actor, kind="footprints", kept=kept, quota=10**9, now=now)


def _footprint(
    code: str, product: str, name: str, text: str, year: int, pcf: dict[str, Any]
) -> dict[str, Any]:
    """One footprint of version 3 with what its company always says."""
    made = company(code)
    common = {
        "declaredUnitOfMeasurement": "kilogram", "declaredUnitAmount": "1", "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": f"{year}-01-01T00:00:00Z", "referencePeriodEnd": f"{year + 1}-01-01T00:00:00Z",
        "fossilCarbonContent": "0", "biogenicCarbonContent": "0", "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"], "exemptedEmissionsPercent": "1.5",
        "exemptedEmissionsDescription": "Cleaning agents and office supplies", "packagingEmissionsIncluded": True,
    }  # fmt: skip
    return {
        "id": str(uuid.uuid5(_OWN, f"{product} {year}")), "specVersion": "3.0.0", "created": f"{year + 1}-02-10T09:00:00Z",
        "status": "Active", "companyName": f"{made.name} (invented)",
        "companyIds": [f"urn:pact:company:customcode:buyer-assigned:{code}"], "productDescription": text,
        "productIds": [f"urn:pact:product:customcode:vendor-assigned:{product}"], "productNameCompany": name,
        "productClassifications": [f"urn:pact:productclassification:upstream-material:{made.materials[0]}"],
        "pcf": common | pcf,
    }  # fmt: skip


def _glass(year: int) -> list[dict[str, Any]]:
    """The parts do not add up to the total: PACT's own sum rule asks, and the company replies."""
    pcf = {
        "geographyCountrySubdivision": "CN-AH", "pcfExcludingBiogenicUptake": "1.214", "pcfIncludingBiogenicUptake": "1.206",
        "fossilGhgEmissions": "1.171", "biogenicCO2Uptake": "-0.008", "biogenicNonCO2Emissions": "0.001",
        "packagingGhgEmissions": "0.019", "primaryDataShare": "64.5", "boundaryProcessesDescription": "Sand, soda, melting, tempering, coating",
        "allocationRulesDescription": "By mass of good glass; cullet carries no burden",
        "secondaryEmissionFactorSources": [{"name": "ecoinvent", "version": "3.10"}],
        "productOrSectorSpecificRules": [{"operator": "EPD International", "ruleNames": ["PCR 2019:14"]}],
        "dqi": {"technologicalDQR": "1.6", "geographicalDQR": "2.0", "temporalDQR": "1.2"},
        "verification": {"coverage": "product level", "providerName": "Invented Verification Body",
                         "completedAt": f"{year + 1}-02-01T00:00:00Z", "standardName": "ISO 14067"},
    }  # fmt: skip
    return [
        _footprint(
            "GLS-02",
            "GLS-02-20",
            "淮山光伏玻璃 2.0 mm",
            "Patterned solar glass, 2.0 mm, tempered, AR coated",
            year,
            pcf,
        )
    ]


def _wafer(year: int) -> list[dict[str, Any]]:
    """Version 2.3: figures per one declared unit, ratings from 1 to 3."""
    return [
        {
            "id": str(uuid.uuid5(_OWN, f"WAF-02-182 {year}")), "specVersion": "2.3.0", "version": 1,
            "created": f"{year + 1}-03-01T02:00:00Z", "status": "Active", "comment": "",
            "companyName": "Mekong Crystal (invented)", "companyIds": ["urn:pathfinder:company:customcode:buyer-assigned:WAF-02"],
            "productDescription": "Mono wafer, n-type, 182 mm, 130 µm", "productIds": ["urn:pathfinder:product:customcode:vendor-assigned:WAF-02-182"],
            "productCategoryCpc": "47150", "productNameCompany": "MC-182N",
            "pcf": {
                "declaredUnit": "kilogram", "unitaryProductAmount": "1", "pCfExcludingBiogenic": "71.4", "pCfIncludingBiogenic": "71.4",
                "fossilGhgEmissions": "71.4", "fossilCarbonContent": "0", "biogenicCarbonContent": "0", "characterizationFactors": "AR6",
                "ipccCharacterizationFactorsSources": ["AR6"], "crossSectoralStandardsUsed": ["ISO Standard 14067"],
                "boundaryProcessesDescription": "Polysilicon bought, ingot, squaring, slicing, cleaning", "exemptedEmissionsPercent": 2,
                "exemptedEmissionsDescription": "Diamond wire cores", "packagingEmissionsIncluded": True, "packagingGhgEmissions": "0.2",
                "referencePeriodStart": f"{year}-01-01T00:00:00Z", "referencePeriodEnd": f"{year + 1}-01-01T00:00:00Z",
                "geographyCountry": "VN", "primaryDataShare": 38.5, "uncertaintyAssessmentDescription": "About 12 %, mostly polysilicon",
                "dqi": {"coveragePercent": 92, "technologicalDQR": 1.4, "temporalDQR": 1, "geographicalDQR": 2, "completenessDQR": 1.5, "reliabilityDQR": 2},
                "assurance": {"assurance": True, "coverage": "product line", "level": "limited", "providerName": "Invented Verification Body"},
            },
        }
    ]  # fmt: skip


def _frames(year: int) -> list[dict[str, Any]]:
    """Written in tonnes of CO2 equivalent where kilograms belong: the page will ask before anything counts."""
    pcf = {
        "geographyCountry": "ES", "pcfExcludingBiogenicUptake": "0.00518", "pcfIncludingBiogenicUptake": "0.00518",
        "fossilGhgEmissions": "0.00518", "primaryDataShare": "71",
        "dqi": {"technologicalDQR": "1.2", "geographicalDQR": "1.0", "temporalDQR": "1.0"},
    }  # fmt: skip
    return [
        _footprint(
            "ALU-02", "ALU-02-F", "Vientos frame R82", "Anodised frame, 82 % recycled content", year, pcf
        )
    ]
