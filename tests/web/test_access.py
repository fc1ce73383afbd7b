"""Every endpoint × every actor: the answer is the one the access table says, and no endpoint is without a row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, url_for

from portal.app import create_app
from portal.settings import read_settings
from portal.web.guard import STATIC
from tests.conftest import NOW
from tests.make.clock import Clock
from tests.make.people import signed_in
from tests.make.world import World, make_world
from tests.web.access_table import EVERYBODY, TABLE


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Flask, World, Path]]:
    """A portal with one of everything, and a copy of its database to return to."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(migrated_file, folder / "upstream.db")
    settings = read_settings({"UPSTREAM_ENV": "test", "UPSTREAM_DATA": str(folder), "SECRET_KEY": "s" * 40})
    app = create_app(settings, Clock(NOW))
    app.config["WTF_CSRF_ENABLED"] = False
    prepared = make_world(app)
    app.extensions["upstream"].engine.dispose()
    shutil.copytree(folder, tmp_path_factory.getbasetemp() / "kept-world", dirs_exist_ok=True)
    yield app, prepared, tmp_path_factory.getbasetemp() / "kept-world"
    app.extensions["upstream"].engine.dispose()


def endpoints(app: Flask) -> set[str]:
    """Every "METHOD endpoint" the portal answers."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in STATIC
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(world: tuple[Flask, World, Path]) -> None:
    app, _prepared, _folder = world
    assert endpoints(app) - set(TABLE) == set()
    assert set(TABLE) - endpoints(app) == set()


def test_every_view_names_a_right(world: tuple[Flask, World, Path]) -> None:
    app, _prepared, _folder = world
    nameless = [e for e, view in app.view_functions.items() if e not in STATIC and not hasattr(view, "right")]
    assert nameless == []


@pytest.mark.parametrize("row", sorted(TABLE))
def test_answers_each_actor_as_the_table_says(world: tuple[Flask, World, Path], row: str) -> None:
    app, prepared, folder = world
    method, endpoint = row.split(" ")
    expected, arguments = TABLE[row]
    found = {}
    for who in EVERYBODY:
        if method != "GET" or not found:
            _restore(app, folder)
        with app.test_request_context():
            address = url_for(
                endpoint, **{name: prepared.things.get(thing, thing) for name, thing in arguments.items()}
            )
        client = app.test_client() if who == "stranger" else signed_in(app, prepared.people[who])
        found[who] = client.open(address, method=method).status_code
    assert found == {who: expected.get(who, 404) for who in EVERYBODY}


def test_an_unknown_address_answers_a_stranger_like_a_known_one(world: tuple[Flask, World, Path]) -> None:
    app, _prepared, _folder = world
    client = app.test_client()
    assert client.get("/staff/rounds").status_code == client.get("/no/such/page").status_code == 404


def _restore(app: Flask, kept: Path) -> None:
    site = app.extensions["upstream"]
    site.engine.dispose()
    shutil.copytree(kept, site.settings.data_dir, dirs_exist_ok=True)
