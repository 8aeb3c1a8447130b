"""What the group's meetings leave behind: which data they looked at, notes, decisions and what became of them."""

from leadstats.meetings.store import Decision, Meeting, Meetings

__all__ = ["Decision", "Meeting", "Meetings"]
