"""levels.yaml: which indicators the group answers and which each site, and how answers of sites become one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.core.questionnaire.model import (
    LEVELS,
    ROLL_UPS,
    WORST_ENDS,
    Indicator,
    Questionnaire,
    indicators_of,
)
from portal.core.questionnaire.soundness_levels import default_roll_up
from portal.files.questionnaire_spots import Spot, below, check_keys, get, one_of, word, wrong

LEVELS_FILE = "levels.yaml"


@dataclass(frozen=True)
class _Level:
    level: str
    roll_up: str
    worst_end: str
    weighed_by: str


def with_levels(questionnaire: Questionnaire, spot: Spot) -> Questionnaire:
    """The questionnaire with the level and roll-up of levels.yaml at its indicators.

    Notes level_code_unknown for a code that is not in the questionnaire and level_missing for one left out.
    """
    check_keys(spot, "levels")
    if "levels" not in spot.node.fields:
        return questionnaire
    root = below(spot, "levels")
    if root.node.kind != "map":
        wrong(root, "shape_map_expected")
        return questionnaire
    codes = [i.code for i in indicators_of(questionnaire)]
    given = {code: _level(below(root, code)) for code in root.node.fields}
    broken = any(path.startswith("topics") for path in spot.notes.broken)
    for code in given:
        if code not in codes and not broken:
            wrong(below(root, code), "level_code_unknown", indicator=code[:20])
    for code in codes:
        if code not in given and not broken:
            wrong(root, "level_missing", indicator=code, allowed=", ".join(LEVELS))
    topics = tuple(
        replace(t, indicators=tuple(_with(i, given.get(i.code)) for i in t.indicators))
        for t in questionnaire.topics
    )
    return replace(questionnaire, topics=topics)


def _level(spot: Spot) -> _Level:
    if not check_keys(spot, "level", "roll_up worst_end weighed_by"):
        return _Level("group", "", "", "")
    return _Level(
        get(spot, "level", one_of(LEVELS), "group"),
        get(spot, "roll_up", one_of(ROLL_UPS), ""),
        get(spot, "worst_end", one_of(WORST_ENDS), ""),
        get(spot, "weighed_by", word, ""),
    )


def _with(indicator: Indicator, given: _Level | None) -> Indicator:
    if given is None:
        return indicator
    how = given.roll_up
    if not how and given.level == "group":
        how = default_roll_up(indicator)
    return replace(
        indicator, level=given.level, roll_up=how, worst_end=given.worst_end, weighed_by=given.weighed_by
    )
