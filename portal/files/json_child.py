"""The box in which a stranger's JSON is read: a program of its own with memory, time and output limits.

Imports nothing of the portal. Reads the file from standard input, writes one JSON object to standard output:
``{"leaves": [[pointer, kind, text], ...], "problems": [...]}``. Numbers stay the text they were written as; keys that
stand twice, NaN and Infinity, depth and marks that no text should hold are told with their place.
"""

from __future__ import annotations

import json
import resource
import sys


class Stop(Exception):
    """Ends the reading with one problem: code, where, values."""

    def __init__(self, code, where="", **values):
        super().__init__(code)
        self.problem = {"code": code, "where": where, "values": values}


class Written(str):
    """A number as its text."""

    __slots__ = ()


class Constant(str):
    """NaN, Infinity or -Infinity, which JSON does not know."""

    __slots__ = ()


class Pairs(list):
    """The members of an object in order, so that a key standing twice can be told."""


def limit_resources(limits):
    """Bind this process: memory in bytes, processor time in seconds, size of what it may write in bytes."""
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def decoded(data):
    """The text of the file; JSON is UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Stop("json_not_utf8")


def check_depth(text, deepest):
    """Refuse deep nesting before the parser walks into it."""
    depth, inside, escaped = 0, False, False
    for sign in text:
        if inside:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                inside = False
        elif sign == '"':
            inside = True
        elif sign in "{[":
            depth += 1
            if depth > deepest:
                raise Stop("json_too_deep", limit=deepest)
        elif sign in "}]":
            depth -= 1


def parsed(text):
    """The value, with Pairs for objects and marked numbers."""
    try:
        return json.loads(
            text, object_pairs_hook=Pairs, parse_float=Written, parse_int=Written, parse_constant=Constant
        )
    except json.JSONDecodeError as error:
        raise Stop("json_broken", line=error.lineno, column=error.colno)


class Walk:
    """Goes through a value and writes down every leaf with its pointer."""

    def __init__(self, limits):
        self.limits, self.leaves, self.problems = limits, [], []

    def note(self, pointer, kind, text=""):
        self.leaves.append([pointer, kind, text])
        if len(self.leaves) > self.limits["values"]:
            raise Stop("json_too_many_values", limit=self.limits["values"])

    def problem(self, code, pointer, **values):
        if len(self.problems) < self.limits["problems"]:
            self.problems.append({"code": code, "where": pointer, "values": values})

    def walk(self, value, pointer):
        if isinstance(value, Pairs):
            self.members(value, pointer)
        elif isinstance(value, list):
            self.note(pointer, "array")
            for number, one in enumerate(value):
                self.walk(one, f"{pointer}/{number}")
        elif isinstance(value, Constant):
            self.problem("json_not_a_number", pointer, found=str(value))
            self.note(pointer, "null")
        elif isinstance(value, Written):
            self.note(pointer, "number", str(value))
            if len(value) > self.limits["digits"]:
                self.problem("json_number_too_long", pointer, limit=self.limits["digits"])
        elif isinstance(value, str):
            self.text(value, pointer)
        else:
            self.note(pointer, {True: "true", False: "false", None: "null"}[value])

    def members(self, pairs, pointer):
        self.note(pointer, "object")
        seen = set()
        for key, one in pairs:
            inner = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if not self.sound(key, inner):
                continue
            if key in seen:
                self.problem("json_key_twice", inner, key=key[:80])
                continue
            seen.add(key)
            self.walk(one, inner)

    def text(self, value, pointer):
        if self.sound(value, pointer):
            self.note(pointer, "text", value)

    def sound(self, value, pointer):
        """Whether a text can be kept: not too long, no halves of characters, no marks but line ends and tabs."""
        if len(value) > self.limits["text"]:
            self.problem("json_text_too_long", pointer[:200], limit=self.limits["text"])
            return False
        if any("\ud800" <= sign <= "\udfff" or (sign < " " and sign not in "\n\r\t") for sign in value):
            clean = "".join(sign if sign.isprintable() else "?" for sign in pointer)
            self.problem("json_text_unsound", clean[:200])
            return False
        return True


def main():
    """Entry point; limits arrive as JSON in the first argument."""
    limits = json.loads(sys.argv[1])
    limit_resources(limits)
    data = sys.stdin.buffer.read(limits["input"] + 1)
    walk = Walk(limits)
    try:
        text = decoded(data)
        check_depth(text, limits["depth"])
        walk.walk(parsed(text), "")
    except Stop as stop:
        walk.leaves, walk.problems = [], [*walk.problems, stop.problem]
    except MemoryError:
        walk.leaves, walk.problems = [], [Stop("json_too_heavy").problem]
    json.dump({"leaves": walk.leaves, "problems": walk.problems}, sys.stdout)


if __name__ == "__main__":
    main()
