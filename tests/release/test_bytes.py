"""No hidden number and no person in any byte that leaves: the files of a release, and the running public app."""

import csv
import dataclasses
import html
import io
import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin

import numpy as np
import pikepdf
import pytest
from browsing import heard, serving, visit
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from leadstats import release
from leadstats.counting.database import open_database
from leadstats.release.ordering import site_secret
from leadstats.release.plan import load_plan
from leadstats.ui.shell.frame import PAGES
from tests.release.test_publish import files_of

LINK = re.compile(rb'<a [^>]*?href=\\?"([^"\\]+)')


def test_what_is_written_does_not_depend_on_what_is_hidden(county, published, tmp_path, monkeypatch):
    """The same release with every hidden number another one, and every reason for hiding another: the same bytes."""
    prepare = release.prepare

    def with_lies(*given, **options):
        return [
            dataclasses.replace(
                part, people=_lie(part.people), sums=None if part.sums is None else _lie(part.sums)
            )
            for part in prepare(*given, **options)
        ]

    monkeypatch.setattr(release, "prepare", with_lies)
    county.publish(tmp_path)

    assert files_of(tmp_path / "latest") == files_of(published / "latest")


def _lie(hidden):
    lies = 7_654_321 + np.arange(len(hidden.values))
    return dataclasses.replace(
        hidden,
        values=np.where(hidden.is_hidden, lies, hidden.values),
        is_small=np.zeros_like(hidden.is_small),
    )


@pytest.fixture
def secrets(county):
    """Identifiers, birth dates, and hidden numbers that no other number of a page is by chance."""
    with (county.first.parent / "inbox/person.csv").open(encoding="utf-8", newline="") as stream:
        births = {row["birth_date"] for row in csv.DictReader(stream)}
    parts = release.prepare(
        open_database(county.first), load_plan(county.plan), [], site_secret(county.first)
    )
    cubes = [hidden for part in parts for hidden in part.hidden]
    hidden = {int(number) for each in cubes for number in each.values[each.is_hidden & each.counted()]}
    shown = {int(number) for each in cubes for number in each.values[~each.is_hidden]}
    numbers = {number for number in hidden - shown if number > 99 and number % 50}  # a style has round ones
    assert len(births) > 300 and numbers
    return re.compile(
        "|".join(["CANARY", *births, *(rf"(?<![\w.,#-]){number}(?![\w.,-])" for number in numbers)]).encode()
    )


def test_the_running_public_app_sends_and_logs_no_secret(published, secrets, page, tmp_path):
    frames: list[bytes] = []
    bodies: list[bytes] = []
    papers: list[bytes] = []  # in words: the file of one is full of numbers of its own, and packed
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda said: frames.append(as_bytes(said)))
    )
    answered: set[str] = set()
    page.on("response", lambda answer: answered.add(answer.url) if answer.ok else None)
    log = tmp_path / "server.log"
    with serving(tmp_path / "no private folder", log, LEADSTATS_RELEASES=str(published)) as address:
        # What a browser asks for by itself is the same on each page; the rest of it is told in markup.
        visit(page, f"{address}/")
        for name in (each.address for each in PAGES):
            for query in ("", "place=Mill+Row"):
                said = heard(address, name, query)
                frames += said
                told = {
                    f"{name}?{query}",
                    *links_in(said),
                    *(f"{name}?{each}" for each in addresses_in(said)),
                }
                answered |= {urljoin(f"{address}/", each) for each in told}
        # All but the program's own scripts and styles, which know no county.
        for url in {each.partition("#")[0] for each in answered if each.startswith(address)}:
            if not url.startswith(tuple(f"{address}/{each}" for each in ("static/", "pack/", "assets/"))):
                with urllib.request.urlopen(url) as answer:
                    body = answer.read()
                papers.append(printed(body)) if body.startswith(b"%PDF") else bodies.append(body)

    for said in (*frames, *bodies, *papers, log.read_bytes()):
        assert not secrets.search(said), said[:2_000]
    # Were one of the ears shut, what everybody may know would not be heard there either.
    for each in (frames, bodies, papers):
        assert [said for said in each if re.search(rb"(?<![\w.])420(?![\w.])", said)]
    assert address.encode() in log.read_bytes()


def links_in(said: list[bytes]) -> set[str]:
    """Markup goes in JSON."""
    return {html.unescape(link.decode()) for each in said for link in LINK.findall(each)}


def addresses_in(said: list[bytes]) -> set[str]:
    """What a page puts into the address that it stands at."""
    return {ForwardMsg.FromString(each).page_info_changed.query_string for each in said}


def as_bytes(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def printed(paper: bytes) -> bytes:
    """All words of a PDF, those that only screen readers say included."""
    with pikepdf.open(io.BytesIO(paper)) as opened:
        known = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream)]
        said = [str(each.Alt) for each in known if "/Alt" in each]
        for drawn in known:
            if "/Font" in drawn.get("/Resources", {}):
                said += _typeset(drawn)
    return "\n".join(said).encode()


def _typeset(drawn: pikepdf.Object) -> Iterator[str]:
    fonts = {name: _letters(font.ToUnicode.read_bytes()) for name, font in drawn.Resources.Font.items()}
    content = drawn if isinstance(drawn, pikepdf.Stream) else pikepdf.Page(drawn)
    letters: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(content):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            run = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            yield "".join(letters[run[at : at + 2]] for at in range(0, len(run), 2))


def _letters(names: bytes) -> dict[bytes, str]:
    """What each glyph of a font stands for."""
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for glyph, letter in re.findall(rb"<(\w{4})> <(\w+)>", names)
    }
