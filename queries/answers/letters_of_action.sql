/*
title = ["一条[措施]的催办", "Letters of [a measure]"]
grain = ["一行一份没有撤回的文书", "one row per letter that was not revoked"]
reads = ["letter"]

[params]
action_id = ["[措施]编号", "[Measure] ID"]

[returns]
letter_id = "letter.letter_id"
letter_kind = "letter.letter_kind"
issued_on = "letter.issued_on"
nth = ["第几次", "How many-eth"]
is_demo = "letter.is_demo"
*/
select
    letter.letter_id,
    letter.letter_kind,
    letter.issued_on,
    row_number() over (order by letter.issued_on, letter.letter_id) as nth,
    letter.is_demo,
from letter
where letter.action_id = $action_id and letter.revoked_on is null
order by nth
