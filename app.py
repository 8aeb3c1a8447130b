"""The web application: Streamlit's pages plus fonts, scripts and CSV, compressed.

Start it with: streamlit run app.py
"""

import gc
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from streamlit import runtime

from leadstats.ui.shell import opening, web

ROOT = Path(__file__).resolve().parent
# Streamlit puts its own routes under the path that a proxy hands on, and leaves ours alone.
BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")


# Seconds after which a thread that computes lets others go on: a page is sent in a dozen messages, and each would wait so long
# for whoever draws meanwhile.
sys.setswitchinterval(0.0005)


@asynccontextmanager
async def lifespan(app):
    await anyio.to_thread.run_sync(web.warm)
    # The Overview drawn for nobody: the first visitor finds its numbers read, and its beginning kept.
    await runtime.get_instance().does_script_run_without_error()
    # What is there by now stays for good, and need not be looked at again for garbage.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()  # or DuckDB finds its own types still alive at the end, and lists them


app = st.App(
    ROOT / "leadstats" / "ui" / "router.py",
    lifespan=lifespan,
    on_script_error=web.report,
    middleware=[Middleware(web.Guard), Middleware(GZipMiddleware, minimum_size=2000)],
    routes=[
        Mount(BASE + "/assets", opening.Assets(directory=ROOT / "static")),
        Route(BASE + "/pack/{mark}", opening.pack),
        Route(BASE + "/release/{path:path}", web.release_file),
        Route(BASE + "/packet.{kind}", web.paper),
        Route(BASE + "/data/equity/{stage}.csv", web.equity),
        Route(BASE + "/data/{metrics}.csv", web.csv),
        Route(BASE + "/{page:name}", web.page),
    ],
)
