"""The receipt of a submission, for the page of what was sent and for the take-away package."""

from __future__ import annotations

from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import text_in
from portal.language import forms
from portal.operations.scoring import Case, sent_case
from portal.reports.receipt import Receipt, ReceiptAnswer, ReceiptTopic, receipt_pdf
from portal.store.assessments import Assessment, Submission
from portal.web.context import locale, site, zone
from portal.web.site_words import answer_with_sites


def receipt_bytes(found: Assessment, submission: Submission) -> bytes:
    """The receipt of one submission of this supplier as PDF, in the reader's language."""
    return receipt_pdf(_receipt(found, submission), locale())


def _receipt(found: Assessment, submission: Submission) -> Receipt:
    case = sent_case(found, submission)
    start, end = found.round.period_start, found.round.period_end
    supplier = found.supplier
    return Receipt(
        organisation=site().settings.organisation,
        supplier=supplier.name_zh if locale() == "zh" and supplier.name_zh else supplier.name,
        supplier_code=supplier.code,
        round=found.round.name,
        period=f"{forms.show_date(start, locale())} – {forms.show_date(end, locale())}",
        questionnaire=found.questionnaire,
        submitted_by=submission.submitted_by.name,
        submitted_at=submission.submitted_at,
        zone=zone(),
        sha256=submission.sha256,
        short=case.short,
        topics=_receipt_topics(case),
    )


def _receipt_topics(case: Case) -> tuple[ReceiptTopic, ...]:
    """What was sent, topic by topic; open questions without an answer are named with an empty answer."""
    found = []
    for topic in case.questionnaire.topics:
        lines = tuple(
            ReceiptAnswer(
                code=i.code,
                subject=text_in(i.subject, locale()),
                answer=answer_with_sites(case, i.code, show(i, case.answers[i.code], locale()), locale())
                if i.code in case.answers
                else "",
                evidence=tuple(proof.name for proof in case.evidence.get(i.code, ())),
            )
            for i in topic.indicators
            if i.code in case.path.open
        )
        if lines:
            found.append(ReceiptTopic(topic.code, text_in(topic.name, locale()), lines))
    return tuple(found)
