"""What a browser loads before the first number: Streamlit's page with our style in it, and its scripts in one answer.

Streamlit's page asks for sixty scripts at once and for forty more as it meets the elements of a page, each a journey to
the server. Those that our pages need travel here as one pack, compressed once; `static/loader.js` unpacks it. A script
that is not in the pack is loaded by itself, as Streamlit does.
"""

import functools
import gzip
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from streamlit import file_util

from leadstats.ui.shell.locations import ROOT
from leadstats.ui.shell.markup import Markup, tag

STATIC = ROOT / "static"
STREAMLIT = Path(file_util.get_static_dir())
SCRIPTS = STREAMLIT / "static" / "js"
# The elements that our pages are made of, which Streamlit loads once it meets them.
ELEMENTS = ("BidiComponent", "Selectbox", "Multiselect")
# One script named by another: "./x.js" after from or import, in any quotes.
NAMED = re.compile(r"""\b(from|import)(\(?)(["'`])\./([\w.-]+\.js)""")
NONCE, SOON = "<!--once-->", "<!--first screen-->"
BINARY = "application/octet-stream"
LONG = "public, max-age=31536000, immutable"


class Name(Convertor[str]):
    """The address of a page: one word without a dot, or none."""

    regex = r"[^/.]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("name", Name())


class Assets(StaticFiles):
    """Our own files; for good where the address says which version is meant."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if scope["query_string"] and answer.status_code == 200:
            answer.headers["Cache-Control"] = LONG
        return answer


@dataclass(frozen=True)
class Program:
    """What is the same for every visitor: Streamlit's page, changed as said above, and the pack of its scripts,
    compressed, with the mark that is its name."""

    page: str
    mark: str
    packed: bytes


def address(name: str) -> str:
    """Where one of our files lies, below the address of the app, in the version that it has now."""
    return f"assets/{name}?{_mark((STATIC / name).read_bytes())}"


def page(policy: str, first_screen: Markup) -> Response:
    """Streamlit's page. policy: what it may load, to which the one script in it that is ours is added. first_screen:
    what the page will begin with, if that is known already; it stands there until the page itself does."""
    once = secrets.token_urlsafe(12)
    allowed = policy.replace("script-src ", f"script-src 'nonce-{once}' ")
    soon = tag("div", tag("div", first_screen), class_="first-screen", inert="", aria_hidden="true")
    whole = program().page.replace(NONCE, once).replace(SOON, soon if first_screen else "")
    return HTMLResponse(whole, headers={"Cache-Control": "no-cache", "Content-Security-Policy": allowed})


def pack(request: Request) -> Response:
    """The names and sizes of scripts in one line, and after it the scripts themselves."""
    held = program()
    if request.path_params["mark"] != held.mark:
        return Response(status_code=404)
    headers = {"Cache-Control": LONG, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(held.packed), media_type=BINARY, headers=headers)
    return Response(held.packed, media_type=BINARY, headers={**headers, "Content-Encoding": "gzip"})


@functools.cache
def program() -> Program:
    """Made once, before the first visitor comes."""
    whole = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    (entry,) = re.findall(r'<script type="module"[^>]*src="\./static/js/([^"]+)"></script>', whole)
    packed = _packed(entry)
    mark = _mark(packed)
    # The pack has the scripts, and the typeface is not ours.
    whole = re.sub(
        r'\s*<(script|link)[^>]*(type="module"|rel="(module)?preload")[^>]*>(</script>)?', "", whole
    )
    whole = re.sub(r"\s*<script>[^<]*</script>", "", whole)  # nothing that our policy would not let run
    head = (
        '<link rel="preload" href="./assets/public-sans.woff2" as="font" type="font/woff2" crossorigin />'
        f'<link rel="preload" href="./{address("sheet.js")}" as="script" crossorigin />'
    )
    # After what Streamlit puts into the head, so that of two rules ours holds.
    body = (
        f'<link rel="stylesheet" href="./{address("style.css")}" />{SOON}'
        f'<script src="./{address("loader.js")}" nonce="{NONCE}" data-pack="pack/{mark}" data-entry="{entry}"></script>'
    )
    whole = whole.replace("</head>", f"{head}</head>").replace('<div id="root">', f'{body}<div id="root">')
    return Program(whole, mark, packed)


def _packed(entry: str) -> bytes:
    """All scripts that those of a page's elements, or the first of all, cannot do without."""
    wanted = [entry, *(path.name for name in ELEMENTS for path in SCRIPTS.glob(f"{name}.*.js"))]
    found: dict[str, bytes] = {}
    while wanted:
        name = wanted.pop()
        if name not in found:
            script = (SCRIPTS / name).read_text(encoding="utf-8")
            wanted += [named for _, bracket, _, named in NAMED.findall(script) if not bracket]
            found[name] = _movable(name, script).encode()
    sizes = json.dumps([(name, len(script)) for name, script in found.items()]).encode()
    return gzip.compress(sizes + b"\n" + b"".join(found.values()), mtime=0)


def _movable(name: str, script: str) -> str:
    """A script that finds the others from wherever it lies: by names that the loader explains."""
    script = NAMED.sub(r"\1\2\3streamlit/\4", script)
    return script.replace("import.meta.url", f'(globalThis.streamlitScripts+"{name}")')


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
