-- Who people are, as far as it tells them apart from one snapshot to the next.
SELECT
    person_key,
    birth_date,
    to_json(struct_pack(birth_date, sex, gender, races))::VARCHAR AS described
FROM program.person;
