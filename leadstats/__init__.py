"""From export files to figures that may be shown; see docs/decisions.md for the why.

exports ─ ingest (reading, mapping, casts, keys, checks, derived tables) → program.duckdb
program.duckdb ─ measure (metric.sql + bound Filters → counts of people)
               ─ privacy (small counts and what would reveal them → hidden)
               ─ estimate (rates and intervals, from protected counts only) → Published
Published ─ charts, words → ui → pages
"""
