"""How far an assessment is, topic by topic and in all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.core.questionnaire.model import Questionnaire, Topic
from portal.core.questionnaire.path import Path


@dataclass(frozen=True)
class TopicProgress:
    """`open` and `answered` count indicators in play; `minutes_left` adds those still to answer.

    `state`: not_started, in_progress, done, or not_applicable where no indicator of the topic is in play.
    """

    open: int
    answered: int
    minutes_left: int
    state: str


@dataclass(frozen=True)
class Progress:
    """Progress of each topic by code, in the questionnaire's order, and of all together."""

    topics: Mapping[str, TopicProgress]
    overall: TopicProgress


def progress(
    questionnaire: Questionnaire,
    path: Path,
    answers: Mapping[str, object],
    unconfirmed: Collection[str] = (),
) -> Progress:
    """Count what is answered among the indicators in play.

    `answers` are canonical values by code (an answer that cannot be read is absent); codes in `unconfirmed`
    (carried over, not confirmed yet) do not count as answered.
    """
    topics = {t.code: _of_topic(t, path, answers, unconfirmed) for t in questionnaire.topics}
    parts = topics.values()
    overall = _state(
        sum(p.open for p in parts), sum(p.answered for p in parts), sum(p.minutes_left for p in parts)
    )
    return Progress(topics, overall)


def _of_topic(
    topic: Topic, path: Path, answers: Mapping[str, object], unconfirmed: Collection[str]
) -> TopicProgress:
    in_play = [i for i in topic.indicators if i.code in path.open]
    left = [i for i in in_play if answers.get(i.code) is None or i.code in unconfirmed]
    return _state(len(in_play), len(in_play) - len(left), sum(i.minutes for i in left))


def _state(in_play: int, answered: int, minutes_left: int) -> TopicProgress:
    if not in_play:
        state = "not_applicable"
    elif answered == in_play:
        state = "done"
    else:
        state = "in_progress" if answered else "not_started"
    return TopicProgress(in_play, answered, minutes_left, state)
