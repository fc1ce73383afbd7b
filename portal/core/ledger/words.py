"""What texts in ledgers usually mean: units, currencies, materials, in English and Chinese. People add their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portal.core.finding import folded

KINDS = ("unit", "currency", "country", "supplier", "material")


@dataclass(frozen=True)
class Meaning:
    """One of what is written is `times` of `value`: 万片 is 10000 piece. `value` "" is none of ours."""

    value: str
    times: Decimal = Decimal(1)


def _table(rows: str) -> dict[str, Meaning]:
    """Lines `unit[*times]: word, word` as a table of folded words."""
    found = {}
    for line in rows.strip().splitlines():
        head, _, words = line.partition(":")
        value, _, times = head.strip().partition("*")
        for word in words.split(","):
            found[folded(word)] = Meaning(value.strip(), Decimal(times or 1))
    return found


UNITS = _table("""
kg: kg, kgs, kilogram, kilograms, kilo, kilos, 公斤, 千克
t: t, ton, tons, tonne, tonnes, metric ton, metric tons, mt, to, 吨, 公吨
g: g, gram, grams, gr, 克
kg*0.5: 斤, 市斤
kg*0.45359237: lb, lbs, pound, pounds, 磅
kt: kt, kiloton, kilotons, 千吨
kt*10: 万吨
m2: m2, sqm, sq m, sq.m, qm, m^2, square metre, square metres, square meter, square meters, 平方米, 平米, 平方, 平方公尺
m3: m3, cbm, m^3, cubic metre, cubic metres, cubic meter, cubic meters, 立方米, 立方, 方
m3*10000: 万立方米
l: l, litre, litres, liter, liters, ltr, 升, 公升
l*0.001: ml, millilitre, millilitres, 毫升
kWh: kwh, kilowatt hour, kilowatt hours, 度, 千瓦时
kWh*10000: 万度, 万千瓦时
MWh: mwh, megawatt hour, megawatt hours, 兆瓦时
GWh: gwh, 吉瓦时
MJ: mj, megajoule, megajoules, 兆焦
GJ: gj, gigajoule, gigajoules, 吉焦
t.km: t.km, tkm, t km, tonne kilometre, tonne kilometres, 吨公里, 吨千米
piece: piece, pieces, pc, pcs, pce, ea, each, st, stk, unit, units, set, sets, 片, 个, 件, 只, 块, 台, 套, 支, 根, 枚, 张, 条
piece*1000: 千片, 千个, 千只, kpcs, thousand pieces
piece*10000: 万片, 万个, 万只, 万件, 万块
Wp: wp, w, watt, watts, 瓦
kWp: kwp, kw, kilowatt, kilowatts, 千瓦
MWp: mwp, mw, megawatt, megawatts, 兆瓦
GWp: gwp, gw, gigawatt, gigawatts, 吉瓦
""")

CURRENCIES = _table("""
CNY: rmb, cny, cnh, yuan, renminbi, 人民币, 人民币元, 元, 元人民币, 中国元
USD: usd, us$, $us, us dollar, us dollars, 美元, 美金
EUR: eur, €, euro, euros, 欧元
JPY: jpy, yen, japanese yen, 日元, 日圆
GBP: gbp, £, pound sterling, 英镑
HKD: hkd, hk$, hong kong dollar, 港币, 港元
KRW: krw, ₩, won, 韩元, 韩币
SGD: sgd, s$, singapore dollar, 新加坡元, 新币
TWD: twd, ntd, nt$, 新台币, 台币
THB: thb, baht, 泰铢
VND: vnd, dong, 越南盾
MYR: myr, rm, ringgit, 林吉特, 马来西亚林吉特
INR: inr, rupee, rupees, 印度卢比
CHF: chf, 瑞士法郎
NOK: nok, 挪威克朗
AUD: aud, a$, 澳元, 澳大利亚元
""")

# Names by which our materials go in ledgers, besides their own key and their name on the page.
MATERIALS = _table("""
mg_silicon: metallurgical silicon, silicon metal, mg-si, industrial silicon, 工业硅, 金属硅, 冶金级硅
polysilicon: polysilicon, poly silicon, polycrystalline silicon, solar grade silicon, 多晶硅, 硅料, 多晶硅料, 颗粒硅, 致密料, 太阳能级多晶硅
ingot: ingot, ingots, mono ingot, silicon ingot, silicon rod, 硅锭, 硅棒, 单晶硅棒, 拉晶
wafer: wafer, wafers, silicon wafer, solar wafer, mono wafer, 硅片, 单晶硅片, 多晶硅片
cell: cell, cells, solar cell, solar cells, pv cell, 电池片, 太阳能电池片, 光伏电池片, 太阳能电池
module: module, modules, solar module, pv module, solar panel, 组件, 光伏组件, 太阳能组件
glass: glass, solar glass, pv glass, tempered glass, front glass, back glass, 玻璃, 光伏玻璃, 太阳能玻璃, 钢化玻璃, 压延玻璃, 前板玻璃, 背板玻璃
aluminium_frame: aluminium frame, aluminum frame, aluminium frames, frame, frames, al frame, 铝边框, 铝框, 边框, 铝合金边框
encapsulant: encapsulant, eva, poe, epe, eva film, poe film, encapsulation film, 胶膜, 封装胶膜, eva胶膜, poe胶膜, epe胶膜
backsheet: backsheet, back sheet, 背板, 背膜, 太阳能背板
junction_box: junction box, junction boxes, j-box, jbox, 接线盒, 光伏接线盒
silver_paste: silver paste, front side paste, rear side paste, ag paste, 银浆, 正银, 背银, 正面银浆, 背面银浆, 导电银浆
ribbon: ribbon, pv ribbon, solder ribbon, tabbing ribbon, busbar ribbon, 焊带, 涂锡焊带, 汇流带, 互连条
packaging: packaging, packing, packaging material, carton, cartons, cardboard, 包装, 包装材料, 包材, 纸箱, 瓦楞纸箱
pallet: pallet, pallets, wooden pallet, 托盘, 木托盘, 木托
sealant: sealant, silicone sealant, 密封胶, 硅酮密封胶, 硅胶
adhesive: adhesive, potting compound, glue, 胶粘剂, 灌封胶
cable: cable, cables, connector, connectors, 线缆, 电缆, 连接器
steel: steel, steel sheet, 钢材, 钢板, 型钢
chemicals: chemicals, process chemicals, 化学品, 工艺化学品, 化工料
hydrofluoric_acid: hydrofluoric acid, hf, hf acid, 氢氟酸
gases: gases, industrial gases, special gases, process gases, 气体, 工业气体, 特气, 特种气体
nitrogen: nitrogen, n2, liquid nitrogen, 氮气, 液氮
argon: argon, ar, liquid argon, 氩气, 液氩
inverter: inverter, inverters, 逆变器
plastic_film: plastic film, stretch film, wrapping film, 缠绕膜, 塑料薄膜, 塑料膜
""")

BUILT_IN = {"unit": UNITS, "currency": CURRENCIES, "material": MATERIALS}
