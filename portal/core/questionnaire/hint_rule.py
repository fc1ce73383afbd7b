"""Rules of hints: the tree, and the parser that reads it from text. Nothing is executed.

rule = all { "or" all }        all = one { "and" one }        one = "not" one | "(" rule ")" | test
test = name "is" ["not"] ("answered" | KEY | "one of" "(" KEY {"," KEY} ")")       one choice, yes/no
     | name "has" ["not"] (KEY | "one of" "(" KEY {"," KEY} ")")                   several choices
     | "any row of" CODE "(" rule ")"                                              columns by their keys
     | term ("<" | "<=" | ">" | ">=" | "=" | "!=") term
term = [NUMBER "*"] ( name | NUMBER [UNIT] | DATE | "sum of" COLUMN "in" CODE | "rows of" CODE )
name = CODE | FACT | COLUMN (inside "any row of" only)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.problems import Problem

LONGEST = 2000
DEEPEST = 20
OPERATORS = ("<=", ">=", "!=", "<", ">", "=")
_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)|(?P<code>[A-Z]{3}-\d{2})"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_.]*)|\"(?P<quoted>[^\"]*)\"|(?P<sign><=|>=|!=|[<>=(),*%]))",
    re.ASCII,
)
_WORDS = frozenset("and or not is has one of any row sum in rows answered".split())


@dataclass(frozen=True)
class Named:
    """The answer to an indicator, a fact (its name has a dot), or the cell of a row."""

    name: str


@dataclass(frozen=True)
class Amount:
    """A number with its unit, "" for a plain number."""

    number: Decimal
    unit: str


@dataclass(frozen=True)
class Day:
    """A date."""

    on: date


@dataclass(frozen=True)
class Total:
    """The sum of the filled cells of a column in all rows of a table; `column` "" counts the rows."""

    table: str
    column: str


@dataclass(frozen=True)
class Term:
    """`factor` times a value; a plain value has factor 1."""

    factor: Decimal
    of: Named | Amount | Day | Total


@dataclass(frozen=True)
class Compare:
    """`left op right`."""

    left: Term
    op: str
    right: Term


@dataclass(frozen=True)
class Chosen:
    """Any of `keys` is chosen; `verb` is the word written: is or has."""

    name: str
    verb: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """There is an answer, a filled cell, a known fact."""

    name: str


@dataclass(frozen=True)
class AnyRow:
    """`test` holds for at least one row of the table."""

    table: str
    test: Rule


@dataclass(frozen=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: Rule


@dataclass(frozen=True)
class Every:
    """All `parts` hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Some:
    """At least one of `parts` holds."""

    parts: tuple[Rule, ...]


Rule = Compare | Chosen | Answered | AnyRow | Not | Every | Some


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


class _Unreadable(Exception):
    def __init__(self, code: str, **values: object) -> None:
        self.problem = Problem(code, "", values)


def parse_rule(text: str) -> Rule | Problem:
    """The rule a text says, or what is wrong with it and at which character.

    Problems without `where`: hint_rule_too_long, hint_rule_character, hint_rule_expected, hint_rule_too_deep,
    hint_rule_date.
    """
    if len(text) > LONGEST:
        return Problem("hint_rule_too_long", "", {"most": LONGEST})
    try:
        reader = _Reader(list(_tokens(text)))
        found = reader.rule(0)
        reader.end()
        return found
    except _Unreadable as unreadable:
        return unreadable.problem


def names_in(rule: Rule) -> Iterator[str]:
    """Codes and names of facts a rule looks at, in the order written; cells of rows are left out."""
    if isinstance(rule, Compare):
        for term in (rule.left, rule.right):
            if isinstance(term.of, Named):
                yield term.of.name
            elif isinstance(term.of, Total):
                yield term.of.table
    elif isinstance(rule, Chosen | Answered):
        yield rule.name
    elif isinstance(rule, AnyRow):
        yield rule.table
        yield from (name for name in names_in(rule.test) if is_code(name) or "." in name)
    elif isinstance(rule, Not):
        yield from names_in(rule.part)
    else:
        for part in rule.parts:
            yield from names_in(part)


def is_code(name: str) -> bool:
    """Whether a name in a rule means an indicator."""
    return "-" in name


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise _Unreadable("hint_rule_character", at=start + 1, found=text[start : start + 1])
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind) + 1)
        at = match.end()
    yield _Token("end", "", end + 1)


@dataclass
class _Reader:
    tokens: list[_Token]
    place: int = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def expected(self, *what: str) -> _Unreadable:
        found = self.next.text or "…"
        return _Unreadable("hint_rule_expected", at=self.next.at, found=found, expected=", ".join(what))

    def ahead(self, *words: str) -> bool:
        """Whether exactly these words or signs come next."""
        coming = self.tokens[self.place : self.place + len(words)]
        return [t.text for t in coming if t.kind in {"word", "sign"}] == list(words)

    def had(self, *words: str) -> bool:
        if self.ahead(*words):
            self.place += len(words)
            return True
        return False

    def must(self, *words: str) -> None:
        for word in words:
            if not self.had(word):
                raise self.expected(word)

    def end(self) -> None:
        if self.next.kind != "end":
            raise self.expected("and", "or")

    def rule(self, depth: int) -> Rule:
        parts = [self.every(depth)]
        while self.had("or"):
            parts.append(self.every(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self, depth: int) -> Rule:
        parts = [self.one(depth)]
        while self.had("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def one(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise _Unreadable("hint_rule_too_deep", at=self.next.at, most=DEEPEST)
        if self.had("not"):
            return Not(self.one(depth + 1))
        if self.had("("):
            inner = self.rule(depth + 1)
            self.must(")")
            return inner
        if self.had("any", "row", "of"):
            table = self.code()
            self.must("(")
            inner = self.rule(depth + 1)
            self.must(")")
            return AnyRow(table, inner)
        return self.test()

    def test(self) -> Rule:
        left = self.term()
        if isinstance(left.of, Named) and left.factor == 1 and (self.ahead("is") or self.ahead("has")):
            return self.choice(left.of.name)
        if self.next.text not in OPERATORS:
            raise self.expected(*(("is", "has") if isinstance(left.of, Named) else ()), *OPERATORS)
        return Compare(left, self.take().text, self.term())

    def choice(self, name: str) -> Rule:
        verb = self.take().text
        negated = self.had("not")
        found: Rule = Answered(name) if self.had("answered") else Chosen(name, verb, self.keys())
        return Not(found) if negated else found

    def keys(self) -> tuple[str, ...]:
        if not self.had("one", "of"):
            return (self.word("KEY", "one of", "answered"),)
        self.must("(")
        keys = [self.word("KEY")]
        while self.had(","):
            keys.append(self.word("KEY"))
        self.must(")")
        return tuple(keys)

    def word(self, *expected: str) -> str:
        if self.next.kind != "word" or self.next.text in _WORDS:
            raise self.expected(*expected)
        return self.take().text

    def code(self) -> str:
        if self.next.kind != "code":
            raise self.expected("ABC-01")
        return self.take().text

    def term(self) -> Term:
        number = self.number() if self.next.kind == "number" else None
        if number is None:
            return Term(Decimal(1), self.value())
        if self.had("*"):
            return Term(number, self.value())
        return Term(Decimal(1), Amount(number, self.unit()))

    def number(self) -> Decimal:
        return Decimal(self.take().text)

    def unit(self) -> str:
        named = self.next.kind == "word" and self.next.text not in _WORDS
        return self.take().text if named or self.next.kind == "quoted" or self.ahead("%") else ""

    def value(self) -> Named | Amount | Day | Total:
        if self.had("sum", "of"):
            column = self.word("COLUMN")
            self.must("in")
            return Total(self.code(), column)
        if self.had("rows", "of"):
            return Total(self.code(), "")
        token = self.next
        if token.kind == "date":
            return Day(self.day())
        if token.kind == "number":
            return Amount(self.number(), self.unit())
        if token.kind == "code" or (token.kind == "word" and token.text not in _WORDS):
            return Named(self.take().text)
        raise self.expected("ABC-01", "register.…", "NUMBER", "sum of", "rows of", "any row of")

    def day(self) -> date:
        token = self.take()
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            raise _Unreadable("hint_rule_date", at=token.at, found=token.text) from None
