"""Questionnaire folders to the model: shape, then sense, all problems with file, line and key.

A version lies in ``questionnaires/<name>/<version>/``: ``questionnaire.yaml`` and one file per topic, named there
in order. ``hints.yaml`` (contradiction hints), ``register.yaml`` (answers the carbon register knows), ``effort.yaml``
(effort of improving) and ``levels.yaml`` (what is answered per site) may lie beside them. A version that inherits holds
only what differs, and ``carry.yaml``. Shipped versions are read once per process.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from pathlib import Path

from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.core.questionnaire.model import Questionnaire, Text, Topic, questionnaire_id
from portal.core.questionnaire.soundness import soundness_problems
from portal.core.questionnaire.soundness_carry import carry_problems
from portal.core.questionnaire.soundness_levels import level_problems
from portal.core.questionnaire.soundness_register import per_site_problems
from portal.files.questionnaire_inheritance import (
    FRAME,
    Layers,
    exists,
    inherits_place,
    layers_of,
    read_layered,
    retired_codes,
)
from portal.files.questionnaire_levels import LEVELS_FILE, with_levels
from portal.files.questionnaire_lock import folder_hash, lock_problems, write_lock
from portal.files.questionnaire_register import REGISTER, shape_register
from portal.files.questionnaire_shape import shape_questionnaire, shape_topic
from portal.files.questionnaire_side_files import CARRY, EFFORT, HINTS, shape_hints, with_carry, with_effort
from portal.files.questionnaire_spots import Notes, Spot, places
from portal.files.questionnaire_yaml import read_yaml
from portal.settings import shipped

__all__ = [
    "FRAME",
    "available_questionnaires",
    "check_folder",
    "check_published",
    "find_questionnaire",
    "folder_hash",
    "freeze",
    "load_questionnaire",
    "shipped_folders",
]

UNREADABLE = Topic("", 0, Text("", ""), Text("", ""), Text("", ""), 0, ())
_TOPIC_FILE = re.compile(r"topics/\d{2}-[A-Z]{3}\.yaml", re.ASCII)
_INDICATOR_PATH = re.compile(r"topics\[\d+\]\.indicators\[\d+\]")
_TOPIC_PATH = re.compile(r"topics\[\d+\]")
_BESIDE = re.compile(r"(hints|register)\[|levels\.")
# Problems that name an indicator elsewhere: they may come from that one's own, reported already.
# While codes are wrong themselves, a file that goes by codes cannot be compared with them.
_UNCLEAR_CODES = frozenset({"indicator_code_twice", "indicator_code_form"})
_ABOUT_ANOTHER = frozenset(
    {
        "condition_indicator_unknown",
        "condition_option_unknown",
        "condition_not_a_choice",
        "hint_code_unknown",
        "hint_figure_unknown",
        "hint_option_unknown",
        "hint_option_unreachable",
        "hint_wrong_kind",
        "roll_up_does_not_fit",
        "roll_up_missing",
        "roll_up_no_order",
        "roll_up_not_one_way",
        "roll_up_not_whole",
        "roll_up_sums_inherited",
        "weigher_unfit",
        "worst_end_missing",
        "worst_end_not_used",
        "register_kind_unfit",
        "register_not_per_site",
        "register_unit_differs",
    }
)


def load_questionnaire(folder: Path) -> Questionnaire:
    """The questionnaire of one folder. Raises Invalid with all problems."""
    questionnaire, problems = _compile(folder)
    if problems or questionnaire is None:
        raise Invalid(problems)
    return questionnaire


def check_folder(folder: Path) -> list[Problem]:
    """All problems of one folder, in the order of files and lines; `where` is "topics/01-GOV.yaml:37 key"."""
    return _compile(folder)[1]


def shipped_folders(root: Path | None = None) -> dict[str, Path]:
    """The folder of every version under `root` (default: the shipped questionnaires) by id, sorted."""
    root = shipped("questionnaires") if root is None else root
    found = sorted(root.glob(f"*/*/{FRAME}"))
    return {f"{path.parent.parent.name}/{path.parent.name}": path.parent for path in found}


@cache
def available_questionnaires() -> dict[str, Questionnaire]:
    """Every shipped version by id. Raises Invalid when one cannot be read."""
    return {name: _named(name, folder) for name, folder in shipped_folders().items()}


@cache
def find_questionnaire(name: str) -> Questionnaire:
    """The shipped version with this id ("sustainability/2026.1"). Raises NotFound, or Invalid if unreadable."""
    folder = shipped_folders().get(name)
    if folder is None:
        raise NotFound(name)
    return _named(name, folder)


def check_published(root: Path | None = None) -> None:
    """Raises Invalid when a released version is not exactly what was released; for the start of every program."""
    root = shipped("questionnaires") if root is None else root
    published = {
        name: folder for name, folder in shipped_folders(root).items() if _status(folder) == "published"
    }
    problems = lock_problems(root, published)
    if problems:
        raise Invalid(problems)


def freeze(name: str, root: Path | None = None) -> str:
    """Add a published version to the lock; returns its hash. Raises NotFound, or Invalid when it is not sound,
    is still a draft or was frozen with other content."""
    root = shipped("questionnaires") if root is None else root
    folder = shipped_folders(root).get(name)
    if folder is None:
        raise NotFound(name)
    if _named(name, folder).status != "published":
        raise Invalid([Problem("freeze_draft", FRAME, {"id": name})])
    return write_lock(root, name, folder)


def _named(name: str, folder: Path) -> Questionnaire:
    questionnaire = load_questionnaire(folder)
    if questionnaire_id(questionnaire) != name:
        raise Invalid([Problem("folder_named_otherwise", FRAME, {"folder": name})])
    return questionnaire


def _status(folder: Path) -> str:
    root, _ = read_yaml(folder / FRAME, FRAME)
    status = root.fields.get("status") if root else None
    return status.text if status else ""


def _compile(folder: Path) -> tuple[Questionnaire | None, list[Problem]]:
    layers, problems = layers_of(folder)
    if len(layers) == 1:
        model, found = _compile_layers(layers, Notes(problems))
        return model, found
    base, told = _compile(layers[1][0])
    model, problems = _compile_layers(layers, Notes(problems), base)
    own = _not_told_below(problems, told, layers[1][1])
    where = inherits_place(layers[0])
    if told:
        own.append(Problem("inherited_unsound", where, {"id": layers[1][0].name, "count": len(told)}))
    elif base is not None and model is not None and (base.status, model.status) == ("draft", "published"):
        own.append(Problem("inherits_draft", where, {"id": layers[1][0].name}))
    return model, own


def _not_told_below(problems: list[Problem], told: list[Problem], shown: str) -> list[Problem]:
    """The problems that the version inherited from does not have of itself."""
    known = {(p.code, p.where if p.where.startswith("../") else f"{shown}{p.where}") for p in told}
    return [p for p in problems if (p.code, p.where) not in known]


def _compile_layers(
    layers: Layers, notes: Notes, base: Questionnaire | None = None
) -> tuple[Questionnaire | None, list[Problem]]:
    root, found = read_layered(layers, FRAME)
    notes.problems += found
    if root is None:
        return None, notes.problems
    spot = Spot(root, FRAME, "", "", notes)
    frame, names = shape_questionnaire(spot)
    known = dict(places(spot))
    topics = [_topic(layers, name, number, notes, known) for number, name in enumerate(names)]
    notes.problems += _unlisted(layers[0][0], names)
    model = replace(frame, topics=tuple(topics))
    retired = retired_codes(layers, (name.node.text for name in names if _is_topic_file(name)))
    if (hints := _beside(layers, HINTS, notes, known, retired)) is not None:
        model = replace(model, hints=shape_hints(hints))
    if (register := _beside(layers, REGISTER, notes, known, retired)) is not None:
        model = replace(model, register=shape_register(register))
    sense = soundness_problems(model)
    model, carried = _with_carry(model, layers, notes, known, base)
    sense = [p for p in [*sense, *carried] if not _follows_from(p, notes.broken, model)]
    notes.problems += [replace(p, where=_where(p.where, known)) for p in sense]
    if not _UNCLEAR_CODES.isdisjoint(p.code for p in sense):
        notes.broken.add("topics")
    if (effort := _beside(layers, EFFORT, notes, known, retired)) is not None:
        model = with_effort(model, effort)
    if (levels := _beside(layers, LEVELS_FILE, notes, known, retired)) is not None:
        model = with_levels(model, levels)
        # Wrong points tell nothing of which answer is worse.
        doubtful = notes.broken | {p.where for p in sense}
        unfit = [
            p
            for p in level_problems(model)
            if not _follows_from(p, doubtful if p.code == "roll_up_not_one_way" else notes.broken, model)
        ]
        notes.problems += [replace(p, where=_where(p.where, known)) for p in unfit]
    if not any(path.startswith("levels") for path in notes.broken):
        strays = [p for p in per_site_problems(model) if not _follows_from(p, notes.broken, model)]
        notes.problems += [replace(p, where=_where(p.where, known)) for p in strays]
    return model, notes.problems


def _with_carry(
    model: Questionnaire, layers: Layers, notes: Notes, known: dict[str, str], base: Questionnaire | None
) -> tuple[Questionnaire, list[Problem]]:
    """Carry rules are a version's own, never inherited; one that inherits must have them."""
    carry = _beside(layers[:1], CARRY, notes, known, ())
    if carry is not None:
        model = with_carry(model, carry)
    elif model.inherits and not exists(layers[:1], CARRY):
        return model, [Problem("carry_file_missing", "inherits")]
    readable = carry is not None and not any(path.startswith(("carry", "topics")) for path in notes.broken)
    return model, carry_problems(model, base) if readable and base is not None else []


def _is_topic_file(name: Spot) -> bool:
    return name.node.kind == "text" and _TOPIC_FILE.fullmatch(name.node.text) is not None


def _topic(layers: Layers, name: Spot, number: int, notes: Notes, known: dict[str, str]) -> Topic:
    file = name.node.text
    if not _is_topic_file(name):
        notes.problems.append(Problem("topic_file_name", name.where, {"found": file[:80]}))
        notes.broken.add(f"topics[{number}]")
        return UNREADABLE
    root, found = read_layered(layers, file)
    notes.problems += found
    if root is None:
        notes.broken.add(f"topics[{number}]")
        return UNREADABLE
    spot = Spot(root, file, "", f"topics[{number}]", notes)
    known.update(places(spot))
    return shape_topic(spot)


def _beside(
    layers: Layers, file: str, notes: Notes, known: dict[str, str], retired: Collection[str]
) -> Spot | None:
    """The root of a file that a version may have; None where it has none or the file cannot be read."""
    if not exists(layers, file):
        return None
    root, found = read_layered(layers, file, retired)
    notes.problems += found
    if root is None:
        return None
    spot = Spot(root, file, "", "", notes)
    # the root of the model itself stays where questionnaire.yaml begins
    known.update((path, where) for path, where in places(spot) if path)
    return spot


def _unlisted(folder: Path, names: tuple[Spot, ...]) -> list[Problem]:
    listed = {name.node.text for name in names}
    present = sorted(f"topics/{path.name}" for path in (folder / "topics").glob("*.yaml"))
    return [Problem("topic_file_not_listed", file) for file in present if file not in listed]


def _unit(path: str) -> str:
    """The indicator, else the topic, that a model path lies in."""
    match = _INDICATOR_PATH.match(path) or _TOPIC_PATH.match(path)
    return match[0] if match else path


def _entry(path: str) -> str:
    """The hint, or the indicator of levels.yaml, that a model path lies in."""
    return ".".join(path.split(".")[:2]) if path.startswith("levels.") else path


def _follows_from(problem: Problem, broken: set[str], model: Questionnaire) -> bool:
    """Whether a problem of sense may come only from a value that could not be read and was reported already."""
    units = {_unit(path) for path in broken}
    if _unit(problem.where) in units:
        return True
    if any(problem.where.startswith(f"{_entry(path)}.") for path in broken if _BESIDE.match(path)):
        return True
    if problem.where == "short_set":
        return any(path.startswith(("short_set", "topics")) for path in broken)
    if problem.code == "topic_weights_sum":
        return any(_TOPIC_PATH.fullmatch(unit) or unit == "topics" for unit in units)
    if problem.code in _ABOUT_ANOTHER:
        named = [
            problem.values[key] for key in ("target", "indicator", "name", "found") if key in problem.values
        ]
        target = named[0]
        codes = {
            i.code: f"topics[{t}].indicators[{n}]"
            for t, topic in enumerate(model.topics)
            for n, i in enumerate(topic.indicators)
        }
        if target in codes:
            return codes[str(target)] in units
        return any(unit.startswith("topics") for unit in units)
    return False


def _where(path: str, known: dict[str, str]) -> str:
    """File, line and key of a model path, or of the nearest thing around it that stands in a file."""
    while path and path not in known:
        shorter = re.sub(r"(\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", path)
        path = shorter if shorter != path else ""
    return known.get(path, known.get("", FRAME))
