"""Invented values for the tests of the reports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from portal.reports.purchasing_review import (
    Category1,
    CommitmentRow,
    EmissionRow,
    FlagRow,
    PurchasingReview,
    RankingRow,
    TopicRow,
)
from portal.reports.receipt import Receipt, ReceiptAnswer, ReceiptTopic
from portal.reports.scorecard import (
    CommitmentPart,
    FootprintPart,
    IndicatorLine,
    InventoryPart,
    RedFlag,
    Result,
    Scorecard,
    TopicPart,
)

D = Decimal
ZONE = ZoneInfo("Asia/Shanghai")
MADE = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)
HOSTILE = "Moonlit <b>Glass & Sons</i> <para> Ltd"
CHINESE = "虚构省镕堃囧市月光湾高新技术产业开发区星河光伏玻璃新材料科技（集团）股份有限公司第二制造分公司"
ENGLISH = "The Imaginary Moonlight Bay High-Transmission Photovoltaic Glass and Encapsulation Materials Company Limited"

TOPICS = (
    ("GOV", "Sustainability governance", "可持续治理"),
    ("ETH", "Business ethics", "商业道德"),
    ("INF", "Information security and intellectual property", "信息安全与知识产权"),
    ("HRT", "Human rights, forced and child labour", "人权、强迫劳动与童工"),
    ("LAB", "Labour conditions and equality", "劳工权益与平等"),
    ("OHS", "Occupational health and safety", "职业健康与安全"),
    ("CHM", "Chemicals and hazardous substances", "化学品与有害物质"),
    ("ENV", "Environmental management", "环境管理"),
    ("NRG", "Energy and green electricity", "能源与绿色电力"),
    ("GHG", "Greenhouse gas emissions", "温室气体排放"),
    ("CDS", "Carbon disclosure", "碳信息披露"),
    ("PCF", "Product carbon footprint", "产品碳足迹"),
    ("WAT", "Water", "水资源"),
    ("WST", "Waste and circularity", "废弃物与循环利用"),
    ("BIO", "Biodiversity", "生物多样性"),
    ("MIN", "Responsible minerals", "负责任矿产"),
    ("SUP", "Supply chain management", "供应链管理"),
    ("QLT", "Product quality and safety", "产品质量与安全"),
)


def scorecard(supplier: str, locale: str) -> Scorecard:
    """A full card: 18 topics, 6 indicators each, one topic dropped, one open red flag."""
    zh = locale == "zh"
    topics = tuple(
        TopicPart(
            code,
            chinese if zh else english,
            D(5),
            None if code == "BIO" else D(38 + at * 3),
            None if code == "BIO" else D(30 + at * 3) + D("0.5"),
            tuple(_indicator(code, nth, zh) for nth in range(1, 7)),
        )
        for at, (code, english, chinese) in enumerate(TOPICS)
    )
    action = (
        "为热端窑炉改用绿色电力，并签订三年绿电采购协议"
        if zh
        else "Buy green electricity for the furnace under a three-year contract"
    )
    flag = "存在扣押证件或收取押金的情况，得 0 分。" if zh else "“Occurs” was chosen, which earns 0 points."
    subject = "扣押证件、押金与招聘费用" if zh else "Retained identity papers, deposits or recruitment fees"
    return Scorecard(
        organisation="示例光伏科技" if zh else "Example Solar",
        supplier=supplier,
        supplier_code="S-0042",
        profile=(("Materials", "光伏玻璃" if zh else "Solar glass"), ("Country", "CN")),
        round="2026 年度评估" if zh else "Assessment 2026",
        period="2025-01-01 – 2025-12-31",
        questionnaire="sustainability/2026.1",
        method="upstream-score/1",
        generated_at=MADE,
        zone=ZONE,
        generated_by="Mei Quanbu" if not zh else "梅全部",
        released_on=date(2026, 11, 2),
        valid_until=date(2027, 11, 2),
        declared=Result(D("74.25"), "D"),
        verified=Result(D("69.00"), "D"),
        capped_by_red_flag=True,
        topics=topics,
        red_flags=(RedFlag("HRT-02", subject, flag, closed=False),),
        commitments=(
            CommitmentPart(
                "NRG-02", action, "Lin Wu", date(2027, 3, 3), "Agreed", True, D("1.25"), D("18250.5")
            ),
            CommitmentPart("WAT-01", action, "Ao Bei", date(2027, 6, 30), "Proposed"),
        ),
        footprints=(
            FootprintPart(
                "PG-32",
                "光伏玻璃" if zh else "Solar glass",
                D("1.132"),
                "1 kg",
                "2025",
                date(2027, 12, 31),
                True,
            ),
        ),
        inventories=(
            InventoryPart(2025, D("182340.5"), D("96120"), D("81002.25"), None, True),
            InventoryPart(2024, D("190001"), D("99000"), None, D("230000"), False),
        ),
    )


def _indicator(topic: str, nth: int, zh: bool) -> IndicatorLine:
    if nth == 6:
        return IndicatorLine(
            f"{topic}-06",
            "可持续发展报告披露" if zh else "Sustainability report",
            "",
            "not_applicable",
            2,
            None,
            None,
            "仅在披露申诉时适用。" if zh else "Only asked where cases are tracked.",
        )
    return IndicatorLine(
        f"{topic}-0{nth}",
        "最高管理层的可持续责任与 CO2 减排目标" if zh else "Top-management accountability for CO2 targets",
        "由高级管理人员负责" if zh else "A senior executive is accountable",
        "scored",
        4,
        D("0.7"),
        D("0.4") if nth == 2 else D("0.7"),
        "所选选项得 0.7 分。" if zh else "The chosen option earns 0.7 points.",
        ("证明材料只支持制度文件。" if zh else "The evidence supports a documented policy only.")
        if nth == 2
        else "",
        topic == "HRT" and nth == 2,
    )


def receipt(supplier: str, locale: str, long_answer: str = "") -> Receipt:
    """A receipt with three topics, one answer of hostile text, one of several pages if asked."""
    zh = locale == "zh"
    topics = tuple(
        ReceiptTopic(
            code,
            chinese if zh else english,
            tuple(
                ReceiptAnswer(
                    f"{code}-0{nth}",
                    "最高管理层的可持续责任" if zh else "Top-management accountability",
                    long_answer or ("由高级管理人员负责" if zh else "A senior executive is accountable"),
                    ("iso14001-证书.pdf", "<i>audit</i>.xlsx") if nth == 1 else (),
                )
                for nth in range(1, 7)
            ),
        )
        for code, english, chinese in TOPICS[:6]
    )
    return Receipt(
        organisation="Example Solar",
        supplier=supplier,
        supplier_code="S-0042",
        round="2026 年度评估" if zh else "Assessment 2026",
        period="2025-01-01 – 2025-12-31",
        questionnaire="sustainability/2026.1",
        submitted_by="Lin Wu",
        submitted_at=MADE,
        zone=ZONE,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        topics=topics,
    )


def review() -> PurchasingReview:
    """Two suppliers, one named like a formula; category 1 of two materials."""
    return PurchasingReview(
        organisation="Example Solar",
        round="Assessment 2026",
        period="2025",
        questionnaire="sustainability/2026.1",
        method="upstream-score/1",
        generated_at=MADE,
        zone=ZONE,
        generated_by="Mei Quanbu",
        ranking=(
            RankingRow(
                1,
                "S-0001",
                "星河玻璃",
                "glass",
                "CN",
                "Released",
                D("88.10"),
                "A",
                D("86.25"),
                "A",
                0,
                False,
                2,
                date(2026, 11, 2),
                date(2027, 11, 2),
                D("120345.678901"),
            ),
            RankingRow(
                None,
                "S-0002",
                '=HYPERLINK("http://evil.example","x")',
                "cell",
                "VN",
                "In review",
                D("51"),
                "D",
                None,
                "",
                1,
                True,
                0,
                None,
                None,
            ),
        ),
        topics=(
            TopicRow("S-0001", "星河玻璃", "GOV", "Sustainability governance", D(5), D("71.43"), D("60")),
        ),
        flags=(FlagRow("S-0002", "+cmd|'/c calc'!A1", "HRT-02", "Papers", "Occurs", "-0 points", False),),
        commitments=(
            CommitmentRow(
                "S-0001",
                "星河玻璃",
                "NRG-02",
                "Green electricity",
                "@SUM(1)",
                "Lin Wu",
                date(2027, 3, 3),
                "Agreed",
                False,
                D("1.25"),
                D("18250.5"),
            ),
        ),
        category1=Category1(
            "run-1",
            2025,
            D("200"),
            (D(150), D(260)),
            D("41.5"),
            3,
            D("1200.5"),
            (EmissionRow("Supplier-specific", 1, D(10), D(150)), EmissionRow("Spend-based", 2, D(20), D(50))),
            (EmissionRow("Polysilicon", 3, D(30), D(200)),),
            (EmissionRow("星河玻璃", 3, None, D(200)),),
        ),
        sources=(("Ledger", "sha256:00ff"),),
    )
