"""`upstream demo`: a lively portal on this machine in one command."""

from __future__ import annotations

import multiprocessing
import os
import secrets
from pathlib import Path

import click

from portal.cli.serving import run_server
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.demo.seeding import is_seeded, seed
from portal.files.vault import open_vault
from portal.settings import Settings, read_settings, shipped
from portal.store.engine import open_engine
from portal.store.migrating import migrate
from portal.web.context import utc_now


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="Folder."
)
@click.option("--port", default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.option("--no-serve", is_flag=True, help="Only make the demo data.")
@click.option("--no-worker", is_flag=True, help="Start no worker for jobs.")
def demo(data: Path, port: int, no_serve: bool, no_worker: bool) -> None:
    """Make a demo with two dozen invented suppliers, and serve it on 127.0.0.1."""
    # The vault's threads do not survive the server's fork, so the data are made in a process of their own.
    maker = multiprocessing.get_context("spawn").Process(target=make_data, args=(data, port))
    maker.start()
    maker.join()
    if maker.exitcode:
        raise click.ClickException(
            "The demo data could not be made; see above. Delete the data folder and try again."
        )
    click.echo(f"\nUpstream demo: http://127.0.0.1:{port}\nPassword of every account: {PASSWORD}\n")
    for account in ACCOUNTS:
        click.echo(f"  {account.email:<34} {account.what}")
    click.echo(
        "\nStop with Ctrl-C. `make demo` again continues where you left; delete the data folder to start afresh."
    )
    if not no_serve:
        run_server(
            demo_settings(data, port), host="127.0.0.1", port=port, workers=3, with_worker=not no_worker
        )


def demo_settings(data: Path, port: int) -> Settings:
    """How the demo runs, whatever the environment says."""
    return read_settings(
        {
            "UPSTREAM_ENV": "demo",
            "UPSTREAM_DATA": str(data),
            "SECRET_KEY": _kept_secret(data),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "ORGANISATION": "Morning Ridge Solar (demo)",
        }
    )


def make_data(data: Path, port: int) -> None:
    """Migrate the demo's database and, where it is empty, fill it."""
    settings = demo_settings(data, port)
    engine = open_engine(settings.database_url)
    migrate(engine, shipped("migrations"))
    if not is_seeded(engine):
        click.echo("Making the demo data, about a minute …")
        seed(engine, open_vault(settings.vault_dir), settings=settings, now=utc_now(), tell=click.echo)
    engine.dispose()


def _kept_secret(data: Path) -> str:
    """The demo's own secret, made once, readable by its owner alone."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return path.read_text()
