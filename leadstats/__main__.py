"""`python -m leadstats COMMAND`."""

import sys

from leadstats.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
