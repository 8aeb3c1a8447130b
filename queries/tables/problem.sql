/*
row = "a message of the build"
*/
CREATE TABLE program.problem (
    code VARCHAR NOT NULL, -- the code, as in docs/errors.md
    severity VARCHAR NOT NULL, -- note, warning, decision, error or unreadable
    title VARCHAR NOT NULL, -- what is wrong
    expected VARCHAR NOT NULL, -- what should be there
    fix VARCHAR NOT NULL, -- what to do
    topic VARCHAR NOT NULL, -- the heading it stands under
    shows VARCHAR NOT NULL, -- what those who may not see single records see of the value
    file VARCHAR, -- the file
    "table" VARCHAR, -- the canonical table
    sheet VARCHAR, -- the sheet of a workbook
    "row" BIGINT, -- the row, as a spreadsheet shows it
    "column" VARCHAR, -- the column, in the words of the file
    field VARCHAR, -- the canonical column
    value VARCHAR, -- the value, masked if it may point to a person
    count BIGINT NOT NULL, -- how many rows
    rows BIGINT[], -- the first of them
    likely VARCHAR, -- what may have been meant
    files BIGINT NOT NULL -- how many files of one kind
);
