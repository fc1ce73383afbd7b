"""Starts the production server of the portal over a data folder and stops it again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.settings import Settings, read_settings

UPSTREAM = (sys.executable, "-c", "from portal.cli.main import main; main()")
SECONDS_TO_START = 30


@dataclass(frozen=True)
class Portal:
    """A running portal: where it answers, how it is set, and the environment its commands run in."""

    address: str
    settings: Settings
    environment: dict[str, str]
    log: Path


def serve(folder: Path, made_by: Sequence[str] = ("migrate",)) -> Iterator[Portal]:
    """Make the data in `folder` with `upstream <made_by>`, start `upstream serve` over them, yield it, stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    own = {
        "SECRET_KEY": "journey-" * 8,
        "UPSTREAM_DATA": str(folder),
        "PUBLIC_URL": address,
        "ORGANISATION": "Morning Ridge Solar",
    }
    environment = {**os.environ, **own}
    upstream(environment, *made_by)
    path = folder / "server.log"
    with path.open("wb") as log:
        server = subprocess.Popen(
            [*UPSTREAM, "serve", "--port", str(port), "--workers", "2"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address + "/sign-in", server, path)
            yield Portal(address, read_settings(own), environment, path)
        finally:
            server.terminate()
            server.wait(timeout=20)


def upstream(environment: dict[str, str], *arguments: str) -> str:
    """What a command of the program printed; the test fails with its error output where the command fails."""
    done = subprocess.run([*UPSTREAM, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"upstream {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the server ended before it answered:\n{log.read_text()}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {SECONDS_TO_START} seconds:\n{log.read_text()}")
