/*
title = "Still housed after 365 days"
rule = "share"
steps = [5]
least = 100
rests_on = ["people_first_housed"]
beside = "people_first_home_lost"
watched_days = 365
sentence = "Of 100 people who moved into their first permanent home in {period}, about {number} still had it a year later ({low} to {high})."
bounded_sentence = "Of 100 people who moved into their first permanent home in {period}, {bounded} still had it a year later."
rounding = "In public: for calendar years in which 100 people or more found a first home, of the whole county, a year late; in steps of five of 100, the ends of its range outward, and vague near 0 and 100, so that it says of no small group how few they are."
caution = "A home is lost when the person is seen homeless, enters a shelter, or leaves the project for anywhere not known to be permanent; nobody hears of every loss."
*/
SELECT count(DISTINCT person_key) AS people
FROM events_in_view('program.placement', $filters);
