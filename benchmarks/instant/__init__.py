"""How long a choice takes until it is painted, and for how many: this commit, an earlier one, and two plain pages, in turn."""
