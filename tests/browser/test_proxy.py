"""Several processes behind a real proxy, under a path of a larger site: what only all of them together can tell."""

import contextlib
import http.server
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import ROOT, choose, settle, visit

from leadstats.cli.nginx import configuration
from leadstats.counting.released import FRAMED

BASE = "/lead/stats"
PROCESSES = 2
# Streamlit tries where it lies from a page's own address upward.
PROBES = re.compile(r"/_stcore/(health|host-config)$")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def ask(url: str, cookie: str = "") -> Answer:
    """Status 0 where nobody listens."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers={"Cookie": cookie}), timeout=30
        ) as found:
            return Answer(found.status, dict(found.headers), found.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, dict(error.headers), error.read().decode(errors="replace"))
    except OSError:
        return Answer(0, {}, "")


def wait_for(url: str) -> None:
    for _ in range(300):
        if ask(url).status == 200:
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {url}")


# Never the same twice, since what is free now is taken by a server only later.
CANDIDATES = itertools.count(20_000 + os.getpid() % 10_000, PROCESSES)


def free_ports() -> int:
    """The first of as many ports in a row as there are processes; nobody listens on them."""
    for first in CANDIDATES:
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + PROCESSES):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    raise OSError("no ports are free")


@contextmanager
def nginx(folder: Path, first: int) -> Iterator[str]:
    """An nginx with what `leadstats nginx` prints, before the processes from port `first` on; yields its address."""
    listen, web_root = f"127.0.0.1:{free_ports()}", folder / "web"
    web_root.mkdir()
    (web_root / "index.html").write_text("<h1>Plain pages</h1>", encoding="utf-8")
    (folder / "site.conf").write_text(
        configuration(first, PROCESSES, BASE, web_root, listen), encoding="utf-8"
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"user {Path('/proc/self').owner()}; daemon off; worker_processes 2; error_log {folder}/errors; pid {folder}/pid;\n"
        f"events {{}} http {{ include /etc/nginx/mime.types; access_log off; {own} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        pytest.skip("needs nginx, which make test installs where it may: apt-get install nginx-light")
    proxy = subprocess.Popen([found, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"])
    try:
        wait_for(f"http://{listen}{BASE}/release/")
        yield f"http://{listen}{BASE}"
    finally:
        proxy.terminate()
        proxy.wait(30)


# What nginx does by itself: before two servers that say nothing but who they are.


@contextmanager
def naming_itself(port: int) -> Iterator[None]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{port} {self.path} {self.headers['Host']}".encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield
        finally:
            server.shutdown()


@pytest.fixture
def first() -> int:
    return free_ports()


@pytest.fixture
def balanced(tmp_path, first) -> Iterator[str]:
    with naming_itself(first), naming_itself(first + 1), nginx(tmp_path, first) as address:
        yield address


def test_visitors_are_spread_and_each_keeps_to_one_process(balanced, first):
    ports = {f"{port}" for port in (first, first + 1)}
    # That forty strangers all come to one process happens once in five hundred thousand million times.
    strangers = [ask(f"{balanced}/") for _ in range(40)]
    assert {each.text.split()[0] for each in strangers} == ports
    for stranger in strangers[:10]:
        cookie, *how = stranger.headers["Set-Cookie"].split("; ")
        assert how == [f"Path={BASE}/", "HttpOnly", "SameSite=Lax"]
        again = [ask(f"{balanced}/", cookie) for _ in range(5)]
        assert {each.text.split()[0] for each in again} == {stranger.text.split()[0]}
        assert not any("Set-Cookie" in each.headers for each in again)


def test_the_app_is_told_the_whole_path_and_the_host_that_was_asked(balanced):
    host = balanced.removeprefix("http://").partition("/")[0]
    assert (
        ask(f"{balanced}/enrollment?place=A+B").text.split(" ", 1)[1] == f"{BASE}/enrollment?place=A+B {host}"
    )
    assert ask(balanced).text.split(" ", 1)[1] == f"{BASE}/ {host}"


def test_without_one_process_its_visitors_go_on_and_without_any_plain_pages_stay(tmp_path, first):
    with nginx(tmp_path, first) as address:
        with naming_itself(first):
            asked = [ask(f"{address}/", f"leadstats={n}") for n in range(40)]
            assert {(each.status, each.text.split()[0]) for each in asked} == {(200, f"{first}")}
        busy = ask(f"{address}/enrollment")
        assert (busy.status, busy.headers["Retry-After"]) == (503, "30")
        assert "html" in busy.headers["Content-Type"] and f'href="{BASE}/release/"' in busy.text
        plain = ask(f"{address}/release/")
        assert (plain.status, plain.headers["Content-Security-Policy"]) == (200, FRAMED)
        assert "Plain pages" in plain.text
        assert ask(f"{address}/release/none.html").status == 404


# The app itself, as an administrator starts it.


@dataclass(frozen=True)
class Started:
    address: str
    supervisor: subprocess.Popen
    first: int
    log: Path

    def processes(self) -> list[int]:
        listed = ("ps", "-o", "pid=", "--ppid", str(self.supervisor.pid))
        return [int(pid) for pid in subprocess.run(listed, capture_output=True, text=True).stdout.split()]

    def are_up(self) -> None:
        for port in range(self.first, self.first + PROCESSES):
            wait_for(f"http://127.0.0.1:{port}{BASE}/_stcore/health")


@pytest.fixture(scope="module")
def app(county, tmp_path_factory) -> Iterator[Started]:
    folder, first = tmp_path_factory.mktemp("app"), free_ports()
    options = (
        "--port",
        str(first),
        "--processes",
        str(PROCESSES),
        "--base-path",
        BASE,
        "--data",
        str(county),
    )
    with (folder / "log").open("w") as said, nginx(folder, first) as address:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "leadstats", "serve", *options], cwd=ROOT, stdout=said, stderr=said
        )
        started = Started(address, supervisor, first, folder / "log")
        try:
            started.are_up()
            yield started
        finally:
            running = started.processes()
            supervisor.terminate()
            assert supervisor.wait(30) == 0
            assert len(running) == PROCESSES
            assert not any(Path(f"/proc/{pid}").exists() for pid in running)


@pytest.mark.parametrize("name", ["", "jail_beds", "neighborhoods"])
def test_pages_under_a_path_have_all_their_charts_fonts_and_files(app, page, name):
    seen = []
    page.on("response", lambda answer: seen.append((answer.status, answer.url)))
    visit(page, f"{app.address}/{name}")

    for figure in page.locator("figure").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg").first.wait_for()
    fonts = page.evaluate(
        "[...document.fonts].filter(each => each.status === 'loaded').map(each => each.family)"
    )
    assert any("Public Sans" in family for family in fonts)
    assert [each for each in seen if each[0] >= 400 and not PROBES.search(each[1])] == []
    assert all(url.startswith((f"{app.address}/", "blob:", "data:")) for _, url in seen)
    links = page.locator("[data-testid=stMain] a").evaluate_all("all => all.map(each => each.href)")
    assert all(link.startswith(f"{app.address}/") for link in links)
    files = [link for link in links if re.search(r"\.(csv|pdf|pptx)\?", link)]
    assert files
    assert {ask(link).status for link in files} == {200}


def test_visitors_go_on_when_their_process_ends_and_another_is_begun(app, page):
    visit(page, f"{app.address}/")
    page.get_by_role("link", name="More on enrollment").first.click()
    page.wait_for_url(f"{app.address}/enrollment?*")
    settle(page)

    before = app.processes()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    app.are_up()

    assert len(app.processes()) == PROCESSES and not {*app.processes()} & {*before}
    assert app.log.read_text().count("beginning it again") == PROCESSES
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'"
    )
    # The new process draws the page once by itself; a choice in the middle of that can be lost.
    page.wait_for_timeout(2000)
    settle(page)
    choose(page, "Place", "Mill Row")
    assert page.url.startswith(f"{app.address}/enrollment?") and "place=Mill+Row" in page.url
