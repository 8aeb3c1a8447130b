"""The releases as plain files that any web server hands out, without the app: hides how one set takes the place of another."""

import html
import json
import shutil
import tempfile
from pathlib import Path

from leadstats.counting.released import WORDS, citable, listed, release_name
from leadstats.model.language import LANGUAGES, SOURCE

INDEX = "index.html"


def write_web_root(releases: Path, root: Path) -> list[str]:
    """What the app answers under /release/: the files of the release in force, and those of each release that may be
    cited under its name. Gives the names of these.

    `root` becomes a link to a folder beside it and is moved in one step, so that nobody sees half of it.
    Raises FileNotFoundError before the first release, FileExistsError where something else stands at `root`.
    """
    latest = release_name(releases)
    if latest is None:
        raise FileNotFoundError(f"{releases} holds no release")
    if root.exists() and not root.is_symlink():
        raise FileExistsError(f"{root} is not one of ours; name a folder that does not exist yet")
    root.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=_prefix(root), dir=root.parent))
    fresh.chmod(0o755)
    names = sorted(citable(releases))
    for name in names:
        _copy(releases / name, fresh / name)
    _copy(releases / latest, fresh)
    (fresh / INDEX).write_text(_index(fresh), encoding="utf-8")
    link = root.with_name(f"{fresh.name}.link")
    link.symlink_to(fresh.name)
    link.replace(root)
    for former in root.parent.glob(f"{_prefix(root)}*"):
        if former != fresh:
            shutil.rmtree(former)
    return names


def _prefix(root: Path) -> str:
    return f".{root.name}-"


def _copy(release: Path, to: Path) -> None:
    """Copies rather than links: what hangs on the web must not be the same file as what is kept."""
    for path in listed(release):
        target = to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release / path, target)


def _index(folder: Path) -> str:
    """The way in: web servers show it for the folder itself, and each language has its own pages."""
    name = html.escape(json.loads((folder / WORDS).read_text(encoding="utf-8"))["program"])
    first = f"bulletin/{SOURCE.code}/{INDEX}"
    links = "".join(
        f'<li><a href="bulletin/{each.code}/{INDEX}" lang="{each.tag}">{each.name.capitalize()}</a></li>'
        for each in LANGUAGES.values()
    )
    return (
        f'<!doctype html><html lang="{SOURCE.tag}"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="0;url={first}">'
        f"</head><body><h1>{name}</h1><ul>{links}</ul></body></html>\n"
    )
