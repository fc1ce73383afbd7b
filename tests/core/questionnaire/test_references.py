"""References to other frameworks, read from the standards of each indicator."""

from __future__ import annotations

import pytest

from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.references import FRAMEWORKS, OTHER, Reference, read_reference, references_of
from portal.files.questionnaires import find_questionnaire

SHIPPED = find_questionnaire("sustainability/2026.1")


@pytest.mark.parametrize(
    ("text", "framework", "place"),
    [
        ("GRI 2-9", "GRI", "2-9"),
        ("RBA VAP", "RBA", "VAP"),
        ("SAQ5 Q20d", "SAQ 5.0", "Q20d"),
        ("EcoVadis Materials, Chemicals & Waste", "EcoVadis", "Materials, Chemicals & Waste"),
        ("SSI ESG Water Management", "SSI", "ESG Water Management"),
        ("ISO 14001", OTHER, "ISO 14001"),
        ("GRI", OTHER, "GRI"),
        ("CBAM (EU) 2023/956", OTHER, "CBAM (EU) 2023/956"),
    ],
)
def test_the_first_word_names_the_framework(text: str, framework: str, place: str) -> None:
    assert read_reference(text) == Reference(framework, place)


def test_every_standard_of_every_indicator_is_kept_and_each_framework_is_used() -> None:
    spelled = {"SAQ 5.0": "SAQ5"}
    for indicator in indicators_of(SHIPPED):
        again = [
            r.place if r.framework == OTHER else f"{spelled.get(r.framework, r.framework)} {r.place}"
            for r in references_of(indicator)
        ]
        assert again == list(dict.fromkeys(indicator.standards)), indicator.code
    used = {r.framework for i in indicators_of(SHIPPED) for r in references_of(i)}
    assert used == {*FRAMEWORKS, OTHER}
    # nothing of a named framework hides among the rest
    rest = {
        r.place.split()[0] for i in indicators_of(SHIPPED) for r in references_of(i) if r.framework == OTHER
    }
    assert not {word for word in rest if word.upper().startswith(("GRI", "RBA", "SAQ", "ECOV", "SSI"))}
