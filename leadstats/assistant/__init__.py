"""From exports with unknown headers to a mapping.toml: what to propose, and what only a person can answer."""

from leadstats.assistant.assistant import make_plan, undo, write_plan

__all__ = ["make_plan", "undo", "write_plan"]
