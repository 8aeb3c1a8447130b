"""The start: a taken port is named before any address, and the end makes no noise."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from leadstats.cli.commands import main
from leadstats.cli.serve import base_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def test_a_taken_port_is_named_with_another_before_any_address(capsys):
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    told = capsys.readouterr()
    assert f"PORT={port + 1}" in told.err
    assert "http" not in told.out + told.err


def test_pages_for_everybody_need_a_release(capsys, tmp_path, port):
    assert main(["serve", "--port", str(port), "--releases", str(tmp_path)]) == 2
    assert "holds no release" in capsys.readouterr().err


def test_it_ends_on_control_c_without_noise(tmp_path, port):
    (tmp_path / "out").touch()
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "leadstats", "serve", "--port", str(port), "--data", str(tmp_path)],
            stdout=out,
            stderr=out,
            cwd=ROOT,
            env={**os.environ, "STREAMLIT_BROWSER_SERVER_ADDRESS": "localhost"},
        )
        assert _answers(f"http://localhost:{port}/_stcore/health")
        process.send_signal(signal.SIGINT)
        process.wait(20)
    said = (tmp_path / "out").read_text()
    assert f"http://localhost:{port}" in said
    assert len(said.splitlines()) < 10, said


def _answers(address: str) -> bool:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("path", "base"), [("", ""), ("/", ""), ("lead", "/lead"), ("/lead/", "/lead"), ("/a/b-c_1", "/a/b-c_1")]
)
def test_a_base_path_stands_before_addresses(path, base):
    assert base_of(path) == base


@pytest.mark.parametrize("path", ["a b", "/a//b", "/lead;x", "/.."])
def test_a_base_path_that_no_address_holds_is_refused(path, capsys):
    assert main(["nginx", "--base-path", path]) == 2
    assert "may hold letters" in capsys.readouterr().err


def test_the_second_of_several_ports_is_looked_at_too(capsys):
    with contextlib.ExitStack() as held:
        for port in range(20_000, 60_000):
            with contextlib.suppress(OSError):
                socket.create_server(("localhost", port)).close()
                held.enter_context(socket.create_server(("localhost", port + 1)))
                break
        assert main(["serve", "--port", str(port), "--processes", "2"]) == 2
    assert f"port {port + 1} is taken" in capsys.readouterr().err


def test_processes_that_cannot_start_end_all_and_say_so(tmp_path, port):
    command = ("serve", "--port", str(port), "--processes", "2", "--data", str(tmp_path))
    ended = subprocess.run(
        [sys.executable, "-m", "leadstats", *command],
        cwd=ROOT,
        env={**os.environ, "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "no number"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "ended before it had begun" in ended.stderr.splitlines()[-1]


def test_nginx_is_told_of_each_process_and_of_no_release_that_is_not_laid_out(capsys):
    assert main(["nginx", "--port", "9001", "--processes", "3"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[1] for line in said.splitlines() if line.strip().startswith("server 127")] == [
        f"127.0.0.1:{port}" for port in (9001, 9002, 9003)
    ]
    assert "location / {" in said and "Path=/;" in said
    assert "/release/" not in said
