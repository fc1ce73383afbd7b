"""The documents that the demo shows stand behind the questions that ask for them."""

from __future__ import annotations

from datetime import date

from portal.core.questionnaire.model import find_indicator, indicators_of
from portal.demo.documents import documents
from portal.files.questionnaires import find_questionnaire


def test_a_certificate_proves_a_question_that_names_its_standard() -> None:
    asked = find_questionnaire("sustainability/2026.1")
    shown = documents(date(2026, 11, 21), (date(2025, 10, 1), date(2026, 9, 30)), date(2026, 12, 15))
    named = {
        one.standard: {i.code for i in indicators_of(asked) if one.standard in i.standards}
        for one in shown
        if one.standard
    }
    assert named["ISO 50001"], "the questionnaire names the standard"
    for one in shown:
        assert find_indicator(asked, one.code)
        assert one.code in (named.get(one.standard) or {one.code}), one.standard
