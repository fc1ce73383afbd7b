"""The vault keeps bytes whole or not at all, under keys that say nothing."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.vault import KEY, Vault, open_vault
from portal.language.sentences import sentence

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(tmp_path / "vault")


def test_what_is_put_comes_back_and_can_be_deleted(vault: Vault) -> None:
    data = bytes(range(256)) * 40_000
    key = vault.put(io.BytesIO(data))
    assert KEY.fullmatch(key)
    assert vault.size(key) == len(data)
    with vault.open(key) as stream:
        assert type(first := stream.read(10)) is bytes
        assert first + stream.read() == data
        stream.seek(256)
        assert stream.read(3) == b"\x00\x01\x02"
    assert list(vault.keys()) == [key]
    vault.delete(key)
    vault.delete(key)
    assert list(vault.keys()) == []
    with pytest.raises(NotFound):
        vault.open(key)


def test_two_puts_of_one_content_are_two_objects(vault: Vault) -> None:
    keys = {vault.put(io.BytesIO(b"same")), vault.put(io.BytesIO(b"same"))}
    assert len(keys) == 2
    assert set(vault.keys()) == keys


def test_content_that_differs_from_its_hash_is_not_kept(vault: Vault) -> None:
    with pytest.raises(Invalid):
        vault.put(io.BytesIO(b"other"), hashlib.sha256(b"announced").hexdigest())
    assert list(vault.keys()) == []


def test_content_changed_on_disk_is_not_handed_out(vault: Vault) -> None:
    digest = hashlib.sha256(b"evidence").hexdigest()
    key = vault.put(io.BytesIO(b"evidence"), digest)
    assert vault.open(key, digest).read() == b"evidence"
    assert vault.folder is not None
    (vault.folder / key).write_bytes(b"evidencE")
    with pytest.raises(Refused) as caught:
        vault.open(key, digest)
    assert caught.value.problem.code == "vault_content_changed"


@pytest.mark.parametrize("key", ["", "../secret", "ab/../../etc/passwd", "AB/" + "A" * 32, "ab/" + "a" * 32])
def test_malformed_and_absent_keys_answer_alike(vault: Vault, key: str) -> None:
    for ask in (vault.open, vault.size):
        with pytest.raises(NotFound):
            ask(key)


FULL_DISK = """
import io, resource, sys
from portal.core.errors import Refused
from portal.files.vault import open_vault
vault = open_vault(sys.argv[1])
kept = vault.put(io.BytesIO(b"small"))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for size in (1_500_000, 20_000_000):
    try:
        vault.put(io.BytesIO(b"x" * size))
    except Refused as refused:
        print(refused.problem.code)
print(list(vault.keys()) == [kept])
"""


def test_a_full_disk_ends_as_a_refusal_without_a_partial_file(tmp_path: Path) -> None:
    """The size limit of a process stands for the full disk: the write fails half way through."""
    folder = tmp_path / "vault"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["storage_full", "storage_full", "True"]
    assert [p.stat().st_size for p in folder.rglob("*") if p.is_file()] == [5]
    assert sentence("en", Problem("storage_full")) != sentence("zh", Problem("storage_full"))


AFTER_FORK = """
import io, os, signal, sys
from portal.files.vault import open_vault
vault = open_vault(sys.argv[1])
if sys.argv[2] == "used":
    vault.put(io.BytesIO(b"before"))
if os.fork() == 0:
    signal.alarm(10)
    try:
        print(vault.size(vault.put(io.BytesIO(b"after"))), flush=True)
    except RuntimeError as refused:
        print(refused, flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.parametrize(("before", "said"), [("unused", "5"), ("used", "before this process was forked")])
def test_a_fork_after_use_is_an_error_not_an_endless_wait(tmp_path: Path, before: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AFTER_FORK, str(tmp_path / "vault"), before],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in done.stdout
