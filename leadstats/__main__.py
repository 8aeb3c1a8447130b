"""`python -m leadstats COMMAND`."""

import sys

from leadstats.cli import do_without_pandas
from leadstats.cli.commands import main

if __name__ == "__main__":
    do_without_pandas()
    sys.exit(main())
