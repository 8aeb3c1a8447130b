"""Many visitors without a browser, each speaking the page's own protocol as its script in the browser would."""

import http.client
import json
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

THINKING = 5.0  # seconds between an answer and the next choice, on average
SECONDS_TO_COME = 0.25  # between two visitors who come in
PATIENCE = 120.0  # seconds until an answer that does not come is an error


class Visitor(Protocol):
    """Opens the Overview when made, with everything that this costs the server; one thread uses it."""

    def __init__(self, port: int): ...

    def choose(self, dice: random.Random) -> None:
        """Months, places and pathways at will, until all of the answer is there. Raises RuntimeError for a page that fails."""

    def wait(self, seconds: float) -> None:
        """Looks at the page; what the page does by itself goes on."""

    def close(self) -> None: ...


@dataclass
class Wish:
    """What somebody chooses: positions in the lists that are offered."""

    first: int
    last: int
    places: list[int]
    pathways: list[int]


def wish(dice: random.Random, months: int, places: int, pathways: int) -> Wish:
    first, last = sorted(dice.sample(range(months), 2))
    return Wish(
        first,
        last,
        dice.sample(range(places), dice.choice((0, 0, 1, 2, 3))),
        dice.sample(range(pathways), dice.choice((0, 0, 0, 1, 2))),
    )


class StreamlitVisitor:
    def __init__(self, port: int):
        cookies = _cookies(f"http://localhost:{port}/")
        self._socket: ClientConnection = connect(
            f"ws://localhost:{port}/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": cookies} if cookies else {},
            max_size=None,
            open_timeout=PATIENCE,
            compression=None,
        )
        self._widgets: dict[str, Any] = {}  # by label
        self._chosen: dict[str, str | list[str]] = {}
        self._kept: set[str] = set()  # messages that need not be sent again
        self._query = self._page = ""
        self._again: tuple[float, str] | None = None  # seconds, fragment
        self._run()

    def choose(self, dice: random.Random) -> None:
        months, places, pathways = (
            list(self._widgets[label].options) for label in ("From", "Place", "How people came to LEAD")
        )
        found = wish(dice, len(months), len(places), len(pathways))
        self._chosen = {
            "From": months[found.first],
            "To": months[found.last],
            "Place": [places[at] for at in found.places],
            "How people came to LEAD": [pathways[at] for at in found.pathways],
        }
        self._run()

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._again and time.monotonic() + self._again[0] < end:
            time.sleep(self._again[0])
            self._run(self._again[1])
        time.sleep(max(0.0, end - time.monotonic()))

    def close(self) -> None:
        self._socket.close()

    def _run(self, fragment: str = "") -> None:
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self._query, self._page, fragment
        run.is_auto_rerun = bool(fragment)
        run.cached_message_hashes.extend(self._kept)
        for label, value in self._chosen.items():
            widget = run.widget_states.widgets.add(id=self._widgets[label].id)
            if isinstance(value, str):
                widget.string_value = value
            else:
                widget.string_array_value.data.extend(value)
        self._socket.send(message.SerializeToString())
        self._listen()

    def _listen(self) -> None:
        end = time.monotonic() + PATIENCE
        failed = ""
        while True:
            message = ForwardMsg.FromString(self._socket.recv(timeout=max(0.0, end - time.monotonic())))
            if message.metadata.cacheable:
                self._kept.add(message.hash)
            match message.WhichOneof("type"):
                case "delta":
                    failed = failed or self._note(message.delta.new_element)
                case "new_session":
                    self._page = message.new_session.page_script_hash
                case "page_info_changed":
                    self._query = message.page_info_changed.query_string
                case "auto_rerun":
                    self._again = message.auto_rerun.interval, message.auto_rerun.fragment_id
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if failed or message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        raise RuntimeError(failed or "the page does not compile")
                    return

    def _note(self, element: Any) -> str:
        """Keeps what the element offers; returns what it says if it is a failure."""
        kind = element.WhichOneof("type")
        if kind in ("selectbox", "multiselect"):
            widget = getattr(element, kind)
            self._widgets[widget.label] = widget
        if kind == "exception":
            return element.exception.message or element.exception.type
        if kind == "alert" and element.alert.format == element.alert.ERROR:
            return element.alert.body
        return ""


class DashVisitor:
    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
        self._get("/")
        offered = {each["id"]: each for each in _properties(self._get("/_dash-layout"))}
        (self._callback,) = self._get("/_dash-dependencies")
        self._values = {name: offered[name]["value"] for name in ("from", "to", "place", "pathway")}
        self._options = {name: offered[name]["options"] for name in self._values}
        self._ask()

    def choose(self, dice: random.Random) -> None:
        found = wish(dice, *(len(self._options[name]) for name in ("from", "place", "pathway")))
        self._values = {
            "from": self._options["from"][found.first]["value"],
            "to": self._options["to"][found.last]["value"],
            "place": [self._options["place"][at] for at in found.places],
            "pathway": [self._options["pathway"][at] for at in found.pathways],
        }
        self._ask()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self._connection.close()

    def _ask(self) -> None:
        outputs = [
            dict(zip(("id", "property"), each.rsplit(".", 1), strict=True))
            for each in self._callback["output"].strip(".").split("...")
        ]
        asked = {
            "output": self._callback["output"],
            "outputs": outputs,
            "inputs": [each | {"value": self._values[each["id"]]} for each in self._callback["inputs"]],
            "changedPropIds": ["from.value"],
        }
        self._send("POST", "/_dash-update-component", json.dumps(asked))

    def _get(self, path: str) -> Any:
        return self._send("GET", path, None)

    def _send(self, method: str, path: str, body: str | None) -> Any:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        return json.loads(text) if "json" in answer.headers["Content-Type"] else text


def _properties(component: Any) -> list[dict]:
    """Of all components of a layout that have a name."""
    if isinstance(component, list):
        return [found for each in component for found in _properties(each)]
    if not isinstance(component, dict):
        return []
    own = component.get("props", {})
    return [*([own] if "id" in own else []), *_properties(own.get("children"))]


def _cookies(address: str) -> str:
    """What a first visit is given: several servers behind one address may go by it."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        given = answer.headers.get_all("Set-Cookie") or ()
    return "; ".join(each.partition(";")[0] for each in given)


@dataclass
class Crowd:
    """Seconds that each answer took; what went wrong."""

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def crowd(
    visitor: type[Visitor], ports: Sequence[int], visitors: int, seconds: float, seed: int = 1
) -> Crowd:
    """So many visitors in turn to these ports, each choosing at will about every five seconds; what they began to wait for within the time is
    waited for."""
    found, lock = Crowd(), threading.Lock()
    begin = time.monotonic() + visitors * SECONDS_TO_COME + THINKING
    end = begin + seconds

    def visit(number: int) -> None:
        dice = random.Random(1000 * seed + number)
        time.sleep(number * SECONDS_TO_COME)
        here = None
        try:
            here = visitor(ports[number % len(ports)])
            here.wait(dice.uniform(0, THINKING))
            while (start := time.monotonic()) < end:
                here.choose(dice)
                if start >= begin:
                    with lock:
                        found.taken.append(time.monotonic() - start)
                here.wait(dice.expovariate(1 / THINKING))
        except Exception as error:
            with lock:
                found.errors.append(f"{type(error).__name__}: {error}")
        finally:
            if here is not None:
                here.close()

    _together(visit, visitors)
    return found


def _together(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
