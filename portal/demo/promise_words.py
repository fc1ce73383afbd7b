"""What the invented companies promise, topic by topic, as a supplier would write it. All of it is made up."""

from __future__ import annotations

# Topic → language → (action, owner).
PROMISES: dict[str, dict[str, tuple[str, str]]] = {
    "GOV": {
        "en": ("Put sustainability on the board's agenda every quarter and publish who answers for it", "General manager's office"),
        "zh": ("每季度将可持续发展列入董事会议程，并公布责任人和会议纪要", "总经理办公室"),
    },
    "ETH": {
        "en": ("Train all buyers and sales staff on gifts and conflicts of interest; open a reporting line run by an outside office", "Legal and compliance"),
        "zh": ("对全体采购和销售人员开展礼品与利益冲突培训，并开通由外部机构受理的举报渠道", "法务合规部"),
    },
    "INF": {
        "en": ("Encrypt drawings shared with customers and test the restore of our file server twice a year", "IT manager"),
        "zh": ("对发给客户的图纸加密，每年两次演练文件服务器的恢复", "信息部经理"),
    },
    "HRT": {
        "en": ("Repay recruitment fees to agency workers and check the papers of every new agency before its first shift", "Head of personnel"),
        "zh": ("退还劳务派遣工缴纳的招聘费用；新劳务公司上岗前逐一核查资质", "人力资源总监"),
    },
    "LAB": {
        "en": ("Bring overtime under 36 hours a month with a fourth shift and show the attendance records", "Head of personnel"),
        "zh": ("增设第四班，将每月加班控制在 36 小时以内，并提供考勤记录", "人力资源总监"),
    },
    "OHS": {
        "en": ("Fit guards and two-hand controls to the cutting lines, then repeat the risk assessment with the operators", "EHS manager"),
        "zh": ("为切割线加装防护罩和双手启动装置，并与操作工一起重新开展风险评估", "EHS 经理"),
    },
    "ENV": {
        "en": ("Certify the second site to ISO 14001 and close the findings of the last internal audit", "EHS manager"),
        "zh": ("第二厂区通过 ISO 14001 认证，并关闭上次内审的不符合项", "EHS 经理"),
    },
    "EMW": {
        "en": ("Meter water at the furnace and the washing line and return the cooling water to the circuit", "Head of utilities"),
        "zh": ("在窑炉和清洗线安装水表，实现冷却水循环使用", "动力车间主任"),
    },
    "WST": {
        "en": ("Take back wooden crates and pallets from the customer and sort cullet by colour for remelting", "Warehouse manager"),
        "zh": ("回收客户处的木箱和托盘，碎料分色分类后回炉利用", "仓储部经理"),
    },
    "CHM": {
        "en": ("Replace the solvent cleaner by a water-based one and keep safety data sheets at every workplace", "Process engineer"),
        "zh": ("以水基清洗剂替代溶剂型清洗剂，各工位配备安全技术说明书", "工艺工程师"),
    },
    "COM": {
        "en": ("Invite the neighbours once a year, answer complaints within ten days and keep the list open to them", "Factory manager"),
        "zh": ("每年邀请周边居民座谈一次，投诉十日内答复，处理台账向居民公开", "厂长"),
    },
    "PQS": {
        "en": ("Run the full test series on every new material lot and report escapes to the customer within 24 hours", "Quality manager"),
        "zh": ("每批新材料完成全项检测；不合格品流出后 24 小时内通报客户", "质量经理"),
    },
    "CDS": {
        "en": ("Have the greenhouse gas inventory verified and set a reduction target against the year 2024", "Carbon officer"),
        "zh": ("完成温室气体清单第三方核查，并以 2024 年为基准制定减排目标", "碳管理专员"),
    },
    "PCF": {
        "en": ("Work out the footprint of the three products we deliver most, with own data for melting and electricity", "Carbon officer"),
        "zh": ("完成供货量最大的三种产品的碳足迹核算，熔制和用电采用自有数据", "碳管理专员"),
    },
    "NRG": {
        "en": ("Put solar modules on halls 2 and 3 and sign a green power contract for the rest of the line", "Head of utilities"),
        "zh": ("在二号、三号厂房屋顶建设光伏，其余用电签订绿电合同", "动力车间主任"),
    },
    "ZCF": {
        "en": ("Recover waste heat of the furnace for drying and meter it, as the first step of the zero-carbon plan", "Factory manager"),
        "zh": ("回收窑炉余热用于烘干并单独计量，作为零碳工厂规划的第一步", "厂长"),
    },
    "SCM": {
        "en": ("Send our own twenty largest suppliers the code of conduct and audit five of them this year", "Purchasing manager"),
        "zh": ("向前二十家供应商下发行为准则，年内完成其中五家的现场审核", "采购部经理"),
    },
    "TRC": {
        "en": ("Trace every material lot back to the smelter and ask the missing two for their audit reports", "Purchasing manager"),
        "zh": ("各批次原料追溯到冶炼厂，并向尚缺的两家索取审核报告", "采购部经理"),
    },
}  # fmt: skip


def promise_on(indicator: str, locale: str) -> tuple[str, str]:
    """Action and owner for a finding on an indicator such as ``OHS-04``."""
    return PROMISES[indicator.partition("-")[0]][locale]
