"""The buttons of a topic page that enter the company's earlier answer at the sites without one."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.questionnaire.model import Topic
from portal.language import N_
from portal.operations.filling import fill_sites
from portal.store.assessments import Assessment
from portal.web.context import actor, db, now
from portal.web.messages import tell


def fill_pressed(found: Assessment, topic: Topic, form: Mapping[str, str]) -> str:
    """Enter what a button asks for: the company's answer to one question, or all of the topic, at the sites without one.

    Returns where on the page to land, "" when no such button was pressed or the whole topic was meant.
    """
    pressed = form.get("fill", "")
    codes = [i.code for i in topic.indicators if pressed in (i.code, "all")]
    if not codes:
        return ""
    done = fill_sites(db(), actor(), assessment=found, codes=codes, now=now())
    if done.answers:
        tell(
            N_(
                "The company’s answer is entered for sites that had none: {codes} (answers entered: {count}). Read them and confirm them, or change them where a site is otherwise."
            ),
            count=done.answers,
            codes=", ".join(done.codes),
        )
    else:
        tell(N_("Every site has an answer of its own here; nothing was entered."))
    return "" if pressed == "all" else pressed
