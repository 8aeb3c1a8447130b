"""The frame of a public page: plain HTML that needs no script, for phones, paper and screen readers."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass

from leadstats.model.language import LANGUAGES, Language, speaking, translation_note
from leadstats.release.publication.edition import LICENSE, Edition

STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;font:1.125rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;color:#1b1b1b;background:#fff}
.skip{position:absolute;left:-999px}.skip:focus{position:static}
header,main,footer{max-width:52rem;margin:0 auto;padding:1rem}
header{border-bottom:4px solid #1b4f8a}
h1{font-size:1.9rem;line-height:1.2}h2{font-size:1.4rem;margin-top:2.5rem}h3{font-size:1.15rem}
a{color:#005ea2}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:3px solid #1b4f8a;outline-offset:2px}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}nav a{display:inline-block;padding:.25rem 0}
.big{font-size:1.3rem;line-height:1.35}.note{color:#454545;font-size:1rem}
.sample{background:#1b1b1b;color:#fff;padding:.4rem .75rem;font-weight:700}
svg{width:100%;max-width:32rem;height:auto;font-family:inherit}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:700;padding:.5rem 0}caption span{display:block;position:sticky;left:0;max-width:calc(100vw - 2rem)}
th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid #d9d9d9;vertical-align:top}
td.n,th.n{text-align:right}td.h{color:#454545;font-style:italic;text-align:right}
figure{margin:1.5rem 0}
@media print{nav,.skip{display:none}body{font-size:11pt}figure,table{break-inside:avoid}details>*{display:block}}
"""


@dataclass(frozen=True)
class BulletinPage:
    """One page in one language."""

    path: str  # inside the folder of its language
    title: str
    description: str
    body: str


def render(
    page: BulletinPage, edition: Edition, language: Language, menu: Sequence[tuple[str, str]]
) -> bytes:
    say = language.text
    other = next(each for each in LANGUAGES.values() if each != language)
    links = "".join(
        f'<li><a href="{path}"{" aria-current=page" if path == page.path else ""}>{escape(title)}</a></li>'
        for path, title in menu
    )
    sample = f'<p class="sample">{escape(say("SAMPLE DATA: no real person stands behind these numbers"))}</p>'
    dates = say(
        "Data through {through}. Published on {published}. Release {release}.",
        through=language.day(edition.data_through),
        published=language.day(edition.published_on),
        release=edition.name,
    )
    with speaking(language):
        draft = translation_note()
    swap = f'<a href="../{other.code}/{page.path}" lang="{other.tag}" hreflang="{other.tag}">{other.name.capitalize()}</a>'
    return (
        f'<!doctype html><html lang="{language.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)} – {escape(edition.program)}</title>"
        f'<meta name="description" content="{escape(page.description)}">'
        f'<link rel="alternate" hreflang="{other.tag}" href="../{other.code}/{page.path}">'
        f"<style>{STYLE}</style>"
        f'<script type="application/ld+json">{_linked_data(page, edition, language)}</script></head><body>'
        f'<a class="skip" href="#main">{escape(say("Skip to the content"))}</a>'
        f"<header><p><strong>{escape(edition.program)}</strong></p>{sample if edition.is_sample else ''}"
        f'<p class="note">{escape(dates)} {swap}</p>'
        f'<nav aria-label="{escape(say("Pages"))}"><ul>{links}</ul></nav></header>'
        f'<main id="main"><h1>{escape(page.title)}</h1>{page.body}</main>'
        f'<footer><p class="note">{escape(dates)} {escape(say("Free to use for any purpose"))}: '
        f'<a href="{LICENSE}">CC0 1.0</a>. {escape(draft)}</p></footer></body></html>\n'
    ).encode()


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str | None]], hidden: str) -> str:
    """The first column names the rows; None is a hidden number, and says so in words."""
    head = "".join(
        f'<th scope="col"{" class=n" if at else ""}>{escape(text)}</th>' for at, text in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0] or "")}</th>'
        + "".join(
            f'<td class="h">{escape(hidden)}</td>' if x is None else f'<td class="n">{escape(x)}</td>'
            for x in row[1:]
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption><span>{escape(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _linked_data(page: BulletinPage, edition: Edition, language: Language) -> str:
    home = edition.plan.publisher.address
    first, last = edition.coverage
    content = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"{edition.program}: {page.title}",
        "description": page.description,
        "inLanguage": language.tag,
        "identifier": f"{home}{edition.name}/",
        "version": edition.name,
        "license": LICENSE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": edition.publisher},
        "datePublished": edition.published_on.isoformat(),
        "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}",
        "spatialCoverage": edition.program,
        "variableMeasured": sorted({language.text(table.title) for table in edition.tables}),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/vnd.apache.parquet",
                "contentUrl": f"{home}{edition.name}/public.parquet",
            },
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": f"{home}{edition.name}/datapackage.json",
            },
        ],
    }
    # A "<" inside could end the element early.
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
