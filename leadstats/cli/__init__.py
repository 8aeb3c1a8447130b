"""The commands, and what processes that only run a command can do without."""

import sys


class _WithoutPandas:
    """pyarrow checks whether each list is a pandas one, and loads pandas to find out: a third of the work of a command
    that looks at a small file."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def do_without_pandas() -> None:
    """Keeps pandas out for the rest of this process, which runs a command; only `sample` needs it."""
    sys.meta_path.insert(0, _WithoutPandas())


def do_with_pandas() -> None:
    """Lets pandas in after all."""
    sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, _WithoutPandas)]
