/*
title = ["来源", "Sources"]
grain = ["一行一个来源（文章、通报、名录）", "one row per source (article, bulletin, register)"]
key = ["source_id"]

[columns]
source_id = { heading = ["来源编号", "Source ID"] }
title = { heading = ["来源名称", "Title"] }
publisher = { heading = ["发布单位", "Publisher"] }
location = { heading = ["位置", "Location"], aliases = ["网址", "路径"] }
published_on = { heading = ["发布日期", "Published on"] }
retrieved_on = { heading = ["获取日期", "Retrieved on"] }
sha256 = { heading = ["校验值", "SHA-256"] }
licence = { heading = ["许可", "Licence"] }
body = { heading = ["全文", "Full text"], note = ["引文必须逐字出现在全文中", "every quoted sentence must stand in it, to the letter"] }
is_demo = { heading = ["示例数据", "Demo row"] }
*/
create table source (
    source_id text primary key check (source_id similar to '.*[A-Za-z].*'),
    title text not null,
    publisher text,
    location text,
    published_on date,
    retrieved_on date,
    sha256 text check (length(sha256) = 64),
    licence text,
    body text,
    is_demo boolean not null default false
)
