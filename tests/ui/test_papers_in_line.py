"""However many packets are asked for at once, one is written at a time, and everything else is answered meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
from starlette.requests import Request
from starlette.responses import Response

from leadstats.ui.shell import web


def asked(kind="pdf"):
    return Request({"type": "http", "query_string": b"", "path_params": {"kind": kind}})


class Writer:
    """Stands for the writing of a paper: goes on when told to, and counts how many are at it."""

    def __init__(self):
        self.go_on, self.begun, self.most, self.done = threading.Event(), 0, 0, 0
        self._now, self._lock = 0, threading.Lock()

    def __call__(self, request):
        with self._lock:
            self.begun += 1
            self._now += 1
            self.most = max(self.most, self._now)
        assert self.go_on.wait(60)
        with self._lock:
            self._now -= 1
            self.done += 1
        return Response(b"paper")


async def _until(is_so):
    with anyio.fail_after(60):
        while not is_so():
            await anyio.sleep(0)


def _asked_at_once(number, writer, meanwhile):
    answers = []

    async def ask():
        answers.append((await web.paper(asked())).status_code)

    async def all_of_them():
        async with anyio.create_task_group() as group:
            for _ in range(number):
                group.start_soon(ask)
            await _until(
                lambda: (
                    writer.begun == 1 and web._writing.statistics().tasks_waiting + len(answers) == number - 1
                )
            )
            await meanwhile()
            writer.go_on.set()

    # In a thread of its own: a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(anyio.run, all_of_them).result()
    return answers


def test_ten_at_once_are_written_one_by_one_while_others_are_answered(monkeypatch):
    writer = Writer()
    monkeypatch.setattr(web, "_paper", writer)

    async def meanwhile():
        # As Starlette runs every other answer: in threads of which none is held by those that wait.
        assert anyio.to_thread.current_default_thread_limiter().statistics().borrowed_tokens == 0
        assert await anyio.to_thread.run_sync(lambda: "answered") == "answered"
        assert (writer.begun, writer.done) == (1, 0)

    assert _asked_at_once(10, writer, meanwhile) == [200] * 10
    assert (writer.most, writer.done) == (1, 10)


def test_who_comes_when_the_line_is_too_long_is_told_to_come_again(monkeypatch):
    writer = Writer()
    monkeypatch.setattr(web, "_paper", writer)
    monkeypatch.setattr(web, "MOST_WAITING", 3)

    async def meanwhile():
        answer = await web.paper(asked())
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"

    assert _asked_at_once(4, writer, meanwhile) == [200] * 4
