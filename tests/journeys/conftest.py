"""A real server and a real Chromium for the journeys."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.settings import Settings, read_settings

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
# Without these Chromium looks up hosts of its own at every start.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@dataclass(frozen=True)
class Portal:
    """A running portal: where it answers and how it is set."""

    address: str
    settings: Settings


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, or a skip that says why there is none."""
    if CHROMIUM is None:
        if os.environ.get("UPSTREAM_TESTS_COMPLETE"):
            pytest.fail("Chromium is missing although this run must be complete")
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser journeys")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own (own cookies); `open_page(locale="zh-CN", width=390)`."""
    contexts: list[BrowserContext] = []

    def opener(locale: str = "en-GB", width: int = 1440, **options: object) -> Page:
        context = browser.new_context(
            base_url=portal.address, locale=locale, viewport={"width": width, "height": 900}, accept_downloads=True, **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The production server over an empty, migrated database."""
    yield from serve(tmp_path_factory.mktemp("portal"))


def serve(folder: Path, *, make: str = "migrate") -> Iterator[Portal]:
    """Start `upstream serve` over `folder`, yield it, stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    env = {
        "SECRET_KEY": "journey-" * 8, "UPSTREAM_DATA": str(folder), "PUBLIC_URL": address, "ORGANISATION": "Morning Ridge Solar",
    }  # fmt: skip
    command = [sys.executable, "-c", "from portal.cli.main import main; main()"]
    full = {**os.environ, **env}
    subprocess.run([*command, make], env=full, check=True, capture_output=True)
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--workers", "2"], env=full, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(address + "/sign-in", server)
        yield Portal(address, read_settings(env))
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if server.poll() is not None:
            pytest.fail("the server ended before it answered")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within fifteen seconds")
