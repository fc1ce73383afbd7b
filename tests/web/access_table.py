"""Who gets what: endpoint, method and the status each actor is answered with.

Actors: `stranger` (not signed in), `contributor` and `lead` (of the supplier that owns the thing), `other` (lead of
another supplier), `analyst`, `manager`, `admin`. A missing actor means 404. `TABLE` rows are
"METHOD endpoint": ({actor: status}, {url argument: name of a prepared thing}).
"""

from __future__ import annotations

Row = tuple[dict[str, int], dict[str, str]]

EVERYBODY = ("stranger", "contributor", "lead", "other", "analyst", "manager", "admin")
SIGNED_IN = EVERYBODY[1:]
SUPPLIER = ("contributor", "lead")
STAFF = ("analyst", "manager", "admin")
MANAGERS = ("manager", "admin")


def all_get(actors: tuple[str, ...], status: int) -> dict[str, int]:
    """The same status for each of `actors`."""
    return dict.fromkeys(actors, status)


TABLE: dict[str, Row] = {
    "GET account.entering.start": (all_get(EVERYBODY, 302), {}),
    "GET account.entering.sign_in": ({"stranger": 200, **all_get(SIGNED_IN, 302)}, {}),
    "POST account.entering.enter": (all_get(EVERYBODY, 422), {}),
    "GET account.entering.invitation": (all_get(EVERYBODY, 200), {"token": "invitation"}),
    "POST account.entering.join": (all_get(EVERYBODY, 422), {"token": "invitation"}),
    "POST account.entering.leave": (all_get(SIGNED_IN, 302), {}),
    "POST account.entering.language": (all_get(EVERYBODY, 302), {}),
    "GET account.profile.account": (all_get(SIGNED_IN, 200), {}),
    "POST account.profile.password": (all_get(SIGNED_IN, 422), {}),
}
