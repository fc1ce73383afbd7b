"""Receipt and scorecard: what a reader of the PDF finds in it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from portal.reports import fonts
from portal.reports.receipt import ReceiptAnswer, receipt_pdf
from portal.reports.scorecard_pdf import scorecard_pdf, topic_chart
from tests.reports import samples


def read(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(data))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, text.replace("\u00a0", " ")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_scorecard_in_english() -> None:
    reader, text = read(scorecard_pdf(samples.scorecard(samples.ENGLISH, "en"), "en"))
    for figure in ("69.00", "74.25", "182 340.5", "18 250.5", "1.132 per 1 kg", "Grade D"):
        assert figure in text, figure
    assert squeezed(samples.ENGLISH) in squeezed(text)
    assert "Not applicable to this supplier: BIO Biodiversity." in text
    assert (
        "The evidence supports a" in text and "sustainability/2026.1" in text and "upstream-score/1" in text
    )
    pages = len(reader.pages)
    assert f"Page 1 of {pages}" in reader.pages[0].extract_text()
    assert f"Page {pages} of {pages}" in reader.pages[-1].extract_text()
    assert reader.metadata.title == f"Scorecard: {samples.ENGLISH}"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_scorecard_in_chinese() -> None:
    reader, text = read(scorecard_pdf(samples.scorecard(samples.CHINESE, "zh"), "zh"))
    assert squeezed(samples.CHINESE) in squeezed(text)
    for words in ("核定得分", "自评得分", "红线项", "改进承诺", "产品碳足迹", "2026年11月2日", "扣押证件"):
        assert words in text, words
    assert f"第 1 页，共 {len(reader.pages)} 页" in text
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_every_indicator_is_on_the_card() -> None:
    card = samples.scorecard("Moonlit Glass", "en")
    _, text = read(scorecard_pdf(card, "en"))
    assert not [line.code for topic in card.topics for line in topic.indicators if line.code not in text]


def test_hostile_names_are_shown_as_typed() -> None:
    for data in (
        scorecard_pdf(samples.scorecard(samples.HOSTILE, "en"), "en"),
        receipt_pdf(samples.receipt(samples.HOSTILE, "en"), "en"),
    ):
        assert samples.HOSTILE in read(data)[1]


def test_a_card_before_review_and_without_carbon_says_so() -> None:
    card = replace(
        samples.scorecard("Moonlit Glass", "en"),
        verified=None,
        capped_by_red_flag=False,
        topics=(),
        red_flags=(),
        commitments=(),
        footprints=(),
        inventories=(),
        released_on=None,
        valid_until=None,
    )
    _, text = read(scorecard_pdf(card, "en"))
    for words in (
        "Not verified yet",
        "No topic is scored yet.",
        "No commitment has been made yet.",
        "not disclosed",
    ):
        assert words in text, words


def test_the_chart_states_its_finding() -> None:
    chart = topic_chart(samples.scorecard("Moonlit Glass", "en"), "en")
    assert (
        chart.caption
        == "Strongest: Product quality and safety (81.5). Most to gain: Sustainability governance (30.5)."
    )
    assert len(chart.categories) == 17


def test_before_release_the_chart_has_no_verified_bars() -> None:
    card = samples.scorecard("Moonlit Glass", "en")
    declared = replace(card, verified=None, topics=tuple(replace(t, verified=None) for t in card.topics))
    assert [one.name for one in topic_chart(card, "en").series] == ["Declared", "Verified"]
    before = topic_chart(declared, "en")
    assert [one.name for one in before.series] == ["Declared"] and "erified" not in before.title
    assert [one.name for one in topic_chart(declared, "zh").series] == ["自评"]


def test_receipt_counts_the_answers_that_were_given() -> None:
    receipt = samples.receipt(samples.CHINESE, "en")
    given = sum(len(topic.answers) for topic in receipt.topics)
    first = receipt.topics[0]
    unanswered = replace(first, answers=(*first.answers, ReceiptAnswer("GOV-99", "Left open", "")))
    _, text = read(receipt_pdf(replace(receipt, topics=(unanswered, *receipt.topics[1:])), "en"))
    assert "GOV-99" in text and re.search(rf"Answers\s+{given}\s", text)


def test_receipt_names_hash_times_and_every_answer() -> None:
    receipt = samples.receipt(samples.CHINESE, "zh")
    reader, text = read(receipt_pdf(receipt, "zh"))
    assert receipt.sha256 in text
    assert "2026年11月21日 14:03 (Asia/Shanghai)" in text and "2026-11-21 06:03:00 UTC" in text
    assert not [a.code for topic in receipt.topics for a in topic.answers if a.code not in text]
    assert "iso14001-证书.pdf" in text and "<i>audit</i>.xlsx" in text
    assert f"共 {len(reader.pages)} 页" in text


@pytest.mark.slow
@pytest.mark.parametrize("text", ["超长的理由" * 1600, "W" * 8000, "a reason " * 900, "x\n" * 2000])
def test_texts_longer_than_a_page_flow_on(text: str) -> None:
    card = samples.scorecard("Moonlit Glass", "en")
    topic = card.topics[0]
    long_line = replace(topic.indicators[0], reason=text, subject=text, answer=text)
    long_flag = replace(card.red_flags[0], reason=text)
    long_promise = replace(card.commitments[0], action=text)
    card = replace(
        card,
        supplier=text[:300],
        topics=(replace(topic, name=text[:200], indicators=(long_line,)),),
        red_flags=(long_flag,),
        commitments=(long_promise,),
        profile=(("Materials", text[:4000]),),
    )
    assert len(read(scorecard_pdf(card, "en"))[0].pages) > 3
    assert read(receipt_pdf(samples.receipt("x", "en", text[:4000]), "en"))[0].pages


def test_an_indicator_is_not_cut_by_the_end_of_a_page() -> None:
    card = samples.scorecard("Moonlit Glass", "en")
    topic = card.topics[0]
    lines = tuple(
        replace(topic.indicators[0], code=f"GOV-{n}", reason=f"{'a long reason ' * (5 + n % 7)} end{n}.")
        for n in range(100, 180)
    )
    reader, _ = read(scorecard_pdf(replace(card, topics=(replace(topic, indicators=lines),)), "en"))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 4
    cut = [n for n in range(100, 180) if not any(f"GOV-{n}" in p and f"end{n}." in p for p in pages)]
    assert cut == []


def test_lines_of_an_answer_are_kept_until_there_are_too_many() -> None:
    _, text = read(receipt_pdf(samples.receipt("x", "en", "first\n\nsecond"), "en"))
    assert "first\nsecond" in text
    _, text = read(receipt_pdf(samples.receipt("x", "en", "\n".join(f"l{n}" for n in range(60))), "en"))
    assert "l38\nl39 / l40" in text and "l59" in text


def test_rare_characters_of_gbk_and_european_letters_have_glyphs() -> None:
    for name in (fonts.REGULAR, fonts.BOLD):
        with TTFont(fonts.FOLDER / f"{name}.ttf") as font:
            assert not [c for c in "镕堃喆囧鱻龘霛₂ŁłğşőůŞĐệ→✓\u202f" if ord(c) not in font.getBestCmap()]
            assert font["name"].getDebugName(6) == name
            assert "Noto" not in font["name"].getDebugName(4) and "glyf" in font
    assert "SIL OPEN FONT LICENSE" in (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    _, text = read(receipt_pdf(samples.receipt("鱻龘霛有限公司 CO2 Łódź", "zh"), "zh"))
    assert "鱻龘霛有限公司CO₂Łódź" in squeezed(text)


def test_text_without_chinese_uses_the_face_with_narrow_quotation_marks() -> None:
    assert fonts.face("“Occurs”") == fonts.LATIN_REGULAR and fonts.face("“发生”", bold=True) == fonts.BOLD
    with TTFont(fonts.FOLDER / f"{fonts.LATIN_REGULAR}.ttf") as font:
        cmap = font.getBestCmap()
        assert all(font["hmtx"][cmap[ord(c)]][0] < font["head"].unitsPerEm * 0.6 for c in "“”‘’·•")


def test_fonts_are_embedded_as_two_faces() -> None:
    reader, _ = read(scorecard_pdf(samples.scorecard(samples.CHINESE, "zh"), "zh"))
    names = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert {fonts.REGULAR, fonts.BOLD} <= names


def test_reports_can_be_made_in_several_threads() -> None:
    names = [f"虚构{c}公司" for c in "甲乙丙丁戊己"]
    with ThreadPoolExecutor(3) as pool:
        made = pool.map(lambda name: receipt_pdf(samples.receipt(name, "zh"), "zh"), names)
        for name, data in zip(names, made, strict=True):
            assert name in read(data)[1]
