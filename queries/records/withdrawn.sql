/*
title = ["撤下的数据日期", "Days withdrawn"]
grain = ["一行一个不再有数据的截至日期", "one row per as-of day that a release withdraws"]
key = ["release", "as_of_on"]
notes = [
    "撤下的日期自该版本起不再有数据，直到以后的版本再发布这一天。",
    "From that release on nothing speaks of the day any more, until a later one does.",
]

[columns]
release = { heading = ["版本", "Release"] }
as_of_on = { heading = ["撤下的日期", "Day withdrawn"] }
*/
create table withdrawn (
    release integer not null references release (release),
    as_of_on date not null
)
