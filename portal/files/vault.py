"""The evidence vault: bytes under generated keys, on a local disk or an object store."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import obstore
from obstore.exceptions import AlreadyExistsError, GenericError
from obstore.store import LocalStore, ObjectStore, from_url

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
CHUNK = 256 * 1024
used_here, used_before_fork = threading.Event(), threading.Event()
NO_ROOM = ("No space left on device", "Disk quota exceeded", "File too large", "os error 28", "StorageFull")


@dataclass(frozen=True)
class Vault:
    """Where evidence lies. `folder` is set for a local vault only. Keys say nothing of owner or name."""

    store: ObjectStore
    folder: Path | None = None

    def put(self, stream: BinaryIO, sha256: str = "") -> str:
        """Store a stream from its start and return the new key; all of it or nothing.

        On a local disk the bytes are on stable storage when this returns. With `sha256` (hex) given, content
        that differs is not kept. Raises Refused("storage_full"), Refused("storage_failed"),
        Invalid(vault_content_changed).
        """
        stream.seek(0)
        if sha256 and _digest(_pieces(stream)) != sha256:
            raise Invalid([Problem("vault_content_changed")])
        stream.seek(0)
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name}"
        try:
            obstore.put(_awake(self.store), key, stream, mode="create")
            if self.folder is not None:
                _make_durable(self.folder, key)
        except (GenericError, AlreadyExistsError, OSError) as failure:
            self._forget(key)
            full = any(sign in str(failure) for sign in NO_ROOM)
            raise Refused("storage_full" if full else "storage_failed") from failure
        return key

    def open(self, key: str, sha256: str = "") -> BinaryIO:
        """A readable, seekable stream of the stored bytes.

        With `sha256` given the whole content is checked first: Refused("vault_content_changed") when it no
        longer is what was stored. Raises NotFound for an absent or malformed key.
        """
        self.size(key)
        if sha256 and _digest(_pieces(_reader(self.store, key))) != sha256:
            raise Refused("vault_content_changed")
        return _reader(self.store, key)

    def size(self, key: str) -> int:
        """Bytes stored under `key`. Raises NotFound for an absent or malformed key."""
        if not KEY.fullmatch(key):
            raise NotFound(key)
        try:
            return int(obstore.head(_awake(self.store), key)["size"])
        except FileNotFoundError:
            raise NotFound(key)

    def delete(self, key: str) -> None:
        """Remove one object. An absent one is no error; a malformed key is NotFound."""
        if not KEY.fullmatch(key):
            raise NotFound(key)
        self._forget(key)

    def keys(self) -> Iterator[str]:
        """Every key in the vault, in no particular order."""
        for page in obstore.list(_awake(self.store)):
            yield from (entry["path"] for entry in page if KEY.fullmatch(entry["path"]))

    def _forget(self, key: str) -> None:
        try:
            obstore.delete(_awake(self.store), key)
        except (FileNotFoundError, GenericError):
            return


class _StoredBytes(io.RawIOBase):
    """The standard library's reading protocol over a stored object, so that servers get plain bytes."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._source = obstore.open_reader(store, key)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._source.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        piece = bytes(self._source.read(len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


def _reader(store: ObjectStore, key: str) -> BinaryIO:
    return io.BufferedReader(_StoredBytes(store, key), CHUNK)


def open_vault(where: str | Path) -> Vault:
    """A vault at a local folder (made when absent, readable by its owner only) or at an `s3://…` address.

    The object store runs threads that do not survive a fork: a process forked after the first use of a vault
    gets RuntimeError from it.
    """
    if "://" in str(where):
        return Vault(from_url(str(where)))
    folder = Path(where).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Vault(LocalStore(folder), folder)


def _after_fork() -> None:
    if used_here.is_set():
        used_before_fork.set()


os.register_at_fork(after_in_child=_after_fork)


def _awake(store: ObjectStore) -> ObjectStore:
    """The store, unless its threads were lost in a fork: then every call would wait for ever."""
    if used_before_fork.is_set():
        raise RuntimeError("the vault was used before this process was forked; fork first, then use it")
    used_here.set()
    return store


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield bytes(piece)


def _digest(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _make_durable(folder: Path, key: str) -> None:
    """Flush the file, its folder and the folder above: a rename alone may vanish with the power."""
    path = folder / key
    for target in (path, path.parent, folder):
        handle = os.open(target, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
