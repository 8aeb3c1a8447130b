"""Releases as plain files: what any web server hands out is what the app would, and nothing that was withdrawn."""

import functools
import http.server
import json
import re
import threading
import urllib.request
from urllib.parse import urljoin

import pytest

from leadstats.cli.commands import main
from leadstats.counting.released import WORDS, listed
from leadstats.release import folder
from leadstats.release.web_root import write_web_root


@pytest.fixture
def releases(tmp_path):
    """Two releases of a few files each."""
    releases = tmp_path / "releases"
    with folder.one_at_a_time(releases):
        for name in ("2026-01.1", "2026-02.1"):
            with folder.draft(releases) as draft:
                page = f"<p>{name}</p>".encode()
                folder.fill(
                    draft, {WORDS: json.dumps({"program": "A & B"}).encode(), "bulletin/en/index.html": page}
                )
                folder.put_in_place(draft, releases, name)
    return releases


def page(root, of=""):
    return (root / of / "bulletin/en/index.html").read_text()


def test_the_release_in_force_stands_at_the_root_and_each_under_its_name(releases, tmp_path):
    root = tmp_path / "srv" / "web"

    assert write_web_root(releases, root) == ["2026-01.1", "2026-02.1"]

    assert page(root) == page(root, "2026-02.1") == "<p>2026-02.1</p>"
    assert page(root, "2026-01.1") == "<p>2026-01.1</p>"
    assert 'url=bulletin/en/index.html"' in (root / "index.html").read_text()
    assert "A &amp; B" in (root / "index.html").read_text()


def test_what_was_withdrawn_is_gone_and_nothing_of_it_is_left_beside(releases, tmp_path, capsys):
    root = tmp_path / "web"
    assert main(["release", "--to", str(releases), "--web-root", str(root)]) == 0

    rollback = ["release", "--to", str(releases), "--rollback", "2026-01.1", "--web-root", str(root)]
    assert main(rollback) == 0

    assert page(root) == "<p>2026-01.1</p>"
    assert not (root / "2026-02.1").exists()
    assert len(list(tmp_path.glob(".web-*"))) == 1
    assert capsys.readouterr().out.endswith("holds 2026-01.1 for any web server\n")


def test_a_file_that_is_not_of_the_release_is_not_handed_out(releases, tmp_path):
    (releases / "2026-02.1" / "notes.txt").write_text("for us")

    write_web_root(releases, tmp_path / "web")

    assert not list((tmp_path / "web").rglob("notes.txt"))


def test_a_folder_of_somebody_else_and_no_release_are_refused(releases, tmp_path):
    (tmp_path / "web").mkdir()
    with pytest.raises(FileExistsError, match="not one of ours"):
        write_web_root(releases, tmp_path / "web")
    with pytest.raises(FileNotFoundError, match="holds no release"):
        write_web_root(tmp_path, tmp_path / "other")


def test_every_page_and_file_is_reached_from_a_plain_web_server_under_any_path(published, tmp_path):
    write_web_root(published, tmp_path / "site/lead/release")
    name = (published / "latest").readlink().name
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "site")
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            home = f"http://127.0.0.1:{server.server_port}/lead/release/"
            for start in (home, f"{home}{name}/bulletin/en/index.html"):
                found = walked(start)
                assert all(address.startswith(home) for address in found)
                pages = {path for path in listed(published / name) if path.endswith(".html")}
                base = home if start == home else f"{home}{name}/"
                assert {f"{base}{path}" for path in pages} <= found
        finally:
            server.shutdown()


def walked(start):
    """All addresses that links lead to, each of which answers."""
    found, waiting = set(), [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found.add(address)
        with urllib.request.urlopen(address) as answer:
            text = answer.read().decode(errors="replace") if "html" in answer.headers["Content-Type"] else ""
        links = (
            urljoin(address, link.partition("#")[0]) for link in re.findall(r'(?:href|src)="([^"]+)"', text)
        )
        waiting += [link for link in links if link.startswith("http://127.0.0.1:")]
    return found
