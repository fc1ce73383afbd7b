"""What invented suppliers answer when a figure of theirs is doubted."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.carbon.doubts import Doubt

# By supplier and kind of doubt; "" stands for any supplier.
_REPLIES = {
    (
        "POL-02",
        "footprint_below_electricity",
    ): "流化床工艺，内蒙古自备风电与光伏直供约占用电的 62%，其余为绿电交易；核查报告第 4 节有分电源用电量。",
    ("POL-02", "footprint_changed"): "自 3 月起新增 120 MW 风电直供，网电比例由 71% 降至 38%，工艺未变。",
    (
        "ALU-02",
        "footprint_changed",
    ): "Since May all billets come from the recycling line in Navarra; recycled content rose from 45 to 82 %.",
    (
        "SIL-02",
        "footprint_changed",
    ): "One furnace was rebuilt in spring; charcoal share of the reductant rose from 20 to 55 %.",
    (
        "GLS-02",
        "footprint_sum_differs",
    ): "差额 0.042 为厂内生物质锅炉的甲烷与氧化亚氮，软件将其计入总数但未单列；明细见核查报告附表 2。",
    ("", "footprint_changed"): "能源结构与产量有变化，新数据按全年实测重新计算，计算表已附于核查材料。",
    (
        "",
        "footprint_below_electricity",
    ): "Own hydropower delivers most of the electricity; guarantees of origin are filed with the evidence.",
    ("", "footprint_below_band"): "使用再生原料比例较高，生产线为新建节能产线，核算表可供查阅。",
    ("", "footprint_above_band"): "含上游运输与包装，且本年产量较低，单位能耗偏高。",
}
_OTHERWISE = "已与能源管理部门核对原始记录，数值与单位无误。"


def replies_to(code: str, doubts: Iterable[Doubt]) -> dict[str, str]:
    """A reply for every doubt, by its key."""
    return {
        doubt.key: _REPLIES.get(
            (code, doubt.problem.code), _REPLIES.get(("", doubt.problem.code), _OTHERWISE)
        )
        for doubt in doubts
    }
