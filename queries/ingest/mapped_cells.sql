-- How cells become ours that mapping.toml says something of. An inbox without one needs none of this.

-- || by a name that Python's expressions can call.
CREATE OR REPLACE MACRO joined(first, second) AS first || '|' || second;

CREATE OR REPLACE MACRO as_mapped(written, theirs, ours) AS
CASE
    WHEN list_contains(theirs, lower(coalesce(written, '')))
        THEN nullif(ours[list_position(theirs, lower(coalesce(written, '')))], '')
    ELSE written
END;

-- A race cell may hold several groups; the whole cell is looked up before its parts.
CREATE OR REPLACE MACRO as_mapped_parts(written, separator, theirs, ours) AS
CASE
    WHEN list_contains(theirs, lower(coalesce(written, ''))) THEN as_mapped(written, theirs, ours)
    WHEN NOT contains(written, separator) THEN coalesce(as_mapped(trim(written), theirs, ours), '')
    ELSE array_to_string(
        list_transform(
            string_split(written, separator),
            LAMBDA part: coalesce(as_mapped(trim(part), theirs, ours), '')
        ),
        ';'
    )
END;

-- Times that no clock shows, as the clock shows them: 0:15 AM is 12:15 AM, 13:45 PM is 1:45 PM, a.m. is AM. The
-- midnight that ends a day (24:00, 2400) becomes the one that begins it; its_day adds the day.
CREATE OR REPLACE MACRO on_the_clock(written) AS
CASE
    WHEN regexp_matches(written, '(^|[^\d:])(1[3-9]|2[0-3]):\d{2}(:\d{2})? ?p\.?m\.?$', 'i')
        THEN
            regexp_extract(written, '^(.*[^\d:]|)(?:1[3-9]|2[0-3]):\d{2}(?::\d{2})? ?[Pp]', 1)
            || CAST(regexp_extract(written, '^(?:.*[^\d:]|)(1[3-9]|2[0-3]):\d{2}(?::\d{2})? ?[Pp]', 1) AS INTEGER) - 12
            || regexp_extract(written, '(?:^|[^\d:])(?:1[3-9]|2[0-3])(:\d{2}(?::\d{2})? ?)[Pp]', 1) || 'PM'
    ELSE
        regexp_replace(
            regexp_replace(
                regexp_replace(written, '([ap])\.?m\.?$', '\1m', 'i'),
                '(^|[^\d:])0?0(:\d{2}(:\d{2})? ?[ap]m)$', '\112\2', 'i'
            ),
            '(^|\D)24(:?00(:00(\.0+)?)?)$', '\100\2'
        )
END;

CREATE OR REPLACE MACRO its_day(written) AS
CASE WHEN regexp_matches(written, '(^|\D)24(:?00(:00(\.0+)?)?)$') THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END;

CREATE OR REPLACE MACRO read_by(written, formats) AS
coalesce(
    try_strptime(written, formats), try_strptime(on_the_clock(written), formats) + its_day(written)
);

-- A cell that fits none of the site's formats stays as it is, so that it can be quoted.
CREATE OR REPLACE MACRO as_iso(written, formats) AS
coalesce(strftime(read_by(written, formats), '%Y-%m-%dT%H:%M:%S'), written);

CREATE OR REPLACE MACRO as_iso_with_zone(written, formats) AS
coalesce(strftime(read_by(written, formats), '%Y-%m-%dT%H:%M:%S%z'), written);

-- Milliseconds since 1970, in universal time.
CREATE OR REPLACE MACRO as_iso_from_epoch(written) AS
CASE
    WHEN regexp_full_match(written, '-?\d{10,13}')
        THEN strftime(make_timestamp(CAST(written AS BIGINT) * 1000), '%Y-%m-%dT%H:%M:%S') || '+00'
    ELSE written
END;

-- Spreadsheets count days, with the time as a fraction. From when on, the workbook tells.
CREATE OR REPLACE MACRO as_iso_from_serial(written, day_zero) AS
CASE
    WHEN regexp_full_match(written, '\d{5}(\.\d+)?')
        THEN
            strftime(
                CAST(day_zero AS TIMESTAMP) + to_seconds(round(try_cast(written AS DOUBLE) * 86400)),
                '%Y-%m-%dT%H:%M:%S'
            )
    ELSE written
END;

-- A time without its day, if it has the form of one (forms.CLOCK): what DuckDB makes of others may be anything.
CREATE OR REPLACE MACRO as_clock(written, form) AS
CASE
    WHEN NOT regexp_full_match(written, form, 'i') THEN NULL
    WHEN regexp_full_match(written, '24:?00(:?00)?(\.0+)?( ?h(ou)?rs?\.?)?', 'i') THEN '24:00:00'
    ELSE
        strftime(
            try_strptime(
                CASE
                    WHEN regexp_matches(written, '^\d{5,6}\b')
                        THEN
                            regexp_replace(
                                lpad(regexp_extract(written, '^\d+'), 6, '0'), '(..)(..)(..)', '\1:\2:\3'
                            )
                    WHEN regexp_matches(written, '^\d{1,4}( ?h|$)', 'i')
                        THEN regexp_replace(lpad(regexp_extract(written, '^\d+'), 4, '0'), '(..)$', ':\1')
                    ELSE on_the_clock(regexp_replace(written, '^(1899-12-30|1900-01-01)[ Tt]|\.0+$', '', 'g'))
                END,
                ['%H:%M', '%H:%M:%S', '%I:%M %p', '%I:%M:%S %p', '%I:%M%p', '%I:%M:%S%p']
            ),
            '%H:%M:%S'
        )
END;

-- A day and the time of another column. A time that cannot be read makes a moment that cannot, so that it is told.
CREATE OR REPLACE MACRO at_time(iso, clock, form) AS
CASE
    WHEN coalesce(clock, '') = '' THEN iso
    WHEN regexp_matches(iso, '^\d{4}-\d{2}-\d{2}')
        THEN coalesce(iso[:10] || 'T' || as_clock(clock, form), iso || ' ' || clock)
    ELSE iso
END;

-- A point that stands in one cell: POINT (longitude latitude), as JSON, or (latitude, longitude) below an address.
CREATE OR REPLACE MACRO as_point(written) AS
CASE
    WHEN regexp_matches(written, 'POINT[ ZM]*\(\s*-?[\d.]+\s', 'i')
        THEN regexp_extract(written, '\(\s*(-?[\d.]+)\s+(-?[\d.]+)', ['longitude', 'latitude'])
    WHEN regexp_matches(written, 'coordinates\W+\d')
        THEN
            regexp_extract(written, 'coordinates[^\d-]*(-?[\d.]+)\s*,\s*(-?[\d.]+)', ['longitude', 'latitude'])
    WHEN regexp_matches(written, 'latitude\W+\d')
        THEN
            {
                'longitude': regexp_extract(written, 'longitude[^\d-]+(-?[\d.]+)', 1),
                'latitude': regexp_extract(written, 'latitude[^\d-]+(-?[\d.]+)', 1)
            }
    WHEN regexp_matches(written, '-?\d{1,3}\.\d+\s*[, ]\s*-?\d{1,3}\.\d+\s*\)?\s*$')
        THEN
            {
                'longitude': regexp_extract(written, '(-?\d{1,3}\.\d+)\s*\)?\s*$', 1),
                'latitude': regexp_extract(written, '(-?\d{1,3}\.\d+)\s*[, ]\s*-?\d{1,3}\.\d+\s*\)?\s*$', 1)
            }
END;

-- What has none of these forms stays as it is, so that it is told; an empty point is no place.
CREATE OR REPLACE MACRO latitude_of(written) AS
CASE
    WHEN NOT regexp_matches(written, 'POINT[ ZM]*EMPTY', 'i') THEN coalesce(as_point(written).latitude, written)
END;

CREATE OR REPLACE MACRO longitude_of(written) AS
CASE
    WHEN NOT regexp_matches(written, 'POINT[ ZM]*EMPTY', 'i') THEN coalesce(as_point(written).longitude, written)
END;

-- Two digits of a year are read as a year to come where nobody can be born yet.
CREATE OR REPLACE MACRO as_past(iso) AS
CASE
    WHEN try_cast(iso AS TIMESTAMP) > current_date
        THEN strftime(try_cast(iso AS TIMESTAMP) - INTERVAL 100 YEAR, '%Y-%m-%dT%H:%M:%S')
    ELSE iso
END;

-- A column of one race: its label where the cell says yes.
CREATE OR REPLACE MACRO if_marked(written, texts_for_yes, label) AS
CASE WHEN list_contains(texts_for_yes, lower(coalesce(written, ''))) THEN label END;
