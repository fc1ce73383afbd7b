"""Countries and regions of factor tables in words, in one language or, for a search, in both."""

from __future__ import annotations

from babel import Locale

from portal.core.carbon.geography import canonical
from portal.language.catalogue import LOCALES, say
from portal.language.marker import N_

_REGIONS = {
    "GLO": N_("World"),
    "EU": N_("European Union"),
    "ASEAN": N_("ASEAN"),
    "Africa": N_("Africa"),
    "Asia": N_("Asia"),
    "Europe": N_("Europe"),
    "Latin America and Caribbean": N_("Latin America and Caribbean"),
    "North America": N_("North America"),
    "Oceania": N_("Oceania"),
}
_BABEL = {locale: Locale.parse(tag) for locale, tag in (("en", "en_GB"), ("zh", "zh_Hans_CN"))}


def place_name(locale: str, geography: str) -> str:
    """A published geography in words: a country, a region, a part of a country with its country; else as published."""
    key = canonical(geography)
    if key in _REGIONS:
        return say(locale, _REGIONS[key])
    country, _, part = key.partition("-")
    name = _BABEL[locale].territories.get(country) if len(country) == 2 else None
    if name is None:
        return geography
    return f"{name} ({part})" if part else str(name)


def place_words(geography: str) -> str:
    """All words a person may look for a geography by, in both languages."""
    return " ".join((geography, canonical(geography), *(place_name(locale, geography) for locale in LOCALES)))
