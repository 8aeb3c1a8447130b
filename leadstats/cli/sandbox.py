"""`python -m leadstats.cli.sandbox MEMORY SECONDS COMMAND...`: a command that cannot take the machine down.

The limits are set by the process on itself: to set them between fork and exec is unsafe in a server of
many threads.
"""

import resource
import sys

from leadstats.cli import do_without_pandas


def main(arguments: list[str]) -> int:
    memory, seconds, *command = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold people's data
    do_without_pandas()
    from leadstats.cli.commands import main as run

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
