"""Twenty-six invented suppliers of a module maker, of all photovoltaic materials and very different maturity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Company:
    """One invented supplier.

    `scope` are options of GOV-01, `materials` our material keys; `level` 0..1 is how mature its answers are, `flags` are
    gating indicators it answers badly; `now` is its state in the open round.
    """

    code: str
    name: str
    name_zh: str
    country: str
    roles: tuple[str, ...]
    scope: tuple[str, ...]
    materials: tuple[str, ...]
    level: float
    now: str
    flags: tuple[str, ...] = ()


_MAKES = ("manufacturing",)
_MINES = ("manufacturing", "minerals")

COMPANIES = (
    Company("SIL-01", "Whitecrag Silicon", "白岩硅业（虚构）", "CN", _MINES, ("quartz_mg_silicon",), ("mg_silicon",), 0.42, "in_progress", ("ENV-03",)),
    Company("SIL-02", "Fjordlys Silisium", "峡光硅业（虚构）", "NO", _MINES, ("quartz_mg_silicon",), ("mg_silicon",), 0.83, "submitted"),
    Company("POL-01", "Azure Steppe Polysilicon", "青原多晶硅（虚构）", "CN", _MINES, ("polysilicon",), ("polysilicon",), 0.62, "in_review"),
    Company("POL-02", "Pearl Granule Silicon", "珠粒硅材（虚构）", "CN", _MINES, ("polysilicon",), ("polysilicon",), 0.88, "reviewed"),
    Company("POL-03", "Rheinkiesel Reinstsilizium", "莱茵高纯硅（虚构）", "DE", _MINES, ("polysilicon",), ("polysilicon",), 0.91, "submitted"),
    Company("WAF-01", "Ninefold Wafer", "九叠硅片（虚构）", "CN", _MAKES, ("ingot_wafer",), ("wafer",), 0.66, "in_progress"),
    Company("WAF-02", "Mekong Crystal", "湄晶半导体（虚构）", "VN", _MAKES, ("ingot_wafer",), ("wafer",), 0.5, "returned"),
    Company("CEL-01", "Dawnbridge Cells", "晨桥电池（虚构）", "CN", _MAKES, ("cell",), ("cell",), 0.74, "in_review"),
    Company("CEL-02", "Langkawi Photovoltaics", "浮罗光伏（虚构）", "MY", _MAKES, ("cell",), ("cell",), 0.57, "in_progress"),
    Company("GLS-01", "Clearlake Solar Glass", "澄湖光伏玻璃（虚构）", "CN", _MAKES, ("glass",), ("glass",), 0.7, "in_progress"),
    Company("GLS-02", "Huaishan Glass", "淮山玻璃（虚构）", "CN", _MAKES, ("glass",), ("glass",), 0.46, "invited"),
    Company("GLS-03", "Sungai Float Glass", "双溪浮法玻璃（虚构）", "MY", _MAKES, ("glass",), ("glass",), 0.61, "submitted"),
    Company("ALU-01", "Red Kite Aluminium", "赤鸢铝业（虚构）", "CN", _MAKES, ("aluminium_frame",), ("aluminium_frame",), 0.38, "in_progress", ("LAB-03", "WST-02")),
    Company("ALU-02", "Vientos Frames", "风廊铝框（虚构）", "ES", _MAKES, ("aluminium_frame",), ("aluminium_frame",), 0.79, "in_progress"),
    Company("ALU-03", "Kestrel Ridge Extrusion", "隼岭型材（虚构）", "VN", _MAKES, ("aluminium_frame",), ("aluminium_frame",), 0.55, "submitted"),
    Company("ENC-01", "Softlight Film", "柔光胶膜（虚构）", "CN", _MAKES, ("encapsulant",), ("encapsulant",), 0.68, "in_progress"),
    Company("ENC-02", "Halla Polymer", "汉拿高分子（虚构）", "KR", _MAKES, ("encapsulant",), ("encapsulant",), 0.77, "in_review"),
    Company("BSH-01", "Greyheron Backsheet", "灰鹭背板（虚构）", "CN", _MAKES, ("backsheet",), ("backsheet",), 0.52, "invited"),
    Company("JBX-01", "Copperleaf Connect", "铜叶连接（虚构）", "CN", _MAKES, ("junction_box",), ("junction_box",), 0.6, "in_progress"),
    Company("PST-01", "Moonpath Paste", "月径银浆（虚构）", "CN", _MINES, ("silver_paste",), ("silver_paste",), 0.64, "submitted"),
    Company("PST-02", "Akebono Conductive", "曙导电材（虚构）", "JP", _MINES, ("silver_paste",), ("silver_paste",), 0.86, "in_progress"),
    Company("RIB-01", "Tinwater Ribbon", "锡水焊带（虚构）", "CN", _MINES, ("ribbon_solder",), ("ribbon",), 0.41, "returned", ("TRC-03",)),
    Company("PAC-01", "Paperwing Packaging", "纸翼包装（虚构）", "CN", _MAKES, ("packaging",), ("packaging",), 0.58, "in_progress"),
    Company("CHM-01", "Stillwater Chemicals", "静水化工（虚构）", "CN", _MAKES, ("other",), ("chemicals",), 0.63, "in_progress"),
    Company("LOG-01", "Longcanal Logistics", "长渠物流（虚构）", "CN", ("logistics",), ("logistics",), ("logistics",), 0.54, "submitted"),
    Company("SRV-01", "Plainfield Facility Services", "平畴设施服务（虚构）", "CN", ("services",), ("services",), ("services",), 0.49, "invited"),
)  # fmt: skip


def company(code: str) -> Company:
    """The invented company with this ledger code."""
    return next(c for c in COMPANIES if c.code == code)
