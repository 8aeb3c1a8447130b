"""What the group's meetings leave behind: the data they looked at, notes, decisions, and objections to numbers."""

from leadstats.meetings.store import Amendment, Decision, Meeting, Meetings, Objection

__all__ = ["Amendment", "Decision", "Meeting", "Meetings", "Objection"]
