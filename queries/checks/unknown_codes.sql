/*
code = "LD-317"
severity = "warning"
title = "A code that HUD does not have"
expected = "a code of FY2024 or FY2026: three digits, or 8, 9, 17, 24, 30, 37, 99"
fix = "Map the codes of FY2022 in mapping.toml. Until then the code counts as neither housed nor homeless."
topic = "Impossible or unlikely"
shows = "nothing"
*/
-- The codes of FY2022 had two digits, and some of them mean something else today.
SELECT
    coded.table_name,
    coded.column_name,
    coded.file_number,
    coded.row_number,
    coded.code::VARCHAR AS cell
FROM (
    SELECT
        'housing' AS table_name,
        'destination' AS column_name,
        file_number,
        row_number,
        destination AS code
    FROM accepted.housing
    UNION ALL
    SELECT
        'living_situation' AS table_name,
        'code' AS column_name,
        file_number,
        row_number,
        code
    FROM accepted.living_situation
) AS coded
WHERE coded.code NOT IN (SELECT hud.code FROM codes.housing AS hud);
