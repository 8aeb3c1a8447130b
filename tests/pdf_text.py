"""What stands in a packet: its elements, its letters, and both in the order of a screen reader."""

import re
from collections import defaultdict

import pikepdf


def elements(parent, found):
    below = parent.get("/K", ())
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(each, pikepdf.Dictionary):
            if "/S" in each:
                found.append(each)
            elements(each, found)
    return found


def drawn(pdf):
    """The letters of each marked stretch of each page, by page and number, without spaces: by each font's own table of
    what its glyphs stand for. In the order in which they are drawn."""
    found = defaultdict(str)
    for page in pdf.pages:
        tables = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
        letters, marked = {}, None
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC":
                marked = operands[1].get("/MCID")
            elif str(operator) == "Tf":
                letters = tables[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                for part in operands[0] if str(operator) == "TJ" else operands:
                    codes = bytes(part) if isinstance(part, pikepdf.String) else b""
                    said = [letters.get(codes[at : at + 2].hex(), "") for at in range(0, len(codes), 2)]
                    found[page.obj.objgen, marked] += "".join("".join(said).split())
    return found


def read_aloud(element, drawn):
    """The letters below an element in the order of the tree, which is that of a screen reader."""
    if isinstance(element, pikepdf.Array):
        return "".join(read_aloud(each, drawn) for each in element)
    if not isinstance(element, pikepdf.Dictionary):
        return ""
    if "/MCID" in element:
        return drawn[element.Pg.objgen, element.MCID]
    below = element.get("/K", ())
    return "".join(
        drawn[element.Pg.objgen, each] if isinstance(each, int) else read_aloud(each, drawn)
        for each in (below if isinstance(below, pikepdf.Array) else [below])
    )


def _letters(font):
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})> *<([0-9a-fA-F]+)>\s*\n", table)
    return {code.lower(): bytes.fromhex(letter).decode("utf-16-be") for code, letter in pairs}
