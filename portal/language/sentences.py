"""Sentences for problem codes, gathered from one file per room in `portal.language.said`."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import date
from functools import cache

from portal.core.problems import Problem
from portal.language import forms, said
from portal.language.catalogue import say
from portal.language.places import place


@cache
def sentences() -> dict[str, str]:
    """Every problem code with its English sentence. Raises ValueError when two rooms use one code differently."""
    gathered: dict[str, str] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(said.__path__)):
        for code, text in importlib.import_module(f"{said.__name__}.{module}").SENTENCES.items():
            if gathered.setdefault(code, text) != text:
                raise ValueError(f"problem code {code} has two sentences")
    return gathered


def sentence(locale: str, problem: Problem) -> str:
    """One problem in words, in the reader's language; days among its values in local form."""
    values = {k: forms.show_date(v, locale) if isinstance(v, date) else v for k, v in problem.values.items()}
    return say(locale, sentences()[problem.code], where=place(locale, problem.where), **values)
