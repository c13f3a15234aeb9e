"""`python -m benchmarks [NAME ...] [--quick] [--json]`: run all measurements, or the named ones.

They need a PostgreSQL server (`make bench` brings one) and make a database of their own there.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module

import django

from benchmarks.measuring import Result

WITHOUT_DATABASE = ("generate", "guards")
WITH_DATABASE = ("decide", "pages", "screen", "claim", "imports", "queue", "reports", "desk")
NAMES = (*WITHOUT_DATABASE, *WITH_DATABASE)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; all without a name")
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that it works, measures little")
    parser.add_argument("--json", action="store_true", help="one line of JSON a benchmark")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canvas_review.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    wanted = [name for name in NAMES if name in (options.names or NAMES)]
    _run(wanted, quick=options.quick, as_json=options.json)
    return 0


def _run(wanted: Sequence[str], *, quick: bool, as_json: bool) -> None:
    # These import settings, so only now.
    from benchmarks.stage import empty_tables, throwaway_database, throwaway_files

    with ExitStack() as stack:
        stack.enter_context(throwaway_files())
        if set(wanted) & set(WITH_DATABASE):
            stack.enter_context(throwaway_database())
        for name in wanted:
            measure: Callable[[bool], Result] = import_module(f"benchmarks.{name}").measure
            result = measure(quick)
            print(result.as_json() if as_json else result.as_text(), flush=True)
            if name in WITH_DATABASE:
                empty_tables()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
