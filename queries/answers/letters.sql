/*
title = ["发出的催办文书", "Letters issued"]
grain = ["一行一份文书", "one row per letter"]
reads = ["letter"]

[returns]
letter_id = "letter.letter_id"
letter_kind = "letter.letter_kind"
unit = "letter.unit"
recipients = "letter.recipients"
issued_on = "letter.issued_on"
reply_by = "letter.reply_by"
measures = ["[措施]数", "[Measures]"]
revoked_on = "letter.revoked_on"
revoke_reason = "letter.revoke_reason"
is_demo = "letter.is_demo"
*/
select
    letter.letter_id,
    min(letter.letter_kind) as letter_kind,
    min(letter.unit) as unit,
    min(letter.recipients) as recipients,
    min(letter.issued_on) as issued_on,
    min(letter.reply_by) as reply_by,
    count(*) as measures,
    min(letter.revoked_on) as revoked_on,
    min(letter.revoke_reason) as revoke_reason,
    bool_or(letter.is_demo) as is_demo,
from letter
group by letter.letter_id
order by issued_on desc, letter.letter_id desc
