"""The age of an event: by the date of birth, else as the record says."""

from datetime import date

SPAN = {"first_month": "2025-01", "last_month": "2025-12", "by": "total", "breakdown": "age_band"}


def bands(program, metric):
    return {band: count for band, count in program.values(metric, **SPAN).items() if count}


def test_an_age_stands_in_where_no_birth_is_known(typed):
    typed.add(
        person=[{"person_id": 1, "birth_date": "1990-06-01"}, {"person_id": 2}],
        arrest=[
            {"person_id": 1, "arrested_at": "2025-03-01", "age": 61},  # 34 by birth
            {"person_id": 2, "arrested_at": "2025-03-01", "age": 61},
            {"person_id": "", "arrested_at": "2025-03-01", "age": 17},
            {"person_id": "", "arrested_at": "2025-03-01"},
        ],
    ).site(data_through=date(2025, 12, 31))

    assert bands(typed, "arrests") == {"25-34": 1, "55-64": 1, "Under 18": 1, "Unknown": 1}


def test_stops_and_referrals_have_ages_of_their_own(typed):
    typed.add(
        stop=[{"person_id": "", "stopped_at": "2025-03-01", "age": 22}],
        referral=[{"person_id": 7, "referred_on": "2025-03-01", "age": 45}],
    ).site(data_through=date(2025, 12, 31))

    assert bands(typed, "stops") == {"18-24": 1}
    assert bands(typed, "referrals_received") == {"45-54": 1}
