"""Countries and regions: which published geographies stand for a country, and how closely.

Countries are ISO 3166-1 (alpha-2 with its alpha-3); the world regions follow the UN M49 continents, the
Middle East and North Africa group is not modelled. Factor tables name geographies in many ways (`CN`, `CHN`,
`REGION-Asia`, `RER`, `GLO`); `canonical` maps them to one key.
"""

from __future__ import annotations

import re

_CONTINENTS = {
    "Africa": (
        "AO:AGO BF:BFA BI:BDI BJ:BEN BW:BWA CD:COD CF:CAF CG:COG CI:CIV CM:CMR CV:CPV DJ:DJI DZ:DZA EG:EGY "
        "EH:ESH ER:ERI ET:ETH GA:GAB GH:GHA GM:GMB GN:GIN GQ:GNQ GW:GNB IO:IOT KE:KEN KM:COM LR:LBR LS:LSO "
        "LY:LBY MA:MAR MG:MDG ML:MLI MR:MRT MU:MUS MW:MWI MZ:MOZ NA:NAM NE:NER NG:NGA RE:REU RW:RWA SC:SYC "
        "SD:SDN SH:SHN SL:SLE SN:SEN SO:SOM SS:SSD ST:STP SZ:SWZ TD:TCD TF:ATF TG:TGO TN:TUN TZ:TZA UG:UGA "
        "YT:MYT ZA:ZAF ZM:ZMB ZW:ZWE"
    ),
    "Antarctica": "AQ:ATA",
    "Asia": (
        "AE:ARE AF:AFG AM:ARM AZ:AZE BD:BGD BH:BHR BN:BRN BT:BTN CN:CHN CY:CYP GE:GEO HK:HKG ID:IDN IL:ISR "
        "IN:IND IQ:IRQ IR:IRN JO:JOR JP:JPN KG:KGZ KH:KHM KP:PRK KR:KOR KW:KWT KZ:KAZ LA:LAO LB:LBN LK:LKA "
        "MM:MMR MN:MNG MO:MAC MV:MDV MY:MYS NP:NPL OM:OMN PH:PHL PK:PAK PS:PSE QA:QAT SA:SAU SG:SGP SY:SYR "
        "TH:THA TJ:TJK TL:TLS TM:TKM TR:TUR TW:TWN UZ:UZB VN:VNM YE:YEM"
    ),
    "Europe": (
        "AD:AND AL:ALB AT:AUT AX:ALA BA:BIH BE:BEL BG:BGR BY:BLR CH:CHE CZ:CZE DE:DEU DK:DNK EE:EST ES:ESP "
        "FI:FIN FO:FRO FR:FRA GB:GBR GG:GGY GI:GIB GR:GRC HR:HRV HU:HUN IE:IRL IM:IMN IS:ISL IT:ITA JE:JEY "
        "LI:LIE LT:LTU LU:LUX LV:LVA MC:MCO MD:MDA ME:MNE MK:MKD MT:MLT NL:NLD NO:NOR PL:POL PT:PRT RO:ROU "
        "RS:SRB RU:RUS SE:SWE SI:SVN SJ:SJM SK:SVK SM:SMR UA:UKR VA:VAT XK:XKK"
    ),
    "Latin America and Caribbean": (
        "AG:ATG AI:AIA AR:ARG AW:ABW BB:BRB BL:BLM BO:BOL BQ:BES BR:BRA BS:BHS BV:BVT BZ:BLZ CL:CHL CO:COL "
        "CR:CRI CU:CUB CW:CUW DM:DMA DO:DOM EC:ECU FK:FLK GD:GRD GF:GUF GP:GLP GS:SGS GT:GTM GY:GUY HN:HND "
        "HT:HTI JM:JAM KN:KNA KY:CYM LC:LCA MF:MAF MQ:MTQ MS:MSR MX:MEX NI:NIC PA:PAN PE:PER PR:PRI PY:PRY "
        "SR:SUR SV:SLV SX:SXM TC:TCA TT:TTO UY:URY VC:VCT VE:VEN VG:VGB VI:VIR"
    ),
    "North America": "BM:BMU CA:CAN GL:GRL PM:SPM US:USA",
    "Oceania": (
        "AS:ASM AU:AUS CC:CCK CK:COK CX:CXR FJ:FJI FM:FSM GU:GUM HM:HMD KI:KIR MH:MHL MP:MNP NC:NCL NF:NFK "
        "NR:NRU NU:NIU NZ:NZL PF:PYF PG:PNG PN:PCN PW:PLW SB:SLB TK:TKL TO:TON TV:TUV UM:UMI VU:VUT WF:WLF "
        "WS:WSM"
    ),
}
_CONTINENT_OF = {p.split(":")[0]: name for name, text in _CONTINENTS.items() for p in text.split()}
_ALPHA2_OF = {p.split(":")[1]: p.split(":")[0] for text in _CONTINENTS.values() for p in text.split()}
COUNTRIES = frozenset(_CONTINENT_OF)

_GROUPS = {
    "EU": frozenset(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
    ),
    "ASEAN": frozenset("BN ID KH LA MM MY PH SG TH TL VN".split()),
}
WORLD = "GLO"
_SAME = {
    "WORLD": WORLD,
    "WLD": WORLD,
    "GLOBAL": WORLD,
    "ROW": WORLD,
    "RER": "Europe",
    "RAS": "Asia",
    "RAF": "Africa",
    "RNA": "North America",
    "RLA": "Latin America and Caribbean",
    "EU27": "EU",
    "EU-27": "EU",
    "UK": "GB",
    "EL": "GR",
}

COUNTRY_RANK, REGION_RANK, WORLD_RANK, OTHER_RANK = 1, 2, 3, 4


def canonical(geography: str) -> str:
    """One key for a published geography: alpha-2, a region name, `GLO`, or the text itself when unknown."""
    text = re.sub(r"^REGION-", "", geography.strip()).replace("_", " ")
    upper = text.upper()
    if upper in _SAME:
        return _SAME[upper]
    if upper in COUNTRIES:
        return upper
    return _ALPHA2_OF.get(upper, upper if upper in (WORLD, *_GROUPS) else text)


def rank(country: str, geography: str) -> tuple[int, int]:
    """How closely `geography` (canonical) stands for `country` (alpha-2 or empty); lower is closer.

    First number: 1 the country, 2 a region that contains it, 3 the world, 4 any other geography. Second number:
    inside 2 the smaller group first (EU before Europe); inside 4 a part of the same country (CN-SD for CN) first.
    """
    if country and geography == country:
        return (COUNTRY_RANK, 0)
    if country in _GROUPS.get(geography, frozenset()):
        return (REGION_RANK, 0)
    if country and _CONTINENT_OF.get(country) == geography:
        return (REGION_RANK, 1)
    if geography == WORLD:
        return (WORLD_RANK, 0)
    if country and geography.startswith(country + "-"):
        return (OTHER_RANK, 0)
    return (OTHER_RANK, 1)
