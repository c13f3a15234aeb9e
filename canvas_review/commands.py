"""The command line, as the history of what is changed tells of it."""

import getpass
from collections.abc import Callable
from typing import Any

import pghistory
from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

_TOLD = ("accounts", "delivery", "generation", "reviews", "django.contrib.auth")
_ENDLESS = frozenset({"relay"})
"""It runs as long as the installation does, and changes nothing that has a history."""


class CommandLine(ManagementUtility):
    """Whatever a command changes is told to be of this command, and of the account of the machine that ran it."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if subcommand not in _ENDLESS and type(command).__module__.startswith(_TOLD):
            command.execute = told(subcommand, command.execute)  # type: ignore[method-assign]
        return command


def told(name: str, execute: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **options: Any) -> Any:
        with pghistory.context(program=f"manage.py {name}", account=_account()):
            return execute(*args, **options)

    return run


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""  # a container may run under a number that has no name
