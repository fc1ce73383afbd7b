"""The carbon part of the scorecard: product carbon footprints and the company's inventories."""

from __future__ import annotations

from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable

from portal.language import N_, say
from portal.language.forms import show_date, show_number
from portal.reports.paper import table, words
from portal.reports.scorecard import FootprintPart, InventoryPart, Scorecard


def carbon(card: Scorecard, locale: str) -> list[Flowable]:
    """Footprints and inventories as two tables, or one sentence where there are none."""
    shown: list[Flowable] = [CondPageBreak(110), words(say(locale, N_("Carbon data")), "h2")]
    if not card.footprints and not card.inventories:
        return [*shown, words(say(locale, N_("The supplier has not disclosed carbon data yet.")))]
    if card.footprints:
        shown += _footprints(card.footprints, locale)
    if card.inventories:
        shown += _inventories(card.inventories, locale)
    return shown


def _footprints(footprints: tuple[FootprintPart, ...], locale: str) -> list[Flowable]:
    names = (N_("Product"), N_("Material"), N_("Period"), N_("Valid until"), N_("Verified"))
    head = [*(say(locale, name) for name in names), "kgCO₂e"]
    rows = [
        (
            one.product,
            one.material,
            one.period,
            show_date(one.valid_until, locale) if one.valid_until else "–",
            say(locale, N_("Yes") if one.verified else N_("No")),
            say(locale, N_("{amount} per {unit}"), amount=show_number(one.kgco2e, locale), unit=one.per),
        )
        for one in footprints
    ]
    return [
        words(say(locale, N_("Product carbon footprints")), "h3"),
        table(head, rows, (0.2, 0.15, 0.18, 0.2, 0.11, 0.16), right=1),
    ]


def _inventories(inventories: tuple[InventoryPart, ...], locale: str) -> list[Flowable]:
    names = (
        N_("Year"),
        N_("Verified"),
        N_("Scope 1"),
        N_("Scope 2, location-based"),
        N_("Scope 2, market-based"),
        N_("Scope 3, upstream"),
    )
    rows = [
        (
            str(one.year),
            say(locale, N_("Yes") if one.verified else N_("No")),
            *(
                _tonnes(t, locale)
                for t in (one.scope1, one.scope2_location, one.scope2_market, one.scope3_upstream)
            ),
        )
        for one in inventories
    ]
    return [
        words(say(locale, N_("Company inventory, tCO2e")), "h3"),
        table([say(locale, name) for name in names], rows, (0.1, 0.1, 0.2, 0.2, 0.2, 0.2), right=4),
    ]


def _tonnes(value: Decimal | None, locale: str) -> str:
    return "–" if value is None else show_number(value, locale, 1)
