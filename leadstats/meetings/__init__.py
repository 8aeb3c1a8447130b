"""What the group's meetings leave behind: which data they looked at, notes, decisions, and objections to numbers."""

from leadstats.meetings.store import Decision, Meeting, Meetings, Objection

__all__ = ["Decision", "Meeting", "Meetings", "Objection"]
