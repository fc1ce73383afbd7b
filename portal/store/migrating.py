"""Brings a database to the present schema with Alembic; the steps lie in `migrations/`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def alembic_config(folder: Path, engine: Engine | None = None) -> Config:
    """The Alembic configuration for the migrations in `folder`, run over `engine`."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_path_separator", "os")
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, folder: Path, to: str = "head") -> None:
    """Upgrade the database behind `engine` to revision `to`; doing it twice changes nothing."""
    command.upgrade(alembic_config(folder, engine), to)


def unmigrate(engine: Engine, folder: Path, to: str = "base") -> None:
    """Take the schema back to revision `to`."""
    command.downgrade(alembic_config(folder, engine), to)


def is_current(engine: Engine, folder: Path) -> bool:
    """Whether the database stands at the newest revision this program knows."""
    head = ScriptDirectory.from_config(alembic_config(folder)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
