"""What a visitor looks at: which snapshot or release is opened, and for whom."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from leadstats.briefing import View, reach, since
from leadstats.briefing.since import Brought
from leadstats.briefing.standings import set_in_meetings
from leadstats.counting import released
from leadstats.counting.database import Database, open_database, snapshot_in_force, snapshot_named
from leadstats.counting.view import ANALYST, AUDIENCES, FilterError
from leadstats.meetings import Meetings
from leadstats.model.language import message, say, spoken
from leadstats.model.settings import Goal
from leadstats.narrative import wording
from leadstats.ui.shell import locations
from leadstats.ui.shell.inbox_store import InboxStore
from leadstats.ui.shell.result_cache import Answers

THROUGH = message("Data through {day}{late}")
PUBLIC = "public"  # the audience below all others: it reads releases, never the database
LIVE, PREVIEW, RELEASE = "live", "preview", "release"  # where numbers come from


def audience(asked: str | None) -> str:
    """Fixed by whoever starts the app; a link may lower it, never raise it."""
    granted = locations.granted_audience() or AUDIENCES[0]
    if granted not in AUDIENCES:
        raise ValueError(f"LEADSTATS_AUDIENCE is {granted!r}; use one of {', '.join(AUDIENCES)}")
    if locations.releases_folder() is not None or asked == PUBLIC:
        return PUBLIC
    if asked in AUDIENCES and AUDIENCES.index(asked) < AUDIENCES.index(granted):
        return asked
    return granted


def kind(audience: str) -> str:
    """Where an audience's numbers come from: the one switch between the live database and a release."""
    if locations.releases_folder() is not None:
        return RELEASE
    return PREVIEW if audience == PUBLIC else LIVE


def opened(audience: str = "", snapshot: str = "") -> Answers:
    """What is in force, or the snapshot of that mark, or what stands in its place once a person was purged from it.

    Raises FileNotFoundError before the first build, preview or release, and FilterError, in words, for a
    snapshot that cannot be opened. Of releases, only the one in force is opened.
    """
    data = locations.data_folder()
    if kind(audience) == LIVE:
        amendment = Meetings(data).amendment(snapshot) if snapshot else None
        snapshot = amendment.successor if amendment else snapshot
        return _opened(data, snapshot_named(data, snapshot) if snapshot else snapshot_in_force(data))
    releases = locations.releases_folder() or data / released.PREVIEW
    found = _released(releases / (released.release_name(releases) or released.LATEST))
    if snapshot not in ("", found.database.mark):
        raise FilterError(f"release {snapshot!r} is not in force")
    return found


# As many as a data folder mostly keeps, and one more, since a page may still be reading what was taken away.
@functools.lru_cache(maxsize=4)
def _opened(folder: Path, name: str | None) -> Answers:
    return Answers(open_database(folder, name))


@functools.lru_cache(maxsize=2)
def _released(folder: Path) -> Answers:
    return Answers(released.open_release(folder))


def is_current(database: Database, audience: str) -> bool:
    try:
        return opened(audience).database is database
    except FileNotFoundError:
        return False


def facts(database: Database, audience: str) -> list[str]:
    """How far the numbers go, since when they stand, and who reads them: for the head of each page."""
    published = say("Published {day}", day=wording.day(database.site.published_on))
    note = wording.audience_note(audience, database.threshold)
    if database.is_public:
        through = say(THROUGH, day=wording.day(date.fromisoformat(database.about["data_through"])), late="")
        if kind(audience) == PREVIEW:
            return [through, say(wording.PREVIEW_NOTE)]
        return [through, published, say("Release {mark}", mark=database.mark), note]
    through = reach(database)
    laggards = [
        f"{name.replace('_', ' ')} {wording.day(day)}"
        for name, day in sorted(database.reach.items())
        if day < through
    ]
    late = f" ({', '.join(laggards)})" if laggards else ""
    return [
        say(THROUGH, day=wording.day(through), late=late),
        published,
        say("Snapshot {mark}", mark=database.mark),
        note,
    ]


def notes() -> Mapping[str, Sequence[str]]:
    """What readers of a release must know of every number, by heading; nothing for partners."""
    return notes_of(opened(PUBLIC).database) if kind(audience(None)) == RELEASE else {}


def notes_of(release: Database) -> Mapping[str, Sequence[str]]:
    """In the reader's language where the release has it; those of before were written in English alone."""
    about = release.about
    return about.get("translated_notes", {}).get(spoken().code, about["notes"])


def brought(view: View) -> Brought:
    """What the meeting over these data begins with; in no release, and in no preview of one."""
    meetings = Meetings(locations.data_folder())
    return since.brought(view, meetings, lambda mark: opened(view.audience, mark).database)


def goals(database: Database) -> tuple[Goal, ...]:
    """What the group has set in its meetings."""
    return () if database.is_public else set_in_meetings(Meetings(locations.data_folder()), database.mark)


def amended(snapshot: str) -> str:
    """What is to be said of a snapshot from which a purged person was taken, or which stands in the place of such."""
    return since.amended(Meetings(locations.data_folder()), snapshot)


def release_file(path: str) -> Path:
    """A file of the release in force or, by the name of an earlier one, of that: what has been cited stays where
    it was. Raises FileNotFoundError for any other."""
    releases = locations.releases_folder()
    name = releases and released.release_name(releases)
    if not name:
        raise FileNotFoundError(path)
    former, _, rest = path.partition("/")
    if rest and former in released.citable(releases):
        name, path = former, rest
    if path not in released.listed(releases / name):
        raise FileNotFoundError(path)
    return releases / name / path


def inbox_store(audience: str) -> InboxStore | None:
    """Where exports are taken in: for staff alone, and only if whoever started the app named an inbox."""
    inbox = locations.inbox_folder()
    if inbox is None or audience != ANALYST or kind(audience) != LIVE:
        return None
    return InboxStore(inbox, locations.data_folder())
