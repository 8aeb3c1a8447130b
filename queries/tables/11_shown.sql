-- What pages draw beside the numbers: goals, events, and the shapes of the places.
CREATE TABLE program.goal AS SELECT * FROM export.goal;

CREATE TABLE program.event AS SELECT * FROM export.event;

CREATE TABLE program.boundary AS SELECT * FROM export.boundary;
