"""The `upstream` program: gathers the command groups."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Upstream: supplier assessments, carbon data and the scope 3 category 1 estimate."""
