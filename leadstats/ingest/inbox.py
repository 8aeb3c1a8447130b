"""The files of an inbox, be it a folder or a zip: hides archives and refuses dangerous ones."""

import contextlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from leadstats.model.filenames import TABLE_ENDINGS, trick
from leadstats.model.messages import Fault, Problem, problem

# What stands beside tables and explains them: the Census Bureau's lists of columns and notes, dictionaries.
ABOUT_OTHERS = re.compile(
    r"-column-metadata\.csv$|-table-notes\.txt$|read ?me|data[ _-]?dictionary|codebook", re.IGNORECASE
)
SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"  # in a file named .xml: Excel's XML of 2003
# Files that may hold records and are not read, and what to do instead.
EXPORT_INSTEAD = {
    (".pdf",): "ask for the same report as CSV or Excel; the program that printed it can write them.",
    (".xlsb", ".numbers"): "open it and save it as xlsx or CSV (UTF-8).",
    (".accdb", ".mdb"): "in Access, choose External Data, Export, Excel or Text File, one table at a time.",
    (".sav", ".zsav", ".por", ".sas7bdat", ".xpt", ".dta", ".rds", ".rdata"): "save the data set as CSV there.",
    (".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz"): "unpack it, or pack it as zip.",
    (".gpkg", ".kml", ".kmz", ".gdbtable", ".topojson"): "export the layer as GeoJSON or as a zipped shapefile.",
    (".xml", ".json", ".jsonl", ".dbf", ".sqlite", ".db", ".sql", ".bak", ".feather"): "export the table as CSV (UTF-8).",
    (".msg", ".eml"): "save what is attached to it.",
    (".url", ".lnk", ".gsheet", ".webloc"): "download the table itself as CSV or xlsx; this is only a link to it.",
}  # fmt: skip
# A member that inflates beyond both is a bomb; exports shrink to a tenth, rarely to a fiftieth.
INFLATED_BYTES = 50_000_000
INFLATED_RATIO = 200
ARCHIVE_BYTES = 50_000_000_000
ARCHIVE_MEMBERS = 10_000
NESTED_BYTES = 1_000_000_000  # an archive in an archive is held in memory


@dataclass(frozen=True)
class SourceFile:
    """A file of the inbox, not opened yet. `name` is its path inside the inbox or the archive."""

    name: str
    size: int  # bytes as stored
    open: Callable[[], BinaryIO] = field(repr=False)

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.name).parent)

    @property
    def stem(self) -> str:
        """The name without its endings, lower case: 'Referral.csv.gz' is 'referral'."""
        name = self.base.lower().removesuffix(".gz")
        ending = next((ending for ending in (*TABLE_ENDINGS, ".xml") if name.endswith(ending)), "")
        return name.removesuffix(ending)

    @property
    def is_table(self) -> bool:
        is_named = self.base.lower().removesuffix(".gz").endswith(TABLE_ENDINGS)
        return (is_named or self._is_spreadsheet) and not ABOUT_OTHERS.search(self.base)

    @property
    def export_instead(self) -> str | None:
        """What to do with a file that may hold records and is of a kind that is not read."""
        name = self.base.lower()
        if self._is_spreadsheet:
            return None
        return next((advice for endings, advice in EXPORT_INSTEAD.items() if name.endswith(endings)), None)

    @property
    def _is_spreadsheet(self) -> bool:
        if not self.base.lower().endswith(".xml"):
            return False
        with self.open() as stream:
            return SPREADSHEET in stream.read(4_000).replace(b"\0", b"")

    def content(self) -> bytes:
        with self.open() as stream:
            return stream.read()


@contextlib.contextmanager
def opened(inbox: Path) -> Iterator[tuple[list[SourceFile], list[Problem]]]:
    """The files of a folder or zip, by name, and what stood in the way of listing them.

    Raises Fault if the inbox itself is not there.
    """
    with contextlib.ExitStack() as stack:
        problems: list[Problem] = []
        if inbox.is_dir():
            found = _in_folder(inbox, problems)
        elif inbox.is_file() and _starts_with(inbox, b"PK"):
            found = [SourceFile(inbox.name, inbox.stat().st_size, lambda: inbox.open("rb"))]
        else:
            raise Fault(problem("LD-101", file=str(inbox)))
        files = []
        for source in found:
            if not source.base.lower().endswith(".zip"):
                files.append(source)
                continue
            prefix = "" if inbox.is_file() else source.name + "/"
            try:
                files.extend(_in_archive(source, prefix, stack))
            except Fault as fault:
                problems.append(fault.problem)
        yield sorted(files, key=lambda source: source.name), problems


def _in_folder(inbox: Path, problems: list[Problem]) -> list[SourceFile]:
    """Regular files only: a pipe or device would never end, and a link may lead to any other file."""
    home = inbox.resolve()
    try:
        files = []
        for path in inbox.rglob("*"):
            name = path.relative_to(inbox).as_posix()
            if not path.is_file() or _is_hidden(name):
                continue
            if not path.resolve().is_relative_to(home):
                problems.append(problem("LD-117", file=name))
                continue
            files.append(SourceFile(name, path.stat().st_size, _opener(path)))
        return files
    except OSError as error:
        raise Fault(problem("LD-101", file=str(inbox), value=str(error))) from error


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(magic)) == magic


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "~$", "__MACOSX")) for part in parts) or parts[-1] == "Thumbs.db"


def _in_archive(
    source: SourceFile, prefix: str, stack: contextlib.ExitStack, is_nested: bool = False
) -> list[SourceFile]:
    # Nothing is unpacked to disk, so that no person's data stays behind in a temporary folder.
    try:
        stream = io.BytesIO(source.content()) if is_nested else stack.enter_context(source.open())
        archive = stack.enter_context(zipfile.ZipFile(stream))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > ARCHIVE_MEMBERS:
        raise Fault(problem("LD-103", file=source.name, value=f"{len(members):,} files"))
    for member in members:
        _refuse_unsafe(member, source.name)
    # Members may share their bytes, so that each looks modest and all together are a bomb.
    inflated = sum(member.file_size for member in members)
    if inflated > min(ARCHIVE_BYTES, max(INFLATED_BYTES, INFLATED_RATIO * source.size)):
        raise Fault(problem("LD-103", file=source.name, value="inflates too far"))
    files = []
    for member in members:
        if _is_hidden(member.filename):
            continue
        inner = SourceFile(prefix + member.filename, member.compress_size, _member(archive, member))
        if not inner.base.lower().endswith(".zip"):
            files.append(inner)
        elif is_nested or member.file_size > NESTED_BYTES:
            raise Fault(problem("LD-103", file=source.name, value=f"an archive inside it: {inner.base}"))
        else:
            files.extend(_in_archive(inner, inner.name + "/", stack, is_nested=True))
    return files


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: archive.open(member)


def _refuse_unsafe(member: zipfile.ZipInfo, archive: str) -> None:
    name = member.filename
    if reason := trick(name):
        raise Fault(problem("LD-103", file=archive, value=f"{reason}: {name!a}"))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Fault(problem("LD-103", file=archive, value=f"a link instead of a file: {name}"))
    if member.flag_bits & 1:
        raise Fault(problem("LD-130", file=archive, value=member.filename))
    if member.file_size > max(INFLATED_BYTES, INFLATED_RATIO * member.compress_size):
        raise Fault(problem("LD-103", file=archive, value=f"{member.filename} inflates too far"))
