"""Random programs in random layouts, and what a careful person makes of them: a second opinion on the whole way in.

`programs` invents what happened, `layouts` writes it out as some system would, `careful` answers the assistant's
questions and counts by hand, `trial` builds an inbox and compares. None of them reads a file as the product does.
"""
