"""How far a run has come: hides how bytes, tables and queries add up to one share of the whole."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, TextIO, TypeVar

from leadstats.ingest.inbox import SourceFile

# What is being done, in a few words, and the share of the whole that is done, from 0 to 1.
Tell = Callable[[str, float], None]
Item = TypeVar("Item")
SMALLEST_STEP = 0.005
BAR_WIDTH, LINE_WIDTH = 30, 79
CHUNK = 1 << 18
READING, CHECKING, DERIVING = (0.0, 0.45), (0.45, 0.75), (0.75, 0.99)  # as a run of many rows takes


def bar(stream: TextIO) -> Tell:
    """For a terminal: one line that is written over, and gone when all is done."""

    def tell(doing: str, share: float) -> None:
        filled = round(share * BAR_WIDTH)
        line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {share:4.0%} {doing}"
        stream.write(f"\r{line[:LINE_WIDTH]:<{LINE_WIDTH}}" if share < 1 else f"\r{'':<{LINE_WIDTH}}\r")
        stream.flush()

    return tell


def lines(stream: TextIO) -> Tell:
    """For a program: a line for each step, "progress 0.42 checking cells"."""

    def tell(doing: str, share: float) -> None:
        stream.write(f"progress {share:.3f} {doing}\n")
        stream.flush()

    return tell


class Progress:
    """Tells a listener, seldom enough that listening costs nothing."""

    def __init__(self, tell: Tell | None, files: Iterable[SourceFile] = ()):
        self._tell = tell
        # Most files are read twice: once for their encoding, once for their rows.
        self._bytes, self._read = max(1, 2 * sum(file.size for file in files)), 0
        self._last = ("", -1.0)

    def reading(self, file: SourceFile) -> SourceFile:
        """The file, whose bytes now count as they are read."""
        if self._tell is None:
            return file

        def opened() -> BinaryIO:
            return io.BufferedReader(_Counted(file.open(), lambda size: self._took(file.name, size)), CHUNK)

        return replace(file, open=opened)

    def through(self, span: tuple[float, float], doing: str, items: Iterable[Item]) -> Iterator[Item]:
        """The items one by one, which together take the run from one end of the span to the other."""
        known = list(items)
        first, last = span
        for position, item in enumerate(known):
            self.tell(doing, first + (last - first) * position / len(known))
            yield item

    def tell(self, doing: str, share: float) -> None:
        said, told = self._last
        share = max(share, told, 0.0)
        if self._tell and (doing != said or share - told >= SMALLEST_STEP):
            self._last = (doing, share)
            self._tell(doing, share)

    def _took(self, name: str, size: int) -> None:
        self._read += size
        self.tell(f"reading {name}", READING[1] * min(1.0, self._read / self._bytes))


class _Counted(io.RawIOBase):
    """A stored file that says how much of it has been read."""

    def __init__(self, stored: BinaryIO, took: Callable[[int], None]):
        self._stored, self._took = stored, took

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        chunk = self._stored.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._took(len(chunk))
        return len(chunk)

    def close(self) -> None:
        self._stored.close()
        super().close()
