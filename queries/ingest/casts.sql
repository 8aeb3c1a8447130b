-- How written cells become values. A macro gives NULL for what it cannot read. CASE keeps what costs much from the
-- cells that need it not: the parts of AND and OR are each worked out for every row.

CREATE OR REPLACE MACRO without_blanks(written) AS trim(written, ' ' || chr(9) || chr(10) || chr(13) || chr(160));

CREATE OR REPLACE MACRO as_cell(written, texts_for_missing) AS
CASE
    WHEN list_contains(texts_for_missing, without_blanks(written)) THEN NULL
    WHEN regexp_matches(written, '^[ \t\n\r\x{a0}]|[ \t\n\r\x{a0}]$') THEN nullif(without_blanks(written), '')
    ELSE nullif(written, '')
END;

-- DuckDB would read 23-01-05 as the year 23, hence the strict forms. A moment that states its
-- zone is turned into local time.
CREATE OR REPLACE MACRO any_moment(written, zone) AS
CASE
    WHEN
        regexp_full_match(written, '\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?')
        THEN try_cast(written AS TIMESTAMP)
    WHEN
        regexp_full_match(
            written,
            '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)'
        )
        THEN timezone(zone, try_cast(written AS TIMESTAMPTZ))
END;

-- Systems that allow no empty date write the first or last day of some far year, or the zero of their clock.
CREATE OR REPLACE MACRO is_far_turn_of_year(day) AS
(year(day) < 1902 OR year(day) > 2098)
AND (month(day) = 1 AND day(day) = 1 OR month(day) = 12 AND day(day) >= 30);

CREATE OR REPLACE MACRO is_stand_in_day(day) AS
is_far_turn_of_year(day)
OR day::DATE IN (DATE '1904-01-01', DATE '1969-12-31', DATE '1970-01-01', DATE '2079-06-06');

-- These take any_moment of a cell, not the cell: a macro repeats what it is given wherever it names it, and planning
-- dozens of copies takes longer than reading a small export.
-- latest: the last day that such a cell can mean; a release or an exit of some year to come is a slip of the pen.
CREATE OR REPLACE MACRO as_moment(moment, latest) AS
CASE WHEN year(moment) >= 1902 AND moment::DATE <= latest AND NOT is_stand_in_day(moment) THEN moment END;

CREATE OR REPLACE MACRO as_date(moment, latest) AS CAST(as_moment(moment, latest) AS DATE);

-- People of 100 exist, so of the early days only those that forms fill in by themselves are nobody's.
CREATE OR REPLACE MACRO is_birthday(day) AS year(day) BETWEEN 1900 AND 2098 AND NOT is_far_turn_of_year(day);

CREATE OR REPLACE MACRO as_birthday(moment, latest) AS
CASE WHEN is_birthday(moment) AND moment::DATE <= latest THEN moment::DATE END;

-- Whether a cell that gave no value says that there is none: a day that stands for none, zeros or nines in the
-- form of a day, the zeroth day of a spreadsheet, a dash, or a word for it. Anything else was a value for somebody,
-- the #### of a narrow column too.
CREATE OR REPLACE MACRO says_nothing(written, zone, words) AS
coalesce(is_stand_in_day(any_moment(written, zone)), FALSE)
OR regexp_full_match(written, '[-–—_./: T]*|0[-0/.: T]*|(9[-/.: T]*){6,}|(8[-/.: T]*){6,}')
OR regexp_full_match(written, '(0?1/0?0/(19)?00|1900-01-00)([T ].*)?')
OR list_contains(words, trim(regexp_replace(lower(written), '[^a-z0-9]+', ' ', 'g')));

-- The default of many forms for a year of birth.
CREATE OR REPLACE MACRO says_no_year(written, words) AS
regexp_full_match(written, '(190[01]|0+|9+|8+|1)(\.0+)?')
OR list_contains(words, trim(regexp_replace(lower(written), '[^a-z0-9]+', ' ', 'g')));

-- Numbers that stand for nobody: zeros, a negative one, nines, marks, or a word for it.
CREATE OR REPLACE MACRO is_nobody(written, words) AS
CASE
    WHEN regexp_full_match(written, '\s*(-\d+(\.0+)?|0+(\.0+)?|9{5,}(\.0+)?|8{6,}|[^A-Za-z0-9]+|[Xx]{2,})\s*') THEN TRUE
    WHEN regexp_matches(written, '[0-9]') THEN FALSE  -- no such word has a digit
    ELSE list_contains(words, trim(regexp_replace(lower(written), '[^a-z0-9]+', ' ', 'g')))
END;

-- What a spreadsheet leaves of a long number: fewer digits than the number has.
CREATE OR REPLACE MACRO has_lost_digits(written) AS
CASE
    WHEN contains(written, '+') AND regexp_full_match(written, '\s*\d(\.\d+)?[Ee]\+\d{1,3}\s*')
        THEN
            len(regexp_replace(regexp_extract(written, '^[^Ee]+'), '\D', '', 'g'))
            <= try_cast(regexp_extract(written, '(\d+)\s*$', 1) AS INTEGER)
    ELSE FALSE
END;

-- A number without the differences named: of how systems and spreadsheets write one and the same number. `($^)($^)`
-- finds nothing. What is given stands once, since a macro within a macro would double it at each step.
CREATE OR REPLACE MACRO if_named(kinds, kind, pattern) AS
CASE WHEN list_contains(kinds, kind) THEN pattern ELSE '($^)($^)' END;

CREATE OR REPLACE MACRO in_one_case(written, kinds) AS
CASE WHEN list_contains(kinds, 'case') THEN upper(written) ELSE written END;

CREATE OR REPLACE MACRO alike(written, kinds) AS
regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(in_one_case(written, kinds), if_named(kinds, 'braces', '[{}()\[\]]'), '', 'g'),
            if_named(kinds, 'decimals', '^(\d+)\.0+$'),
            '\1'
        ),
        if_named(kinds, 'spaces and hyphens', '[\s-]'),
        '',
        'g'
    ),
    if_named(kinds, 'leading zeros', '^([A-Za-z]*)0+(\d)'),
    '\1\2'
);

CREATE OR REPLACE MACRO without_gaps(names) AS nullif(list_filter(names, LAMBDA name: name IS NOT NULL), []);

CREATE OR REPLACE MACRO as_flag(written) AS
CASE
    WHEN lower(written) IN ('true', '1', 'yes') THEN TRUE
    WHEN lower(written) IN ('false', '0', 'no') THEN FALSE
END;

-- With a mark between thousands or without. Percents and dollars are no numbers of anything that we count.
CREATE OR REPLACE MACRO plain_number(written) AS
CASE
    WHEN regexp_full_match(written, '[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?')
        THEN try_cast(replace(written, ',', '') AS DOUBLE)
END;

CREATE OR REPLACE MACRO as_number(written, lowest, highest) AS
CASE WHEN plain_number(written) BETWEEN lowest AND highest THEN plain_number(written) END;

CREATE OR REPLACE MACRO as_integer(written, lowest, highest) AS
CASE
    WHEN plain_number(written) BETWEEN lowest AND highest AND plain_number(written) = floor(plain_number(written))
        THEN CAST(plain_number(written) AS BIGINT)
END;

-- Clocks go back in autumn, and the hour that comes twice is written alike: an end in it may look earlier than its
-- beginning. Nobody can tell how much later it was, so it counts as no later.
CREATE OR REPLACE MACRO comes_twice(moment, zone) AS
moment IN (
    timezone(zone, timezone(zone, moment) + INTERVAL 1 HOUR),
    timezone(zone, timezone(zone, moment) - INTERVAL 1 HOUR)
);

CREATE OR REPLACE MACRO as_end(finish, beginning, zone) AS
CASE
    WHEN finish < beginning AND finish + INTERVAL 1 HOUR >= beginning AND comes_twice(finish, zone) THEN beginning
    ELSE finish
END;

-- A word without marks, as the vocabulary of values holds it. Most have none.
CREATE OR REPLACE MACRO plain_word(written) AS
CASE
    WHEN regexp_full_match(written, '[A-Za-z0-9]+( [A-Za-z0-9]+)*') THEN lower(written)
    ELSE trim(regexp_replace(replace(lower(written), '''', ''), '[^\p{L}\p{N}]+', ' ', 'g'))
END;

-- A choice by any word that is known for it ('' of those that say nothing); any other word is `other`.
CREATE OR REPLACE MACRO as_word(written, theirs, ours, other) AS
CASE
    WHEN plain_word(written) = '' THEN NULL
    WHEN list_contains(theirs, plain_word(written))
        THEN nullif(ours[list_position(theirs, plain_word(written))], '')
    WHEN written IS NOT NULL THEN other
END;

-- Such a word, to be quoted: not what somebody wrote about a person.
CREATE OR REPLACE MACRO quotable(written) AS CASE WHEN len(string_split(trim(written), ' ')) <= 4 THEN written END;

CREATE OR REPLACE MACRO is_other_word(written, theirs) AS
plain_word(written) <> '' AND NOT list_contains(theirs, plain_word(written));

-- Most cells hold one of the choices, as it is written here.
CREATE OR REPLACE MACRO as_races(written, choices) AS
CASE
    WHEN list_contains(choices, written) THEN [written]
    ELSE list_sort(
        list_distinct(
            list_filter(
                list_transform(
                    string_split(written, ';'),
                    LAMBDA part: as_choice(trim(part), choices)
                ),
                LAMBDA part: part IS NOT NULL
            )
        )
    )
END;

CREATE OR REPLACE MACRO unfit_races(written, choices) AS
CASE
    WHEN NOT list_contains(choices, written)
        THEN
            list_filter(
                list_transform(string_split(written, ';'), LAMBDA part: trim(part)),
                LAMBDA part: part <> '' AND lower(part) <> 'unknown' AND as_choice(part, choices) IS NULL
            )
END;
