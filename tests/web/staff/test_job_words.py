"""What a job that failed says: once for all lines that have the same fault."""

from __future__ import annotations

from portal.core.problems import Problem
from portal.web.staff.pages_estimates import alike_in_words


def test_the_same_fault_of_many_lines_is_said_once() -> None:
    missing = [
        Problem("line_rate_missing", f"bought.csv:{line}:currency", {"found": "CNY"}) for line in (2, 3, 9)
    ]
    other = Problem("line_rate_missing", "bought.csv:4:currency", {"found": "EUR"})
    english = alike_in_words("en", [*missing, other])
    assert len(english) == 2
    assert english[0].startswith("bought.csv, line 2, currency: there is no exchange rate for “CNY”")
    assert english[0].endswith("2 more lines have the same.")
    assert "more line" not in english[1]
    assert alike_in_words("zh", missing)[0].endswith("另有 2 行相同。")
    assert alike_in_words("en", missing[:2])[0].endswith("One more line has the same.")
