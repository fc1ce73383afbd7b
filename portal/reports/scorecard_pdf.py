"""The scorecard as PDF."""

from __future__ import annotations

from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table, TableStyle

from portal.language import N_, say
from portal.language.forms import show_date, show_datetime, show_number
from portal.reports import fonts
from portal.reports.chart_pdf import drawing
from portal.reports.charts import BarChart, Series
from portal.reports.paper import GREEN, GROUND, LINE, WIDTH, Sheet, facts, pdf_bytes, rule, table, words
from portal.reports.scorecard import CommitmentPart, IndicatorLine, Result, Scorecard, TopicPart
from portal.reports.scorecard_carbon import carbon

STATE_WORDS = {
    "missing": N_("No answer"),
    "unscored": N_("Not scored"),
    "not_applicable": N_("Not applicable"),
}


def scorecard_pdf(card: Scorecard, locale: str) -> bytes:
    """The scorecard, A4, in the reader's language: result, topics, red flags, commitments, carbon, indicators."""
    fonts.register()
    story: list[Flowable] = [
        words(card.supplier, "title"),
        words(" · ".join(part for part in (card.supplier_code, card.round, card.period) if part), "lead"),
        _result(card, locale),
        Spacer(1, 6),
        *_capped(card, locale),
        *_topics(card, locale),
        *_red_flags(card, locale),
        *_commitments(card, locale),
        *carbon(card, locale),
        *_indicators(card, locale),
        *_closing(card, locale),
    ]
    sheet = Sheet(
        title=say(locale, N_("Scorecard: {supplier}"), supplier=card.supplier),
        organisation=card.organisation,
        subject=card.round,
        footer=f"{card.questionnaire} · {card.method} · {show_datetime(card.generated_at, card.zone, locale)}",
    )
    return pdf_bytes(sheet, story, locale)


def topic_chart(card: Scorecard, locale: str) -> BarChart:
    """Declared for every topic in play, verified beside it once anything is, with the finding as caption."""
    open_topics = [topic for topic in card.topics if topic.declared is not None or topic.verified is not None]
    series = [Series(say(locale, N_("Declared")), tuple(topic.declared for topic in open_topics), "soft")]
    title = N_("Declared score by topic")
    # Before release nothing is verified: an empty bar beside each topic would read as a score of nothing.
    if any(topic.verified is not None for topic in open_topics):
        series.append(
            Series(say(locale, N_("Verified")), tuple(topic.verified for topic in open_topics), "strong")
        )
        title = N_("Declared and verified score by topic")
    return BarChart(
        key="topics",
        title=say(locale, title),
        caption=_finding(open_topics, locale),
        categories=tuple(f"{topic.code} {topic.name}" for topic in open_topics),
        series=tuple(series),
        places=1,
        maximum=Decimal(100),
    )


def _finding(topics: list[TopicPart], locale: str) -> str:
    ranked = sorted(
        (score, topic.code, topic.name)
        for topic in topics
        if (score := topic.verified if topic.verified is not None else topic.declared) is not None
    )
    if not ranked:
        return say(locale, N_("No topic is scored yet."))
    lowest, highest = ranked[0], ranked[-1]
    return say(
        locale,
        N_("Strongest: {high} ({high_score}). Most to gain: {low} ({low_score})."),
        high=highest[2],
        high_score=show_number(highest[0], locale, 1),
        low=lowest[2],
        low_score=show_number(lowest[0], locale, 1),
    )


def _result(card: Scorecard, locale: str) -> Table:
    flags = sum(not flag.closed for flag in card.red_flags)
    pairs = [
        (say(locale, N_("Open red flags")), words(flags, "cell_act" if flags else "cell")),
        (say(locale, N_("Commitments")), show_number(len(card.commitments), locale, 0)),
        *((say(locale, name), text) for name, text in card.profile),
    ]
    if card.released_on:
        pairs.append((say(locale, N_("Released on")), show_date(card.released_on, locale)))
    if card.valid_until:
        pairs.append((say(locale, N_("Valid until")), show_date(card.valid_until, locale)))
    panel = [
        [
            _figure(say(locale, N_("Verified score")), card.verified, "figure", locale),
            _figure(say(locale, N_("Declared score")), card.declared, "figure_quiet", locale),
            facts(pairs, first=0.44, whole=0.4),
        ]
    ]
    made = Table(panel, [WIDTH * 0.29, WIDTH * 0.29, WIDTH * 0.42], splitInRow=1)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (1, 0), GROUND),
                ("LINEABOVE", (0, 0), (0, 0), 2, GREEN),
                ("LINEABOVE", (1, 0), (1, 0), 2, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("RIGHTPADDING", (2, 0), (2, 0), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return made


def _figure(name: str, result: Result | None, style: str, locale: str) -> list[Flowable]:
    if result is None:
        return [
            words(name, "cell_bold"),
            words("–", style),
            words(say(locale, N_("Not verified yet")), "quiet"),
        ]
    grade = say(locale, N_("Grade {grade} · out of 100"), grade=result.grade)
    return [
        words(name, "cell_bold"),
        words(show_number(result.total, locale, 2), style),
        words(grade, "cell"),
    ]


def _capped(card: Scorecard, locale: str) -> list[Flowable]:
    if not card.capped_by_red_flag:
        return []
    text = N_(
        "An open red flag caps the grade at D and puts purchasing on hold until a reviewer closes it with proof."
    )
    return [words(say(locale, text), "act")]


def _topics(card: Scorecard, locale: str) -> list[Flowable]:
    chart = topic_chart(card, locale)
    dropped = [f"{topic.code} {topic.name}" for topic in card.topics if topic.declared is None]
    shown: list[Flowable] = [words(chart.title, "h2"), words(chart.caption)]
    if chart.categories:
        shown.append(drawing(chart, locale, WIDTH))
    shown = [KeepTogether(shown)]
    if dropped:
        names = ("、" if locale == "zh" else ", ").join(dropped)
        shown.append(
            words(say(locale, N_("Not applicable to this supplier: {topics}."), topics=names), "quiet")
        )
    return shown


def _red_flags(card: Scorecard, locale: str) -> list[Flowable]:
    shown: list[Flowable] = [CondPageBreak(90), words(say(locale, N_("Red flags")), "h2")]
    if not card.red_flags:
        return [*shown, words(say(locale, N_("None: no gating indicator was answered with zero points.")))]
    rows = [
        (
            words(flag.code, "cell_bold"),
            flag.subject,
            flag.reason,
            words(
                say(locale, N_("Closed with proof") if flag.closed else N_("Open")),
                "cell" if flag.closed else "cell_act",
            ),
        )
        for flag in card.red_flags
    ]
    head = [say(locale, name) for name in (N_("Indicator"), N_("Subject"), N_("Reason"), N_("State"))]
    return [*shown, table(head, rows, (0.11, 0.33, 0.42, 0.14))]


def _commitments(card: Scorecard, locale: str) -> list[Flowable]:
    shown: list[Flowable] = [CondPageBreak(90), words(say(locale, N_("Commitments")), "h2")]
    if not card.commitments:
        return [*shown, words(say(locale, N_("No commitment has been made yet.")))]
    names = (N_("Indicator"), N_("Action"), N_("Owner"), N_("Due on"), N_("State"), N_("Points"))
    head = [*(say(locale, name) for name in names), say(locale, N_("tCO₂e/year"))]
    rows = [_commitment(one, locale) for one in card.commitments]
    return [*shown, table(head, rows, (0.1, 0.33, 0.13, 0.14, 0.11, 0.08, 0.11), right=2)]


def _commitment(one: CommitmentPart, locale: str) -> tuple[object, ...]:
    state = say(locale, one.state)
    late = words(f"{state} · {say(locale, N_('Overdue'))}", "cell_act") if one.overdue else state
    return (
        words(one.code, "cell_bold"),
        one.action,
        one.owner,
        show_date(one.due_on, locale) if one.due_on else "–",
        late,
        "–" if one.effect_points is None else show_number(one.effect_points, locale, 2),
        "–" if one.effect_tco2e is None else show_number(one.effect_tco2e, locale, 1),
    )


def _indicators(card: Scorecard, locale: str) -> list[Flowable]:
    names = (
        N_("Indicator"),
        N_("Subject and answer"),
        N_("Reason"),
        N_("Weight"),
        N_("Declared"),
        N_("Verified"),
    )
    head = [say(locale, name) for name in names]
    note = N_("Points run from 0 to 1. Weight is the indicator's weight within its topic.")
    shown: list[Flowable] = [
        CondPageBreak(160),
        words(say(locale, N_("Every indicator")), "h2"),
        words(say(locale, note), "quiet"),
    ]
    for topic in card.topics:
        shown += [CondPageBreak(110), words(_topic_heading(topic, locale), "h3")]
        rows = [_indicator(line, locale) for line in topic.indicators]
        if rows:
            shown.append(table(head, rows, (0.095, 0.32, 0.295, 0.085, 0.1025, 0.1025), right=3))
    return shown


def _topic_heading(topic: TopicPart, locale: str) -> str:
    scores = [
        f"{say(locale, name)} {show_number(score, locale, 1)}"
        for name, score in ((N_("Declared"), topic.declared), (N_("Verified"), topic.verified))
        if score is not None
    ]
    weight = f"{say(locale, N_('Weight'))} {show_number(topic.weight, locale)} %"
    return " · ".join([f"{topic.code} {topic.name}", weight, *scores])


def _indicator(line: IndicatorLine, locale: str) -> tuple[object, ...]:
    if line.red_flag:
        code = [words(line.code, "cell_act"), words(say(locale, N_("Red flag")), "cell_act")]
    else:
        code = [words(line.code, "cell_bold")]
    reason = [words(line.reason, "cell")]
    if line.reviewer_words and line.reviewer_words != line.reason:
        verified = say(locale, N_("Verified: {reason}"), reason=line.reviewer_words)
        reason.append(words(verified, "cell_quiet"))
    state = STATE_WORDS.get(line.state)
    answer = line.answer or (say(locale, state) if state else "–")
    return (
        _stack(code),
        _stack([words(line.subject, "cell"), words(answer, "cell_quiet")]),
        _stack(reason),
        show_number(line.weight, locale),
        _points(line.declared, locale),
        words(_points(line.verified, locale), "number_bold"),
    )


def _stack(cells: list[Flowable]) -> Table:
    made = Table([[cell] for cell in cells], splitInRow=1)
    made.setStyle(
        TableStyle(
            [
                (side, (0, 0), (-1, -1), 0)
                for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
            ]
        )
    )
    return made


def _points(points: Decimal | None, locale: str) -> str:
    return "–" if points is None else show_number(points, locale, 2)


def _closing(card: Scorecard, locale: str) -> list[Flowable]:
    pairs = [
        (say(locale, N_("Questionnaire version")), card.questionnaire),
        (say(locale, N_("Scoring method")), card.method),
        (
            say(locale, N_("Made")),
            f"{show_datetime(card.generated_at, card.zone, locale)} ({card.zone}) · {card.generated_by}",
        ),
    ]
    hands = [words(say(locale, name), "cell") for name in (N_("For the supplier"), N_("For the buyer"))]
    lines = Table([[hands[0], "", hands[1], ""]], [WIDTH * share for share in (0.16, 0.32, 0.16, 0.36)], [34])
    lines.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LINEBELOW", (1, 0), (1, 0), 0.6, LINE),
                ("LINEBELOW", (3, 0), (3, 0), 0.6, LINE),
                ("LEFTPADDING", (0, 0), (0, 0), 0),
            ]
        )
    )
    note = N_("Declared: as the supplier answered. Verified: only what evidence and review support.")
    return [KeepTogether([Spacer(1, 14), rule(), words(say(locale, note), "quiet"), facts(pairs), lines])]
