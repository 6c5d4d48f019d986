/*
title = ["填报任务", "Sheets asked for"]
grain = ["一行一次向一个[单位]（或[市区]）下发的填报表", "one row per sheet handed out to one [unit] (or [district]) in one round"]
key = ["request_id", "unit"]

[columns]
request_id = { heading = ["填报编号", "Round"], note = ["一次下发的各[单位]用同一个编号", "the same for all [units] asked at the same time"] }
unit = { heading = ["填报[单位]", "Asked of"] }
ledgers = { heading = ["填报台账", "Ledgers asked for"], note = ["台账的代码，用 + 连接", "names of ledgers, joined by +"] }
sent_on = { heading = ["下发日期", "Handed out on"] }
return_by = { heading = ["交回时限", "To be returned by"] }
release = { heading = ["依据版本", "Made from release"] }
row_count = { heading = ["填报行数", "Rows asked for"], unit = ["行", "rows"] }
cell_count = { heading = ["填报格数", "Cells asked for"], unit = ["格", "cells"] }
returned_on = { heading = ["交回日期", "Returned on"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table request (
    request_id text not null check (request_id similar to '.*[A-Za-z].*'),
    unit text not null,
    ledgers text,
    sent_on date,
    return_by date not null,
    release integer check (release > 0),
    row_count integer check (row_count >= 0),
    cell_count integer check (cell_count >= 0),
    returned_on date,
    is_demo boolean not null default false,
    primary key (request_id, unit),
    check (return_by >= sent_on),
    check (returned_on >= sent_on)
)
