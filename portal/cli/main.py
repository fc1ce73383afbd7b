"""The `upstream` program: gathers the commands and says refusals in words."""

from __future__ import annotations

import sys

import click

from portal.cli.admin import admin
from portal.cli.demo import demo
from portal.cli.estimate import estimate
from portal.cli.questionnaire import questionnaire
from portal.cli.score import score
from portal.cli.serving import migrate, serve
from portal.cli.work import work
from portal.core.errors import Invalid, Refused
from portal.language.sentences import sentence
from portal.settings import BadSettings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="upstream-portal", prog_name="upstream")
def commands() -> None:
    """Upstream: suppliers answer once, buyers see where every number comes from.

    To look around:  upstream demo
    To run it:       upstream migrate, upstream admin create, upstream serve
    Without server:  upstream score, upstream estimate, upstream questionnaire check
    """


for _command in (serve, work, demo, migrate, admin, questionnaire, score, estimate):
    commands.add_command(_command)


def main() -> None:
    """Run the program; a refusal ends as a sentence and exit code 2, never as a trace."""
    try:
        commands()
    except BadSettings as error:
        sys.exit(_said(str(error)))
    except Refused as refusal:
        sys.exit(_said(sentence("en", refusal.problem)))
    except Invalid as invalid:
        sys.exit(_said("\n".join(sentence("en", problem) for problem in invalid.problems)))


def _said(words: str) -> int:
    click.echo(words, err=True)
    return 2
