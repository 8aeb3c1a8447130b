"""The pages of a release: plain, small, in two languages, with the numbers of the downloads."""

import csv
import hashlib
import itertools
import json
import re
import string
from html.parser import HTMLParser

import pytest

from docs import messages
from leadstats.model.language import Language
from leadstats.release.publication.drawing import WIDTH, Bar, bars, columns
from leadstats.release.publication.labels import label


class Reader(HTMLParser):
    """Tables as lists of rows, and what else matters."""

    def __init__(self):
        super().__init__()
        self.tables, self.tags, self.ids, self.texts = [], [], [], []
        self._cell = None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append(self._cell)
            self._cell = None

    def handle_data(self, data):
        self.texts.append(data)
        if self._cell is not None:
            self._cell += data


def pages(published):
    return sorted((published / "latest/bulletin").rglob("*.html"))


def read(path):
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def test_pages_are_small_and_need_no_script(published):
    assert len(pages(published)) == 6
    for path in pages(published):
        reader = read(path)
        assert path.stat().st_size < 150_000
        assert [attrs for tag, attrs in reader.tags if tag == "script"] == [{"type": "application/ld+json"}]
        assert not [
            attrs for tag, attrs in reader.tags if tag in ("link", "img", "iframe") and "rel" not in attrs
        ]
        assert ("html", {"lang": f"{path.parent.name}-US"}) in reader.tags
        assert len(reader.ids) == len(set(reader.ids))
        assert [tag for tag, _ in reader.tags].count("h1") == 1


def test_every_link_leads_somewhere_inside(published):
    for path in pages(published):
        for tag, attrs in read(path).tags:
            target = attrs.get("href", "")
            if tag in ("a", "link") and not target.startswith(("#", "http")):
                assert (path.parent / target).is_file(), target


def test_every_table_has_a_caption_and_heads(published):
    for path in pages(published):
        reader = read(path)
        tags = [tag for tag, _ in reader.tags]
        assert tags.count("table") == tags.count("caption")
        assert all("scope" in attrs for tag, attrs in reader.tags if tag == "th")
        assert tags.count("svg") == tags.count("desc")


def test_pages_show_the_numbers_of_the_download(published):
    """The table of races, cell by cell."""
    path = published / "latest/bulletin/en/people_first_referred.html"
    with (published / "latest/data/people_first_referred-by-three_years-race.csv").open(
        encoding="utf-8"
    ) as stream:
        expected = [[row["race_en"], row["value"] or "hidden"] for row in csv.DictReader(stream)]

    assert [["Race", "2023 to 2025"], *expected] in read(path).tables


def test_search_engines_get_a_data_set(published):
    for path in pages(published):
        text = re.search(r'ld\+json">(.*?)</script>', path.read_text(encoding="utf-8"))[1]
        said = json.loads(text)
        assert said["@type"] == "Dataset"
        assert said["version"] == "2026-01.1"
        assert said["temporalCoverage"] == "2025-01-01/2025-12-31"
        assert "<" not in text


def test_pages_say_dates_release_and_sample(published):
    english = " ".join(read(published / "latest/bulletin/en/index.html").texts)
    spanish = " ".join(read(published / "latest/bulletin/es/index.html").texts)

    assert "Data through January 31, 2026. Published on June 1, 2026. Release 2026-01.1." in english
    assert "SAMPLE DATA" in english
    assert (
        "Datos hasta el 31 de enero de 2026. Publicado el 1 de junio de 2026. Publicación 2026-01.1."
        in spanish
    )
    assert "In quarter 4 of 2025, " in english
    assert "En el trimestre 4 de 2025, " in spanish


def test_no_english_is_left_on_spanish_pages(published):
    told = {text for text in messages.collected() if len(text) > 12 and "{" not in text}
    for path in (published / "latest/bulletin/es").glob("*.html"):
        said = {text.strip() for text in read(path).texts}
        same = {message.id for message in messages.catalog("es") if message.id == message.string}
        assert not (said & told) - same


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["1,234", "5% or less", "October 2026", "Asian"]),
        ("es", ["1,234", "5% o menos", "octubre de 2026", "Asiática"]),
    ],
)
def test_numbers_periods_and_names_follow_the_language(code, expected):
    spoken = Language(code)

    assert [
        spoken.number(1234),
        spoken.percent(5, "at_most"),
        spoken.period("2026-10"),
        label(spoken, "race", "Asian"),
    ] == expected
    assert label(spoken, "neighborhood", "Mill Row") == "Mill Row"


@pytest.mark.parametrize("draw", [bars, columns])
def test_a_hidden_number_is_drawn_without_its_size(draw):
    shown = [Bar("A", 40, "40"), Bar("B", None, "hidden"), Bar("<C>", 20, "20")]

    drawn = draw("x", "T", "D", shown)

    assert drawn.count("url(#x-hatch)") == 1
    assert "B: hidden" in drawn
    assert "<C>" not in drawn
    assert drawn == draw("x", "T", "D", [shown[0], Bar("B", None, "hidden"), shown[2]])


def test_machines_find_files_hashes_and_columns(published):
    latest = published / "latest"
    package = json.loads((latest / "datapackage.json").read_text(encoding="utf-8"))
    tables = {
        table["url"]: table
        for table in json.loads((latest / "csvw-metadata.json").read_text(encoding="utf-8"))["tables"]
    }

    assert package["$schema"].endswith("2.0/datapackage.json")
    for resource in package["resources"]:
        content = (latest / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        lines = list(csv.DictReader(content.decode().splitlines()))
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert list(lines[0]) == fields
        assert [column["name"] for column in tables[resource["path"]]["tableSchema"]["columns"]] == fields
        keys = [tuple(line[name] for name in resource["schema"]["primaryKey"]) for line in lines]
        assert len(keys) == len(set(keys))
    (dataset,) = json.loads((latest / "data.json").read_text(encoding="utf-8"))["dataset"]
    assert {each["downloadURL"].split("2026-01.1/")[1] for each in dataset["distribution"]} == {
        *tables,
        "public.parquet",
    }
    assert all(isinstance(each["byteSize"], str) for each in dataset["distribution"])


def _fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("many", [1, 2, 5, 7, 12, 33])
def test_labels_of_a_chart_over_time_stay_inside_and_apart(many):
    periods = [Bar(f"Aug {2000 + at}", 50 + at % 7, str(50 + at % 7)) for at in range(many)]

    drawn = columns("c", "t", "d", periods)

    labels = [
        _reach(float(x), anchor, text)
        for x, anchor, text in re.findall(
            r'<text x="([\d.-]+)" y="220.0" text-anchor="(\w+)"[^>]*>([^<]+)<', drawn
        )
    ]
    assert labels and all(left >= 0 and right <= WIDTH for left, right in labels)
    assert all(right < left for (_, right), (left, _) in itertools.pairwise(labels))
    assert f">{periods[-1].label}</text>" in drawn
    assert len(re.findall(r'text-anchor="\w+" fill="#1b1b1b"', drawn)) <= 2


def _reach(x, anchor, text):
    """From where to where a text reaches, at the width of an average letter."""
    wide = 7.2 * len(text)
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
    return left, left + wide
