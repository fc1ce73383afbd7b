"""Runs a reader of strangers' files as a program of its own, bound in memory, time and output."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.core.errors import Invalid
from portal.core.problems import Problem

WALL_SECONDS = 30


def ask_child(
    program: Path, data: bytes, limits: Mapping[str, int], where: str, *, heavy: str, damaged: str
) -> dict[str, Any]:
    """The JSON object `program` writes about `data`, with `limits` as its argument.

    Whatever ends it badly (memory, time, a crash) becomes one clear problem: Invalid with the code `heavy` or
    `damaged`. The isolated mode keeps the environment and the current folder out of the child; its output goes to
    a file whose size the child cannot exceed, so a bad one cannot fill this process's memory.
    """
    command = [sys.executable, "-I", str(program), json.dumps(dict(limits))]
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 the command is our own file
                command,
                input=data,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Invalid([Problem(heavy, where)])
        if done.returncode != 0:
            raise Invalid([Problem(heavy if done.returncode < 0 else damaged, where)])
        output.seek(0)
        answer: dict[str, Any] = json.loads(output.read())
        return answer
