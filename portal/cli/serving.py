"""`upstream migrate` and `upstream serve`: bring the database up to date, answer browsers."""

from __future__ import annotations

import multiprocessing

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import Engine

from portal.app import create_app
from portal.cli.work import worker_beside
from portal.operations.factor_library import bring_in_shipped
from portal.settings import BadSettings, Settings, read_settings, shipped
from portal.store.engine import open_engine, writing
from portal.store.migrating import is_current
from portal.store.migrating import migrate as bring_up_to_date
from portal.web.context import utc_now


@click.command()
def migrate() -> None:
    """Bring the database (DATABASE_URL) to the present schema. Safe to repeat."""
    settings = read_settings()
    engine = open_engine(settings.database_url)
    bring_up_to_date(engine, shipped("migrations"))
    _bring_in_tables(engine)
    click.echo(f"The database is up to date: {engine.url.render_as_string(hide_password=True)}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=0, help="Worker processes; default: two per processor, plus one.")
@click.option("--no-worker", is_flag=True, help="Start no worker for jobs; `upstream work` runs elsewhere.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the portal with gunicorn, with a worker beside it. Needs SECRET_KEY and a migrated database."""
    settings = read_settings()
    engine = open_engine(settings.database_url)
    if not is_current(engine, shipped("migrations")):
        raise BadSettings(
            "The database is not at this program's schema. Run `upstream migrate` first, then serve again."
        )
    _bring_in_tables(engine)
    engine.dispose()
    run_server(
        settings,
        host=host,
        port=port,
        workers=workers or 2 * multiprocessing.cpu_count() + 1,
        with_worker=not no_worker,
    )


def _bring_in_tables(engine: Engine) -> None:
    """Shipped factor, rate and price tables that are new or changed become versions of the library."""
    with writing(engine) as session:
        brought = bring_in_shipped(session, now=utc_now())
        session.commit()
    if brought:
        click.echo(f"Tables brought into the factor library: {', '.join(brought)}")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn around the portal; each worker makes its own application after the fork."""

    def __init__(self, settings: Settings, options: dict[str, object]) -> None:
        self.settings, self.chosen = settings, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.chosen.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return create_app(self.settings)


def run_server(settings: Settings, *, host: str, port: int, workers: int, with_worker: bool = True) -> None:
    """Serve until stopped. A process that takes longer than two minutes for one request is replaced.

    The worker for jobs is a process of its own that stops with the server.
    """
    options: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "timeout": 120,
        "accesslog": None,
        "loglevel": "warning",
        "proc_name": "upstream",
    }
    with worker_beside(settings, wanted=with_worker):
        Server(settings, options).run()
