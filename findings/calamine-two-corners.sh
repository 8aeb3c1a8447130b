#!/usr/bin/env bash
# python-calamine 0.9.1: a sheet whose table begins below and to the right of cell A1 has three different corners,
# depending on how it is read. to_python() leaves out empty rows and columns before the table; to_python(
# skip_empty_area=False) keeps both; iter_rows() keeps the empty rows above and leaves out the empty columns at the
# left. So the place of a cell in iter_rows() is that of the spreadsheet down, and not across: a row can be named to
# somebody who has the file open, a column cannot. total_height and total_width are the last index, not a number of
# rows: 3 for a sheet that ends in row 4.
# Seen: a table in C3:D4 -> iter_rows() gives 4 rows of 2 cells, to_python() 2 of 2, without skipping 4 of 4.
# So: add sheet.start[1] to the place of a column that comes from iter_rows().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5
cat > "$work/corners.py" <<'PYTHON'
import sys

import openpyxl
import python_calamine

path = f"{sys.argv[1]}/table.xlsx"
book = openpyxl.Workbook()
for cell, value in {"C3": "Place", "D3": "Days", "C4": "Ash", "D4": 3}.items():
    book.active[cell] = value
book.save(path)

sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
ways = {
    "iter_rows()": list(sheet.iter_rows()),
    "to_python()": sheet.to_python(),
    "to_python(skip_empty_area=False)": sheet.to_python(skip_empty_area=False),
}
sizes = {name: (len(rows), len(rows[0])) for name, rows in ways.items()}
print("python-calamine 0.9.1", sizes, "start", sheet.start, "total", (sheet.total_height, sheet.total_width))
assert sizes == {
    "iter_rows()": (4, 2),
    "to_python()": (2, 2),
    "to_python(skip_empty_area=False)": (4, 4),
}, "the behavior has changed"
assert sheet.start == (2, 2)
assert (sheet.total_height, sheet.total_width) == (3, 3), "the behavior has changed"
PYTHON
"$work/venv/bin/python" "$work/corners.py" "$work"
