"""`python -m leadstats.cli.sandbox MEMORY SECONDS COMMAND...`: a command that cannot take the machine down.

The limits are set by the process on itself: to set them between fork and exec is unsafe in a server of
many threads.
"""

import resource
import sys


class _WithoutPandas:
    """pyarrow asks of each list whether it is one of pandas', and loads pandas to find out: a third of the work of a
    command that looks at a small file. None of these commands needs it."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def main(arguments: list[str]) -> int:
    memory, seconds, *command = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold people's data
    sys.meta_path.insert(0, _WithoutPandas())
    from leadstats.cli.commands import main as run

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
