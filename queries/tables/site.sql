/*
row = "the site"
*/
CREATE TABLE program.site (
    name VARCHAR NOT NULL, -- what the program calls itself
    is_sample BOOLEAN NOT NULL, -- the invented county
    data_through DATE, -- the day all sources reach, if the site says so
    timezone VARCHAR NOT NULL, -- whose days these are
    intake_deadline_days INTEGER NOT NULL CHECK (intake_deadline_days >= 0), -- an intake by then is in time
    inactivity_days INTEGER NOT NULL CHECK (inactivity_days > 0), -- so long without contact: not engaged
    boundary_file VARCHAR, -- the file of the shapes of places
    boundary_name_property VARCHAR, -- the property of a shape that names it
    boundary_crs VARCHAR, -- the coordinate system of the shapes
    caseload_target INTEGER NOT NULL, -- people a case manager should have
    caseload_maximum INTEGER NOT NULL, -- people a case manager should not exceed
    baseline_first DATE, -- first day of the year without LEAD, if the site says so
    baseline_next DATE -- the day after its last
);

INSERT INTO program.site BY NAME
SELECT * FROM export.site;
