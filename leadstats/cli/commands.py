"""`python -m leadstats COMMAND`: standard output holds the result and nothing else.

Each command imports what it needs itself: reading a number must not wait for the reading of maps.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from leadstats.cli import data, do_with_pandas, numbers, publishing
from leadstats.cli.output import CANNOT_READ, WRONG_USE, fail
from leadstats.cli.parser import parse
from leadstats.counting.view import FilterError
from leadstats.model.declarations import DeclarationError
from leadstats.model.messages import EXIT_CODES, Fault


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        asked = parse(arguments)
        return COMMANDS[asked.command](asked)
    except FilterError as error:
        return fail(error, WRONG_USE)
    except Fault as fault:
        return fail(fault.problem.line, EXIT_CODES[fault.problem.severity])
    except DeclarationError as error:
        return fail(error, WRONG_USE)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return fail(error, CANNOT_READ)


def _serve(asked: argparse.Namespace) -> NoReturn:
    from leadstats.cli.serve import Served, serve

    served = Served(asked.audience, asked.data, asked.releases, asked.inbox)
    serve(served, asked.port, asked.processes, asked.base_path)


def _nginx(asked: argparse.Namespace) -> int:
    from leadstats.cli.nginx import configuration
    from leadstats.cli.serve import base_of

    print(
        configuration(asked.port, asked.processes, base_of(asked.base_path), asked.web_root, asked.listen),
        end="",
    )
    return 0


def _sample(asked: argparse.Namespace) -> int:
    do_with_pandas()
    from sample import write_sample

    wanted = {name: getattr(asked, name) for name in ("seed", "people", "months")}
    write_sample(asked.to, **{name: number for name, number in wanted.items() if number is not None})
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "sample": _sample,
    "check": data.check,
    "build": data.build,
    "cube": data.cube,
    "purge": data.purge,
    "quality": data.quality,
    "map": data.propose_mapping,
    "metrics": numbers.metrics,
    "metric": numbers.metric,
    "equity": numbers.equity,
    "brief": numbers.brief,
    "packet": numbers.packet,
    "digest": numbers.digest,
    "changes": numbers.changes,
    "backup": data.backup,
    "release": publishing.publish,
    "audit": publishing.audit_release,
    "serve": _serve,
    "nginx": _nginx,
}
