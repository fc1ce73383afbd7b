"""Sites of a supplier: named by itself, beside those its electricity was entered for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.electricity import LONGEST_SITE, site_key
from portal.core.carbon.geography import COUNTRIES
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.operations.journal import note
from portal.store.evidence import Evidence, EvidenceSite
from portal.store.sites import SupplierSite, site_of, sites_of
from portal.store.suppliers import Supplier

MOST_SITES = 200


@dataclass(frozen=True)
class SitePlace:
    """A site's name and place: country as ISO 3166-1 (CN), region as ISO 3166-2 (CN-AH) or ""."""

    name: str
    country: str
    region: str = ""


def read_site(given: Mapping[str, str]) -> SitePlace:
    """A site from form text. Raises Invalid: site_name_missing, fact_too_long, fact_unprintable,
    site_country_unknown, site_region_elsewhere."""
    name = " ".join(given.get("name", "").split())
    country, region = given.get("country", "").strip().upper(), given.get("region", "").strip().upper()
    problems: list[Problem] = []
    if not name:
        problems.append(Problem("site_name_missing", "name"))
    elif max(len(name), len(site_key(name))) > LONGEST_SITE:
        problems.append(Problem("fact_too_long", "name", {"most": LONGEST_SITE}))
    elif unprintable(name):
        problems.append(Problem("fact_unprintable", "name"))
    if country not in COUNTRIES:
        problems.append(Problem("site_country_unknown", "country", {"found": country[:10]}))
    elif region and (not region.startswith(f"{country}-") or len(region) > 12):
        problems.append(Problem("site_region_elsewhere", "region"))
    if problems:
        raise Invalid(problems)
    return SitePlace(name, country, region)


def add_site(session: Session, actor: Actor, *, place: SitePlace, now: datetime) -> SupplierSite:
    """Name a site of the actor's supplier.

    Raises Refused: site_known (named before; a site of the electricity register may be named to give it a place),
    sites_full.
    """
    supplier_id = _tenant(actor)
    session.get_one(Supplier, supplier_id, with_for_update={"key_share": True})
    named = {site.key: site for site in sites_of(session, supplier_id) if site.id is not None}
    if (known := named.get(site_key(place.name))) is not None:
        raise Refused("site_known", name=known.name)
    if len(named) >= MOST_SITES:
        raise Refused("sites_full", most=MOST_SITES)
    row = SupplierSite(
        supplier_id=supplier_id,
        key=site_key(place.name),
        name=place.name,
        country=place.country,
        region=place.region,
        added_by_id=actor.user_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "site.added", row, now)
    return row


def remove_site(session: Session, actor: Actor, *, site_id: int, now: datetime) -> str:
    """Take a site out of the list; files keep saying that they cover it. Returns its name. Raises NotFound."""
    row = site_of(session, _tenant(actor), site_id)
    if row is None:
        raise NotFound
    _note(session, actor, "site.removed", row, now)
    session.delete(row)
    session.flush()
    return row.name


def put_sites(session: Session, row: Evidence, keys: Iterable[str]) -> None:
    """Let a file cover exactly the sites `keys`: of its supplier's list, or covered before and no longer in the list.

    Raises Invalid site_gone (`where` is "sites") for a key that is neither: a colleague may have taken the site out.
    """
    names = {site.key: site.name for site in sites_of(session, row.supplier_id)}
    before = {site.key: site.name for site in row.sites}
    wanted = set(keys)
    if wanted - names.keys() - before.keys():
        raise Invalid([Problem("site_gone", "sites")])
    row.sites = [
        site
        if (site := next((s for s in row.sites if s.key == key), None))
        else EvidenceSite(key=key, name=names[key])
        for key in sorted(wanted)
    ]


def _tenant(actor: Actor) -> int:
    if actor.supplier_id is None:
        raise NotFound
    return actor.supplier_id


def _note(session: Session, actor: Actor, action: str, row: SupplierSite, now: datetime) -> None:
    note(
        session,
        actor,
        action,
        thing="site",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details={"name": row.name},
        now=now,
    )
