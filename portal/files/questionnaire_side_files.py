"""The files that may lie beside the topics: contradiction hints, the effort of improving each indicator, and what
becomes of answers to the version before."""

from __future__ import annotations

from dataclasses import replace

from portal.core.problems import Problem
from portal.core.questionnaire.hint_rule import Answered, Rule, parse_rule
from portal.core.questionnaire.model import EFFORTS, CarryRule, Hint, Questionnaire, indicators_of
from portal.files.questionnaire_spots import (
    NOTHING,
    Spot,
    below,
    check_keys,
    get,
    list_of,
    one_of,
    text_of,
    word,
    wrong,
)

HINTS = "hints.yaml"
EFFORT = "effort.yaml"
CARRY = "carry.yaml"
STAND_IN: Rule = Answered("period.start")


def shape_hints(spot: Spot) -> tuple[Hint, ...]:
    """The hints of hints.yaml, in the order of the file; a rule that cannot be read has a stand-in."""
    check_keys(spot, "hints")
    return get(spot, "hints", list_of(_hint), ())


def _hint(spot: Spot) -> Hint:
    check_keys(spot, "id when indicators text")
    return Hint(
        id=get(spot, "id", word, ""),
        when=get(spot, "when", lambda s: s.node.text.strip(), ""),
        rule=get(spot, "when", _rule, STAND_IN),
        indicators=get(spot, "indicators", list_of(word), ()),
        text=get(spot, "text", text_of, NOTHING),
    )


def _rule(spot: Spot) -> Rule:
    text = word(spot)
    read = parse_rule(text) if spot.node.kind == "text" else STAND_IN
    if isinstance(read, Problem):
        wrong(spot, read.code, **read.values)
        return STAND_IN
    return read


def with_effort(questionnaire: Questionnaire, spot: Spot) -> Questionnaire:
    """The questionnaire with the effort of effort.yaml at its indicators.

    Notes effort_code_unknown for a code that is not in the questionnaire and effort_missing for one left out.
    """
    check_keys(spot, "effort")
    if "effort" not in spot.node.fields:
        return questionnaire
    root = below(spot, "effort")
    if root.node.kind != "map":
        wrong(root, "shape_map_expected")
        return questionnaire
    codes = [i.code for i in indicators_of(questionnaire)]
    given = {code: one_of(EFFORTS)(below(root, code)) for code in root.node.fields}
    broken = any(path.startswith("topics") for path in spot.notes.broken)
    for code in given:
        if code not in codes and not broken:
            wrong(below(root, code), "effort_code_unknown", indicator=code[:20])
    for code in codes:
        if code not in given and not broken:
            wrong(root, "effort_missing", indicator=code, allowed=", ".join(EFFORTS))
    topics = tuple(
        replace(t, indicators=tuple(replace(i, effort=given.get(i.code, "")) for i in t.indicators))
        for t in questionnaire.topics
    )
    return replace(questionnaire, topics=topics)


def with_carry(questionnaire: Questionnaire, spot: Spot) -> Questionnaire:
    """The questionnaire with the rules of carry.yaml. Notes carry_from_other and carry_not_inherited."""
    check_keys(spot, "from carry", "others")
    if not questionnaire.inherits:
        wrong(spot, "carry_not_inherited")
        return questionnaire
    if "from" in spot.node.fields and (found := word(below(spot, "from"))) != questionnaire.inherits:
        wrong(below(spot, "from"), "carry_from_other", found=found[:80], inherits=questionnaire.inherits)
    others = get(spot, "others", one_of(("same",)), "") == "same"
    rules: tuple[CarryRule, ...] = ()
    if "carry" in spot.node.fields:
        root = below(spot, "carry")
        if root.node.kind == "map":
            rules = tuple(_carry_rule(below(root, code), code) for code in root.node.fields)
        else:
            wrong(root, "shape_map_expected")
    return replace(questionnaire, carry=rules, carry_others=others)


def _carry_rule(spot: Spot, code: str) -> CarryRule:
    if spot.node.kind != "map":
        return CarryRule(code, one_of(("same", "ask_again", "dropped"))(spot), "")
    check_keys(spot, "", "renamed_from ask_again")
    for way in ("renamed_from", "ask_again"):
        if way in spot.node.fields:
            return CarryRule(code, way, word(below(spot, way)))
    wrong(spot, "key_missing", key="renamed_from")
    return CarryRule(code, "ask_again", "")
