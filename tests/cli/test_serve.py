"""The start: a taken port is named before any address, and the end makes no noise."""

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
