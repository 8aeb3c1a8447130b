"""The configuration of an nginx in front of the app. Hides how visitors stay with one process, and what can be asked without one."""

from pathlib import Path

from leadstats.cli.serve import HOST
from leadstats.counting.released import FRAMED

# Connections to one process at a time: it looks through all its sessions for each answer, and so slows down for everybody.
MOST = 100

MAIN = """\
# Before leadstats; written by: python -m leadstats nginx. It goes into http {{ }}, as /etc/nginx/conf.d/leadstats.conf does.
map $http_upgrade $leadstats_connection {{ default upgrade; "" ""; }}
# A visitor keeps to one process: what was uploaded and what is to be downloaded lie in its memory.
map $cookie_leadstats $leadstats_visitor {{ "" $request_id; default $cookie_leadstats; }}
map $cookie_leadstats $leadstats_cookie {{ "" "leadstats=$request_id; Path={base}/; HttpOnly; SameSite=Lax"; default ""; }}

upstream leadstats {{
    zone leadstats 64k;
    hash $leadstats_visitor consistent;
{servers}
}}

server {{
    listen {listen};
    absolute_redirect off;
    client_max_body_size 200m;
    # TLS and sign-in belong here; releases are for everybody, all else is for those who signed in.
{redirect}
    location {base}/ {{
        proxy_pass http://leadstats;
        proxy_http_version 1.1;
        # The app refuses a socket whose origin is not the host that was asked.
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $leadstats_connection;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        # A page that is read in silence keeps its socket.
        proxy_read_timeout 1h;
        add_header Set-Cookie $leadstats_cookie;
        error_page 502 504 = @leadstats_busy;
    }}
{release}
    location @leadstats_busy {{
        internal;
        default_type "text/html; charset=utf-8";
        add_header Retry-After 30 always;
        return 503 '<!doctype html><html lang="en"><title>Too many visitors</title><h1>Too many visitors at this moment</h1><p>Please try again in a minute.{plain}</p></html>';
    }}
}}
"""

RELEASE = """\
    # The public releases, without the app: `leadstats release --to RELEASES --web-root FOLDER`.
    location {base}/release/ {{
        alias {root}/;
        auth_basic off;
        add_header Content-Security-Policy "{policy}";
        add_header X-Content-Type-Options nosniff;
        add_header Referrer-Policy no-referrer;
    }}
"""


def configuration(
    port: int, processes: int, base: str = "", web_root: Path | None = None, listen: str = "80"
) -> str:
    """For as many processes as `serve` keeps running, starting with that port.

    base: as `serve.base_of` gives it; web_root: a folder of `release.web_root`, handed out under base/release/.
    """
    release = ""
    if web_root is not None:
        release = RELEASE.format(base=base, root=web_root.resolve().parent / web_root.name, policy=FRAMED)
    return MAIN.format(
        base=base,
        listen=listen,
        servers="\n".join(
            f"    server {HOST}:{each} max_conns={MOST};" for each in range(port, port + processes)
        ),
        redirect=f"    location = {base} {{ return 308 {base}/$is_args$args; }}" if base else "",
        release=release,
        plain=f' What is public stands on <a href="{base}/release/">plain pages</a>.' if release else "",
    )
