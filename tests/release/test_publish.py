"""A release as a folder: complete, the same each time, continued, refused, rolled back."""

import csv
import hashlib
import json
import os
import shutil
from types import SimpleNamespace

import pyarrow.parquet
import pytest

from leadstats import audit, release
from leadstats.audit.folder import read
from leadstats.cli.commands import main
from leadstats.counting.released import citable
from leadstats.release import folder
from leadstats.release.disclosure import suppression
from leadstats.release.disclosure.second_tables import Hiding
from leadstats.release.plan import Publisher, ReleasePlan
from tests.release.conftest import APPROVED_BY

FILES = {
    "LICENSE",
    "CHANGELOG.md",
    "SHA256SUMS",
    "certificate.json",
    "certificate.md",
    "csvw-metadata.json",
    "data-dictionary.csv",
    "data.json",
    "datapackage.json",
    "public.parquet",
    "release.json",
    "data/corrections.csv",
    "bulletin/en/index.html",
    "bulletin/es/index.html",
}


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def files_of(path):
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


def test_a_release_is_complete_and_its_check_sums_hold(published):
    latest = published / "latest"
    held = files_of(latest)

    assert latest.readlink().name == "2026-01.1"
    assert set(held) >= FILES
    listed = dict(reversed(line.split("  ")) for line in held["SHA256SUMS"].decode().splitlines())
    assert listed == {name: hashlib.sha256(held[name]).hexdigest() for name in held if name != "SHA256SUMS"}


def test_the_same_input_gives_the_same_bytes(county, published, tmp_path):
    county.publish(tmp_path)

    assert files_of(tmp_path / "latest") == files_of(published / "latest")


def test_publishing_the_same_again_makes_no_new_release(county, releases):
    publication = county.publish(releases)

    assert (publication.outcome, publication.exit_code) == ("Nothing new since", 0)
    assert [path.name for path in folder.published(releases)] == ["2026-01.1"]


def test_shown_numbers_are_the_true_ones_and_never_small(county, published):
    numbers = {
        row["period"]: row["value"]
        for row in rows(published / "latest/data/people_first_referred-by-year.csv")
    }

    assert numbers == {"2025": "420"}
    for table in read(published / "latest").tables:
        assert all(number is None or number >= 11 or table.people for number in table.numbers.values())


def test_hidden_numbers_are_empty_and_say_so(published):
    for path in (published / "latest/data").glob("*.csv"):
        for row in rows(path):
            if "value_status" in row:
                assert (row["value"] == "") == (row["value_status"] == "suppressed")


def test_no_public_byte_knows_a_person(county, published):
    held = files_of(published / "latest")
    held["public.parquet"] += json.dumps(
        pyarrow.parquet.read_table(published / "latest/public.parquet").to_pylist()
    ).encode()
    births = {row["birth_date"] for row in rows(county.first.parent / "inbox/person.csv")}

    for name, content in held.items():
        assert b"CANARY" not in content, name
        assert not [birth for birth in births if birth.encode() in content], name


def test_percentages_stand_beside_shown_counts_of_enough_people(published):
    found = rows(published / "latest/data/people_first_referred-percent-by-year-race.csv")

    assert {row["value_status"] for row in found} == {"ok", "suppressed"}
    for row in found:
        if row["value"]:
            assert int(row["denominator"]) >= 30
            assert abs(100 * int(row["numerator"]) / int(row["denominator"]) - int(row["value"])) <= 0.5


def test_two_releases_with_late_entries_cannot_be_subtracted(published_twice):
    old, new = (
        {(t.name, codes): n for t in read(path).tables for codes, n in t.numbers.items()}
        for path in folder.published(published_twice)
    )

    assert (published_twice / "latest").readlink().name == "2026-06.1"
    assert {key: new[key] for key in old} == old
    assert any(codes[0] == "2026-05" for _, codes in new)
    assert audit.audit([published_twice / "2026-06.1", published_twice / "2026-01.1"]).exit_code == 0


def test_the_certificate_holds_in_whole_numbers(published):
    latest = published / "latest"
    certificate = json.loads((latest / "certificate.json").read_text(encoding="utf-8"))

    assert certificate["is_safe"]
    assert audit.verify(certificate, [latest]) == []
    certificate["measures"]["people_first_referred"]["tables"]["first"][0] += 1
    assert audit.verify(certificate, [latest])


def test_nothing_is_published_that_the_attacker_breaks(county, tmp_path, monkeypatch):
    """A protector that hides only what is small."""
    monkeypatch.setattr(suppression, "hide", lambda task: Hiding(task.is_hidden, (), 0))

    publication = county.publish(tmp_path)

    assert publication.exit_code == 1
    assert "BROKEN people_first_referred: " in publication.as_text()
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_changed_number_is_noticed(releases, capsys):
    path = releases / "latest/data/people_first_referred-by-year.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("420", "421"), encoding="utf-8")

    assert main(["audit", str(releases / "latest")]) == 1
    said = capsys.readouterr().out
    assert "data/people_first_referred-by-year.csv was changed after the release" in said
    assert "contradict one another" in said
    assert "public.parquet and the CSV of people_first_referred-by-year differ" in said


def test_a_number_together_in_one_copy_alone_is_noticed(releases, capsys):
    path = releases / "latest/data/people_first_referred-by-month.csv"
    first, second, *_ = rows(path)
    told = path.read_text("utf-8").replace(
        f"{first['period']},{first['value']},ok,,",
        f"{first['period']},{first['value']},ok,{first['period']} {second['period']},90",
    )
    path.write_text(told, "utf-8")

    assert main(["audit", str(releases / "latest")]) == 1
    said = capsys.readouterr().out
    assert "public.parquet and the CSV of people_first_referred-by-month differ" in said


def test_rolling_back_moves_the_pointer_only(published_twice, tmp_path, capsys):
    releases = shutil.copytree(published_twice, tmp_path / "releases", symlinks=True)

    assert main(["release", "--rollback", "2026-01.1", "--to", str(releases)]) == 0
    assert (releases / "latest").readlink().name == "2026-01.1"
    assert (releases / "2026-06.1").is_dir()
    assert main(["release", "--rollback", "2024-01.1", "--to", str(releases)]) == 4
    assert "there are: 2026-01.1, 2026-06.1" in capsys.readouterr().err
    # What was withdrawn stays known, and is served no more until it is put in force again.
    assert citable(releases) == {"2026-01.1"}
    assert main(["release", "--rollback", "2026-06.1", "--to", str(releases)]) == 0
    assert citable(releases) == {"2026-01.1", "2026-06.1"}


def test_a_release_needs_a_name_that_approves_it(county, tmp_path, capsys):
    assert main(["release", "--data", str(county.first), "--to", str(tmp_path)]) == 2
    assert "--approve" in capsys.readouterr().err
    with pytest.raises(release.PlanError, match="approves"):
        county.publish(tmp_path, approve=" ")


def test_audit_speaks_json(published, capsys):
    assert main(["audit", str(published / "latest"), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)

    assert (said["is_safe"], said["breaks"], said["releases"]) == (True, [], ["2026-01.1"])
    assert main(["audit", str(published / "nowhere")]) == 4
    assert "nowhere is no release: there is no datapackage.json in it" in capsys.readouterr().err


def test_threshold_and_zones_cannot_change_between_releases(county, releases, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text("threshold = 12\n" + county.plan.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(release.PlanError, match="cannot change"):
        county.publish(releases, county.second, plan=other)


def test_rounded_releases_are_safe_too(county, tmp_path):
    rounded = tmp_path / "rounded.toml"
    rounded.write_text("rounding = 5\n" + county.plan.read_text(encoding="utf-8"), encoding="utf-8")

    publication = county.publish(tmp_path / "releases", plan=rounded)

    assert publication.exit_code == 0, publication.as_text()
    for table in read(publication.release).tables:
        assert all(number is None or number % 5 == 0 for number in table.numbers.values())


def test_killed_at_any_point_the_pointer_names_a_whole_release(tmp_path):
    """Each step of putting a folder in place is the last one of some run."""
    releases = tmp_path / "releases"
    _put(releases, "2026-01.1")
    for steps in range(12):
        child = os.fork()
        if child == 0:
            _die_after(steps)
            _put(releases, "2026-01.2")
            os._exit(0)
        os.waitpid(child, 0)
        latest = releases / "latest"
        assert latest.readlink().name in ("2026-01.1", "2026-01.2")
        sums = (latest / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        assert len(sums) == 2
        for line in sums:
            digest, name = line.split("  ")
            assert hashlib.sha256((latest / name).read_bytes()).hexdigest() == digest
        with folder.one_at_a_time(releases):
            assert not list(releases.glob(".writing-*"))
        if (releases / "2026-01.2").exists():
            folder.point_to(releases, "2026-01.1")
            shutil.rmtree(releases / "2026-01.2")


def _put(releases, name):
    with folder.one_at_a_time(releases), folder.draft(releases) as space:
        folder.fill(space, {"a.txt": name.encode(), "data/b.csv": b"x"})
        folder.put_in_place(space, releases, name)


def _die_after(steps):
    """Ends the process, without any cleaning up, at a later step."""
    left = [steps]

    def counting(method):
        def wrapped(*args, **kwargs):
            if left[0] == 0:
                os._exit(1)
            left[0] -= 1
            return method(*args, **kwargs)

        return wrapped

    folder._sync = counting(folder._sync)
    folder.Path.write_bytes = counting(folder.Path.write_bytes)
    folder.Path.rename = counting(folder.Path.rename)
    folder.Path.replace = counting(folder.Path.replace)


def test_release_says_who_approved_and_what_it_was_protected_with(published_twice):
    about = json.loads((published_twice / "latest/release.json").read_text(encoding="utf-8"))

    assert about["approved_by"] == APPROVED_BY
    assert about["protected_together_with"] == {"2026-01.1": folder.digest(published_twice / "2026-01.1")}
    assert (published_twice / "latest/CHANGELOG.md").read_text(encoding="utf-8").count("\n## ") == 2


@pytest.mark.parametrize(
    ("is_sample", "email", "is_warned"),
    [
        (False, "lead@example.org", True),
        (False, "lead@lake.example", False),
        (True, "lead@example.org", False),
    ],
)
def test_a_release_that_sends_readers_to_nobody_says_so(is_sample, email, is_warned):
    plan = ReleasePlan(publisher=Publisher(email=email, address="https://lake.example/lead/"))
    edition = SimpleNamespace(is_sample=is_sample, plan=plan)

    assert bool(release._warnings(edition)) == is_warned
