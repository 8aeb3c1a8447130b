"""The news of the releases as an Atom feed (RFC 4287): the release itself, and each correction."""

from xml.etree import ElementTree

from leadstats.model.language import SOURCE
from leadstats.release.publication.edition import Edition
from leadstats.release.publication.notes import corrected

ATOM = "http://www.w3.org/2005/Atom"


def atom(edition: Edition) -> bytes:
    """Newest first, in English."""
    home, english = edition.plan.publisher.address, SOURCE
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, edition.title, f"{home}feed.xml", edition.published_on.isoformat())
    _text(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), "name", edition.publisher)
    entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, f"Release {edition.name}", f"{home}{edition.name}/", edition.published_on.isoformat())
    _text(entry, "summary", f"Data through {edition.data_through}.")
    for number, each in reversed([*enumerate(edition.corrections, start=1)]):
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _add(
            entry,
            f"Correction of {each.table}, {each.period}",
            f"{home}#correction-{number}",
            each.day.isoformat(),
        )
        _text(entry, "summary", corrected(each, english))
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, title: str, address: str, day: str) -> None:
    for name, text in (("title", title), ("id", address), ("updated", f"{day}T00:00:00Z")):
        _text(parent, name, text)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = text
