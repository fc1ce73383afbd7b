"""`upstream admin`: the first account, made where nobody can sign in yet."""

from __future__ import annotations

import click

from portal.operations.accounts import create_staff
from portal.settings import read_settings
from portal.store.engine import open_engine, writing
from portal.web.context import utc_now


@click.group()
def admin() -> None:
    """Accounts of the buyer's own people."""


@admin.command()
@click.option("--email", prompt="E-mail", help="Address to sign in with.")
@click.option("--name", prompt="Name", help="Name shown to others.")
@click.option(
    "--role", type=click.Choice(["admin", "manager", "analyst"]), default="admin", show_default=True
)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.password_option(help="At least 12 characters; asked for when not given.")
def create(email: str, name: str, role: str, language: str, password: str) -> None:
    """Create an account."""
    settings = read_settings()
    with writing(open_engine(settings.database_url)) as session:
        create_staff(
            session, email=email, name=name, password=password, role=role, locale=language, now=utc_now()
        )
        session.commit()
    click.echo(f"Created {role} {email}. Sign in at {settings.public_url}")
