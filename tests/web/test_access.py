"""Every endpoint × every actor: the answer is the one the access table says, and no endpoint is without a row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, url_for

from portal.web.guard import STATIC
from tests.conftest import NOW, Prepared, portal_on, settings_in
from tests.make.clock import Clock
from tests.make.people import cookie_of
from tests.make.world import World, world_of
from tests.web.access_table import EVERYBODY, TABLE

# The time of change that a file of the stage has as long as nobody wrote to it.
UNTOUCHED = 0


@dataclass(frozen=True)
class Stage:
    """A portal with one of everything, a signed-in browser's cookie by actor, and its files to return to."""

    app: Flask
    world: World
    cookies: dict[str, str]
    kept: dict[Path, bytes]


@pytest.fixture(scope="module")
def stage(built_app: Flask, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("world")
    with portal_on(built_app, settings_in(folder), Clock(NOW)) as app:
        world = prepared.lay(app, world_of)
        cookies = {who: cookie_of(app, person) for who, person in world.people.items()}
        app.extensions["upstream"].engine.dispose()
        kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for path in kept:
            os.utime(path, (UNTOUCHED, UNTOUCHED))
        yield Stage(app, world, cookies, kept)


def endpoints(app: Flask) -> set[str]:
    """Every "METHOD endpoint" the portal answers."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in STATIC
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(stage: Stage) -> None:
    app = stage.app
    assert endpoints(app) - set(TABLE) == set()
    assert set(TABLE) - endpoints(app) == set()


def test_every_view_names_a_right(stage: Stage) -> None:
    app = stage.app
    nameless = [e for e, view in app.view_functions.items() if e not in STATIC and not hasattr(view, "right")]
    assert nameless == []


@pytest.mark.parametrize("row", sorted(TABLE))
def test_answers_each_actor_as_the_table_says(stage: Stage, row: str) -> None:
    app, things = stage.app, stage.world.things
    method, endpoint = row.split(" ")
    expected, arguments = TABLE[row]
    with app.test_request_context():
        address = url_for(endpoint, **{name: things.get(thing, thing) for name, thing in arguments.items()})
    found = {}
    for who in EVERYBODY:
        if method != "GET" or not found:
            _restore(stage)
        client = app.test_client()
        if who != "stranger":
            client.set_cookie("upstream", stage.cookies[who])
        found[who] = client.open(address, method=method).status_code
    assert found == {who: expected.get(who, 404) for who in EVERYBODY}


def test_an_unknown_address_answers_a_stranger_like_a_known_one(stage: Stage) -> None:
    app = stage.app
    client = app.test_client()
    assert client.get("/staff/rounds").status_code == client.get("/no/such/page").status_code == 404


def _restore(stage: Stage) -> None:
    """Write back what is no longer as it was kept."""
    stage.app.extensions["upstream"].engine.dispose()
    for path, content in stage.kept.items():
        if not path.exists() or path.stat().st_mtime != UNTOUCHED:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (UNTOUCHED, UNTOUCHED))
