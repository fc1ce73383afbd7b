"""Which column of a file is which of ours: guessed from the names people use, in English and Chinese."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

LEDGER_COLUMNS = (
    "line_id",
    "date",
    "supplier_id",
    "product_id",
    "material",
    "quantity",
    "unit",
    "spend",
    "currency",
    "country",
    "sector",
    "description",
)
# A field that may be the same for every line of a file.
FIXABLE = ("unit", "currency", "country", "material", "sector")

# Names by field; the order of names is the order of preference where several columns fit.
_NAMES: dict[str, tuple[str, ...]] = {
    "line_id": (
        "line id", "line no", "line number", "purchase line", "document line", "po line", "id", "po number", "purchase order",
        "document number", "voucher", "行号", "行项目", "行项目号", "订单行", "单据行号", "采购订单号", "采购订单", "订单号", "订单编号", "单据号",
        "单据编号", "凭证号", "序号", "编号", "流水号", "入库单号",
    ),
    "date": (
        "date", "purchase date", "posting date", "document date", "invoice date", "order date", "receipt date", "delivery date",
        "采购日期", "日期", "过账日期", "记账日期", "凭证日期", "单据日期", "订单日期", "入库日期", "收货日期", "发票日期", "开票日期",
    ),
    "supplier_id": (
        "supplier id", "supplier code", "supplier number", "supplier no", "vendor id", "vendor code", "vendor number", "vendor no",
        "supplier", "vendor", "supplier name", "vendor name", "供应商编码", "供应商代码", "供应商编号", "供应商号", "供方编码", "厂商编码",
        "供应商", "供应商名称", "供方", "供方名称", "厂商", "厂商名称", "供货单位",
    ),
    "product_id": (
        "product id", "product", "product code", "product number", "item", "item code", "item number", "material number", "material code",
        "part number", "sku", "article", "产品编码", "产品编号", "产品代码", "物料编码", "物料编号", "物料代码", "物料号", "料号", "存货编码", "商品编码", "产品",
    ),
    "material": (
        "material", "material group", "material name", "commodity", "category", "goods", "item name", "product name", "物料名称", "材料",
        "材料名称", "物料", "物料组", "物料类别", "物料分类", "存货名称", "品名", "品类", "采购品类", "货物名称", "产品名称", "商品名称",
    ),
    "quantity": (
        "quantity", "qty", "amount of goods", "volume", "received quantity", "order quantity", "数量", "采购数量", "入库数量", "收货数量",
        "订单数量", "实收数量", "重量",
    ),
    "unit": ("unit", "uom", "unit of measure", "quantity unit", "order unit", "单位", "计量单位", "数量单位", "采购单位"),
    "spend": (
        "spend", "amount", "net amount", "net value", "value", "cost", "total", "total price", "purchase value", "amount excl vat",
        "金额", "采购金额", "不含税金额", "未税金额", "无税金额", "净额", "总金额", "总价", "本币金额", "价税合计",
    ),
    "currency": ("currency", "currency code", "curr", "ccy", "币种", "货币", "币别", "货币代码"),
    "country": (
        "country", "country of origin", "origin", "country of production", "made in", "国家", "原产国", "产地", "生产国", "原产地", "国别",
    ),
    "sector": ("sector", "naics", "naics code", "industry", "行业", "行业代码", "行业分类"),
    "description": ("description", "text", "remark", "remarks", "note", "short text", "描述", "物料描述", "说明", "备注", "摘要", "规格型号", "规格"),
}  # fmt: skip
_UNIT_IN_NAME = re.compile(r"[(（\[【].*?[)）\]】]")


def folded(text: str) -> str:
    """A name for comparing: full width made plain, lower case, words set apart by one blank, brackets taken off."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _UNIT_IN_NAME.sub(" ", plain)
    return " ".join(re.sub(r"[\s_\-./:：*#]+", " ", plain).split())


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """Field → place of the column whose name says so; a column serves one field, the plain names first."""
    names = [folded(name) for name in header]
    found: dict[str, int] = {}
    for field in LEDGER_COLUMNS:
        plain = [i for i, name in enumerate(header) if name.strip() == field]
        if plain:
            found[field] = plain[0]
    for field in LEDGER_COLUMNS:
        taken = set(found.values())
        if field in found:
            continue
        fitting = [names.index(name) for name in _NAMES[field] if name in names]
        free = [place for place in fitting if place not in taken]
        if free:
            found[field] = free[0]
    return found


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """The place of the row that looks most like a header among the first rows; the first where none does."""
    scores = [len(guess_columns(row)) for row in rows]
    return scores.index(max(scores)) if scores and max(scores) >= 2 else 0


def header_key(header: Sequence[str]) -> str:
    """What files with this very header are remembered by."""
    return hashlib.sha256("\x1f".join(name.strip() for name in header).encode()).hexdigest()
