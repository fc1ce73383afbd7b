"""Published is frozen: what was released cannot change unnoticed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.core.errors import Invalid, NotFound
from portal.files.questionnaires import check_published, folder_hash, freeze
from portal.language.sentences import sentence
from portal.settings import shipped

ID = "sustainability/2026.1"
FOLDER = shipped("questionnaires") / "sustainability" / "2026.1"
GOV = "topics/01-GOV.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sustainability" / "2026.1"))


def _edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Governance", "Steering"), encoding="utf-8")


def _draft(path: Path) -> None:
    frame = path.parents[1] / "questionnaire.yaml"
    frame.write_text(frame.read_text(encoding="utf-8").replace("published", "draft"), encoding="utf-8")


def test_the_shipped_lock_holds() -> None:
    check_published()


@pytest.mark.parametrize(("change", "code"), [(_edit, "lock_changed"), (_draft, "lock_gone")])
def test_a_released_version_cannot_change(copy: Path, change: Callable[[Path], None], code: str) -> None:
    root = copy.parents[1]
    shutil.copy(shipped("questionnaires") / "published.lock", root)
    check_published(root)
    change(copy / GOV)
    with pytest.raises(Invalid) as invalid:
        check_published(root)
    assert [p.code for p in invalid.value.problems] == [code]
    assert ID in sentence("zh", invalid.value.problems[0])


def test_freezing_records_the_hash_once(copy: Path) -> None:
    root = copy.parents[1]
    with pytest.raises(Invalid) as invalid:
        check_published(root)
    assert invalid.value.problems[0].code == "lock_missing"
    assert freeze(ID, root) == folder_hash(copy) == folder_hash(FOLDER)
    check_published(root)
    _edit(copy / GOV)
    with pytest.raises(Invalid) as invalid:
        freeze(ID, root)
    assert invalid.value.problems[0].code == "lock_changed"
    with pytest.raises(NotFound):
        freeze("sustainability/1", root)


def test_line_ends_do_not_change_the_hash(copy: Path) -> None:
    path = copy / GOV
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert folder_hash(copy) == folder_hash(FOLDER)


def test_a_broken_lock_is_named(copy: Path) -> None:
    root = copy.parents[1]
    (root / "published.lock").write_text("sustainability sha256:1\n", encoding="utf-8")
    with pytest.raises(Invalid) as invalid:
        check_published(root)
    assert [(p.code, p.where) for p in invalid.value.problems] == [("lock_broken", "published.lock:1")]
