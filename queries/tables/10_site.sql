-- What the site says about itself, and how far each source reaches: taken over as they are.
CREATE TABLE program.site AS SELECT * FROM export.site;

CREATE TABLE program.source AS SELECT * FROM export.source;

CREATE TABLE program.match AS SELECT * FROM export.match;

CREATE TABLE program.eligible_charge AS SELECT * FROM export.eligible_charge;

CREATE TABLE program.jail_cost AS SELECT * FROM export.jail_cost;
