"""Words for people: catalogues in English and 简体中文, sentences for problems, local forms of numbers and dates."""

from portal.language.catalogue import LOCALES, say
from portal.language.marker import N_

__all__ = ["LOCALES", "N_", "say"]
