"""The verdicts and what changed, as an email in text and HTML that loads nothing from any server; the site sends it itself."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from leadstats.papers.contents import Contents

STYLE = "font: 16px/1.5 Helvetica, Arial, sans-serif; color: #1b1b1b; max-width: 40em; margin: 0 auto; padding: 1em"


def write_digest(contents: Contents, folder: Path) -> list[Path]:
    """Writes digest.txt and digest.html, and both in digest.eml, which a mail command can send as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    text, page = as_text(contents), as_html(contents)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = f"{contents.title}: {contents.site}"
    mail.set_content(text)
    mail.add_alternative(page, subtype="html")
    written = {"digest.txt": text.encode(), "digest.html": page.encode(), "digest.eml": mail.as_bytes()}
    for name, held in written.items():
        (folder / name).write_bytes(held)
    return [folder / name for name in written]


def as_text(contents: Contents) -> str:
    blocks = [contents.title, contents.site]
    blocks += ["\n".join((asked, *said)) for asked, said in _told(contents)]
    return "\n\n".join((*blocks, *contents.notes, contents.foot)) + "\n"


def as_html(contents: Contents) -> str:
    page = Element("html", lang="-".join(contents.language))
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "title").text = contents.title
    body = SubElement(page, "body", style=STYLE)
    SubElement(body, "h1").text = contents.title
    SubElement(body, "p").text = contents.site
    for asked, said in _told(contents):
        SubElement(body, "h2").text = asked
        for line in said:
            SubElement(body, "p").text = line
    for line in (*contents.notes, contents.foot):
        SubElement(body, "p").text = line
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html")


def _told(contents: Contents) -> Iterator[tuple[str, list[str]]]:
    for section in contents.sections:
        yield section.title, list(section.news)
    for asked in contents.questions:
        yield asked.question, list(filter(None, (asked.verdict, asked.lead, *asked.cautions)))
