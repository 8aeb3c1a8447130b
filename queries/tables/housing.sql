/*
row = "a time in a housing or shelter project, of those who are counted"
rows_from = ["program.housing_system"]
*/
CREATE TABLE program.housing AS SELECT * FROM program.housing_system WHERE FALSE;

INSERT INTO program.housing BY NAME
SELECT stay.*
FROM program.housing_system AS stay
INNER JOIN program.person ON stay.person_key = person.person_key
WHERE person.is_counted
ORDER BY stay.housing_key;
