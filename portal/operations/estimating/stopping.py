"""Ending a run that somebody no longer wants, while an engine is busy in another thread's language."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from portal.core.errors import Refused

EVERY_SECONDS = 0.3


@contextmanager
def stopping(
    stop: Callable[[], bool] | None, interrupt: Callable[[], object]
) -> Iterator[Callable[[], None]]:
    """Ask `stop` every EVERY_SECONDS in a thread; once it says yes, `interrupt` what is running, again and again.

    Yields a function to call between steps; it raises Refused("estimate_stopped") once `stop` has said yes.
    """
    if stop is None:
        yield lambda: None
        return
    wanted, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY_SECONDS):
            if wanted.is_set() or stop():
                wanted.set()
                interrupt()

    def heed() -> None:
        if wanted.is_set() or stop():
            raise Refused("estimate_stopped")

    watcher = threading.Thread(target=watch, name="estimate-stop", daemon=True)
    watcher.start()
    try:
        yield heed
    finally:
        over.set()
        watcher.join()
