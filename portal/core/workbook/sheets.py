"""Names inside an answer workbook that writer and reader share, and how its sheets are called."""

from __future__ import annotations

import re

from portal.core.questionnaire.model import Topic, text_in

IDENTITY_SHEET = "upstream"
LISTS_SHEET = "lists"
ROW_MARK = "row"
LONGEST_NAME = 28
# Beyond so many sites the sheet on which they can differ would hold more lines than all questions together.
MOST_DIFFERING = 12
# The first row of a topic sheet, hidden: what each column holds, whatever stands before or behind it.
COLUMNS = ("row", "open", "code", "question", *(f"answer {number}" for number in range(1, 21)))
ANSWER_COLUMN = COLUMNS.index("answer 1")


def sheet_name(topic: Topic, locale: str) -> str:
    """A topic's sheet: its code and the first words of its name, short enough for a row of tabs."""
    words = re.sub(r"[\[\]:*?/\\',]", " ", text_in(topic.name, locale)).split()
    name = topic.code
    for word in words:
        if len(name) + 1 + len(word) > LONGEST_NAME:
            break
        name += f" {word}"
    return name.removesuffix(" and").removesuffix(" of")[:31]
