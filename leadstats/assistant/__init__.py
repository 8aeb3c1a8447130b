"""From exports with unknown headers to a mapping.toml: what is proposed, and what only a person can tell."""

from leadstats.assistant.assistant import make_plan, undo, write_plan

__all__ = ["make_plan", "undo", "write_plan"]
