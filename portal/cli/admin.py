"""`upstream admin`: the first account and a forgotten password, from the machine itself."""

from __future__ import annotations

import secrets

import click

from portal.core.access import Actor
from portal.core.errors import Refused
from portal.operations.accounts import create_staff
from portal.operations.password_resets import make_reset_link
from portal.settings import read_settings
from portal.store.engine import open_engine, writing
from portal.store.people import user_by_email
from portal.web.context import utc_now
from portal.web.urls import RESET_PATH

# Who works at the machine itself; the journal names no person, because none has signed in.
OPERATOR = Actor(user_id=None, name="upstream admin", role="admin")


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


@admin.command()
@click.argument("email")
def reset(email: str) -> None:
    """Print a link with which the person with EMAIL sets a new password. It works once, for 24 hours.

    For an administrator whom no other administrator can help; it works for every account, suppliers' people too.
    """
    settings = read_settings()
    token = secrets.token_urlsafe(32)
    with writing(open_engine(settings.database_url)) as session:
        user = user_by_email(session, email)
        if user is None:
            raise Refused("email_unknown", email=email)
        name = user.name
        make_reset_link(session, OPERATOR, user_id=user.id, token=token, now=utc_now())
        session.commit()
    click.echo(f"{settings.public_url}{RESET_PATH}/{token}")
    click.echo(
        f"Give this link to {name} alone. It works once, for 24 hours; earlier links stop working.", err=True
    )
