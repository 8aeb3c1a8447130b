/*
row = "the build that made this file"
*/
CREATE TABLE program.build (
    published_on DATE NOT NULL -- the day it was put in force
);
