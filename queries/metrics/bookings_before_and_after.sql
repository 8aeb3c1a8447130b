/*
unit = "bookings per person-year"
population = "Everybody ever referred whose year after the first referral (out of jail: after the release) is over."
within = ["people_referred"]
caution = "As with jail nights, part of a fall would come without any program. A booking that ends the same day counts here, and not in the nights."
needs = ["jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay"]
looks_back = { jail_stay = 365 }
records = "referral"
place = "where the person was first referred"
estimator = "rate_per_person_year"
horizon_days = 365
method = "Total bookings / total days not spent in jail x 365, since nobody inside can be taken in again; interval by resampling people."

[metrics.bookings_before_full_years]
title = "Bookings in the year before referral, people referred with a full year on both sides"
definition = "Times taken into custody in the 365 days before the first referral, for each 365 days at liberty, of the people first referred in the period who have been followed for the full year."
part = "before"

[metrics.bookings_after_full_years]
title = "Bookings in the year after referral, people referred with a full year on both sides"
definition = "Times taken into custody in the 365 days from the first referral on, for each 365 days at liberty, of the people first referred in the period who have been followed for the full year."
part = "after"
*/
SELECT * FROM events_before_and_after('program.booking', 0, $filters);
