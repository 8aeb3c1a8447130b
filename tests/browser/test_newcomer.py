"""Somebody without code, with the exports of a county that no other test knows, in a real browser: from an empty
folder to the first right chart, and through the second month."""

import csv
import io
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from browsing import serving, settle, visit
from playwright.sync_api import Page, expect

MOST_QUESTIONS, MOST_IN_THE_SECOND_MONTH = 12, 3
START = datetime(2025, 1, 1)
CHARGES = ("Theft", "Trespass", "Drug possession", "Assault")
SLOW = 120_000  # milliseconds that a step may take where several tests share a machine


def exports(months: int) -> dict[str, tuple[str, list[list[str]]]]:
    """What four systems of the county write after so many months; later months add rows at the end."""
    dice = random.Random(7)
    people = [f"C-{n:04}" for n in range(1, 241)]
    race = {
        who: dice.choice(("White", "Black or African American", "Hispanic/Latino", "Asian")) for who in people
    }
    files: dict[str, tuple[str, list[list[str]]]] = {
        "LEAD Referral Log.csv": (
            "Referral No,Client No,Date Referred,Referral Type,Intake Date,Race/Ethnicity",
            [],
        ),
        "Program Entries.csv": ("Entry No,Client No,Program Start Date,Program End Date,Case Manager", []),
        "RMS Arrest Extract.csv": ("Arrest No,Client No,Arrest Date/Time,Charge Category,Disposition", []),
        "Jail Bookings.csv": ("Booking No,Client No,Booked,Released,Charge Level", []),
    }
    referrals, entries, arrests, stays = (rows for _, rows in files.values())
    for month in range(months):
        first = START + timedelta(days=30 * month)
        for n in range(20):
            moments = [first + timedelta(minutes=dice.randrange(29 * 24 * 60)) for _ in range(4)]
            who = [dice.choice(people) for _ in range(4)]
            key = f"{month:02}{n:02}"
            intake = moments[0] + timedelta(days=dice.randrange(1, 30))
            referrals.append(
                [
                    f"LR{key}",
                    who[0],
                    _day(moments[0]),
                    dice.choice(("Arrest diversion", "Social contact", "Community")),
                ]
                + [_day(intake) if dice.random() < 0.6 else "", race[who[0]]]
            )
            end = _day(moments[1] + timedelta(days=90)) if dice.random() < 0.3 else ""
            entries.append([f"E{key}", who[1], _day(moments[1]), end, dice.choice(("CM1", "CM2"))])
            disposition = dice.choice(("Booked into jail", "Cited and released", "Referred to LEAD"))
            arrests.append([f"A{key}", who[2], _time(moments[2]), dice.choice(CHARGES), disposition])
            out = moments[3] + timedelta(hours=dice.randrange(4, 400))
            stays.append([f"25{key}", who[3], _time(moments[3]), _time(out), "Misdemeanor"])
    return files


def _day(moment: datetime) -> str:
    return f"{moment:%m/%d/%Y}"


def _time(moment: datetime) -> str:
    return f"{moment:%m/%d/%Y %H:%M}"


def write(folder: Path, months: int) -> list[Path]:
    folder.mkdir()
    paths = []
    for name, (header, rows) in exports(months).items():
        text = io.StringIO()
        csv.writer(text).writerows([header.split(","), *rows])
        paths.append(folder / name)
        paths[-1].write_text(text.getvalue(), encoding="utf-8")
    return paths


def take_in(page: Page, address: str, paths: list[Path]) -> int:
    """Drops the files, answers with what the page proposes, builds; returns how many questions there were."""
    visit(page, f"{address}/import")
    page.locator("input[type=file]").set_input_files(paths)
    expect(page.get_by_text("Taken in: ")).to_be_visible(timeout=SLOW)
    asked, answer = 0, page.get_by_role("button", name="Answer", exact=True)
    use = page.get_by_role("button", name="Use this mapping", exact=True)
    check = page.get_by_role("button", name="Check the files", exact=True)
    expect(use.or_(check).first).to_be_visible(timeout=SLOW)
    for _ in range(4):
        settle(page)
        if not answer.count():
            break
        asked += page.locator(
            "[data-testid=stForm] [data-testid=stSelectbox], [data-testid=stForm] [data-testid=stMultiSelect]"
        ).count()
        answer.click()
        page.wait_for_timeout(500)
    if use.count():
        use.click()
    expect(check).to_be_visible(timeout=SLOW)
    check.click()
    build = page.get_by_role("button", name="Build", exact=True)
    expect(build).to_be_visible(timeout=SLOW)
    build.click()
    expect(page.get_by_text("The new data are in force")).to_be_visible(timeout=SLOW)
    return asked


def people_referred(months: int, first: date, after: date) -> int:
    _, rows = exports(months)["LEAD Referral Log.csv"]
    days = [(row[1], datetime.strptime(row[2], "%m/%d/%Y").date()) for row in rows]
    return len({who for who, day in days if first <= day < after})


def test_from_an_empty_folder_to_the_first_right_chart_and_the_next_month(page, tmp_path):
    environment = {"LEADSTATS_INBOX": str(tmp_path / "inbox"), "LEADSTATS_AUDIENCE": "analyst"}
    with serving(tmp_path / "data", **environment) as address:
        asked = take_in(page, address, write(tmp_path / "first", 13))
        assert asked <= MOST_QUESTIONS
        visit(page, f"{address}/overview?from=2025-02&to=2025-12")
        wanted = people_referred(13, date(2025, 2, 1), date(2026, 1, 1))
        expect(page.get_by_text(f"{wanted} people were referred").first).to_be_visible()

        asked = take_in(page, address, write(tmp_path / "second", 14))
        assert asked <= MOST_IN_THE_SECOND_MONTH
        visit(page, f"{address}/overview?from=2025-03&to=2026-01")
        wanted = people_referred(14, date(2025, 3, 1), date(2026, 2, 1))
        expect(page.get_by_text(f"{wanted} people were referred").first).to_be_visible()
