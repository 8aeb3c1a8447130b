#!/usr/bin/env bash
# pyshp 3.1.6: where a row of a shapefile's .dbf carries dBASE's mark for "deleted" (an asterisk before the row, as
# desktop GIS leave it until the table is packed), records() and iterRecords() leave that row out, while shapes keep
# their number. iterShapeRecords() and shapeRecords() then pair what is left one by one, without a word: every name
# after the deleted row stands on the polygon before its own, and the last polygon is lost. len(reader) still counts
# all rows. The record itself knows better: its oid is that of the row.
# Seen: three squares Ash (x 0 to 1), Bay (1 to 2), Cay (2 to 3), Bay deleted -> Cay is paired with the square 1 to 2.
# So: pair shapes and records by record.oid, never by their order.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pyshp==3.1.6
cat > "$work/pair.py" <<'PYTHON'
import struct
import sys
from pathlib import Path

import shapefile

place = Path(sys.argv[1]) / "places"
with shapefile.Writer(str(place)) as writer:
    writer.field("NAME", "C", 10)
    for x, name in enumerate(("Ash", "Bay", "Cay")):
        writer.poly([[(x, 0), (x, 1), (x + 1, 1), (x + 1, 0), (x, 0)]])
        writer.record(name)
table = bytearray(place.with_suffix(".dbf").read_bytes())
head, row = struct.unpack("<HH", table[8:12])
table[head + row] = ord("*")  # the second row is deleted
place.with_suffix(".dbf").write_bytes(table)

with shapefile.Reader(str(place)) as reader:
    pairs = [(each.record["NAME"], each.shape.bbox[0]) for each in reader.iterShapeRecords()]
    oids = [(record["NAME"], record.oid) for record in reader.records()]
    print("pyshp", shapefile.__version__, "rows", len(reader), "pairs", pairs, "oids", oids)
    assert len(reader) == 3
    assert pairs == [("Ash", 0.0), ("Cay", 1.0)], "the behavior has changed"
    assert oids == [("Ash", 0), ("Cay", 2)], "the behavior has changed"
PYTHON
"$work/venv/bin/python" "$work/pair.py" "$work"
