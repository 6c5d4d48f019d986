"""A campaign is founded: what an office answers about it becomes the first release of a store of its own.

The answers are files like any other (`campaign.csv` and, from a campaign of before, places and ladder), so that they
are kept as received, seen in the history, changed by an upload and made again by a rebuild.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from taizhang.declared import tables
from taizhang.declared.headers import LANGUAGES
from taizhang.declared.plain import plain
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language, language
from taizhang.rows import ledgers
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import Note, Release
from taizhang.store.campaigns import DEMO, Campaign, Campaigns, NotAName, is_name

# What a campaign hands on to the next year's: how it is run, and not what was done in it.
SETTINGS = ("strand", "term", "district", "town", "rung")
_OF_ONE_YEAR = ("campaign_id", "batch", "started_on", "ended_on", "default_year")
# The strands that every board can have → the column that says which page each uses.
STRANDS = {"study": "uses_study", "research": "uses_research", "review": "uses_review", "rectify": "uses_rectification"}
_LEADS_ELSEWHERE = ("source_id", "fact_id")  # to rows that are not handed on


class AnswerMissing(Exception):
    """Something that has to be answered was not: `name` is that of the answer, the key of its words."""

    def __init__(self, name: str):
        self.name = name
        super().__init__(f"no answer: {name}")


class DaysReversed(Exception):
    """The campaign would end before it starts."""


@dataclass(frozen=True)
class Answers:
    """What an office says of a campaign that begins; what is left out is as usual, or as in the one it is like."""

    title: str = ""
    office: str = ""
    batch: str = ""
    started_on: dt.date | None = None
    ended_on: dt.date | None = None
    update_every_days: int | None = None
    due_soon_days: int | None = None
    silent_days: int | None = None
    is_verified: bool | None = None  # False: nobody verifies, so that a measure that is done counts as closed
    covers_places: bool | None = None  # False: no map, no coverage, no sentence about places
    scope_note: str = ""
    strands: tuple[str, ...] = ()  # those of the usual four that it has; () for all, or as in the one it is like
    name: str = ""  # of the campaign in the data folder; '' for one made of its title
    by: str = ""


def found(known: Campaigns, answers: Answers, like: Campaign | None = None) -> Campaign:
    """Make a campaign of its own, and publish what was answered as its first release.

    `like`: a campaign whose settings it takes over, without a row of what was done in that. The same answers given
    twice, as by a second click, are one campaign. Raises `AnswerMissing`, `DaysReversed`, and as `Campaigns.new` does.
    """
    answers = _tidy(answers, like)
    if answers.name and (not is_name(answers.name) or answers.name.casefold() == DEMO):  # nothing real is put there
        raise NotAName(answers.name)
    with known.locked():
        again = next((one for one in known.all() if _is_founded_so(one, answers, like)), None)
        return again or _found(known, answers, like)


def _found(known: Campaigns, answers: Answers, like: Campaign | None) -> Campaign:
    one = known.new(answers.name or known.free_name(_stem(answers)))
    files = _files(answers, one.name, like)
    said = {code: _said(language(code), like) for code in LANGUAGES}
    one.store.publish(
        files, Note(answers.by, answers.started_on, said["zh"], said["en"], kind="founded"), None, act="settings"
    )
    return one


def _is_founded_so(one: Campaign, answers: Answers, like: Campaign | None) -> bool:
    """Whether a campaign is just that one: founded by these answers, and nothing done in it yet."""
    if (answers.name and one.name != answers.name) or one.store.live_number() != 1:
        return False
    wanted = {file.sha256 for file in _files(answers, one.name, like)}
    live = one.store.live()
    own = {row["sha256"] for row in live.records("received")}
    return (live.kind, live.published_by, own) == ("founded", answers.by, wanted)


def _files(answers: Answers, name: str, like: Campaign | None) -> list[LedgerFile]:
    """All that a campaign of that name begins with."""
    return [_file("campaign", [_campaign_row(answers, name, like)]), *_strands(answers), *_handed_on(like, answers)]


def like_of(known: Campaigns, name: str | None) -> Campaign | None:
    """The campaign whose settings a new one takes over; None for none. Raises `NoCampaign`."""
    return known.named(name) if name else None


def as_before(one: Campaign | None) -> Answers:
    """The answers that a campaign was given, for the one that comes after it; none of its days."""
    row = _rows(one, "campaign")[0] if one and _rows(one, "campaign") else None
    if row is None:
        return Answers()
    return Answers(
        title=row["campaign_name"],
        office=row["org_name"],
        update_every_days=row["update_every_days"],
        due_soon_days=row["due_soon_days"],
        silent_days=row["silent_days"],
        is_verified=not row["has_no_verification"],
        covers_places=row["covers_places"],
        scope_note=row["scope_note"] or "",
    )


def usual_days(name: str) -> int:
    """How many days a rhythm has where nobody says."""
    return int(tables.ledgers()["campaign"].column(name).default or 0)


def _tidy(answers: Answers, like: Campaign | None) -> Answers:
    """The answers as they are kept, what was left out taken from the campaign that it is like."""
    before = as_before(like)
    said = {name: plain(value).strip() if isinstance(value, str) else value for name, value in vars(answers).items()}
    answers = Answers(
        **{name: getattr(before, name) if value in ("", None, ()) else value for name, value in said.items()}
    )
    for name in ("title", "office", "started_on", "by"):
        if not getattr(answers, name):
            raise AnswerMissing(name)
    if answers.ended_on and answers.ended_on < answers.started_on:
        raise DaysReversed
    return answers


def _stem(answers: Answers) -> str:
    """What a name is made of: letters and digits of the title, with the year where they are few."""
    letters = "".join(one for one in answers.title if one.isascii() and (one.isalnum() or one in " -")).strip(" -")
    if any(one.isalpha() for one in letters):
        return letters
    return f"campaign-{answers.started_on.year}"


def _campaign_row(answers: Answers, name: str, like: Campaign | None) -> dict[str, object]:
    """The row of the ledger: of the campaign before what is not of one year, and over that what was answered."""
    before = _rows(like, "campaign")[0] if like and _rows(like, "campaign") else {}
    row = {column: value for column, value in before.items() if column not in (*_OF_ONE_YEAR, *_LEADS_ELSEWHERE)}
    return row | {
        "campaign_id": name if any(one.isalpha() for one in name) else f"C{name}",
        "campaign_name": answers.title,
        "batch": answers.batch,
        "org_name": answers.office,
        "started_on": answers.started_on,
        "ended_on": answers.ended_on,
        "default_year": answers.started_on.year,
        "update_every_days": answers.update_every_days,
        "due_soon_days": answers.due_soon_days,
        "silent_days": answers.silent_days,
        "has_no_verification": None if answers.is_verified is None else not answers.is_verified,
        "covers_places": answers.covers_places,
        "scope_note": answers.scope_note,
    }


def _strands(answers: Answers) -> Iterable[LedgerFile]:
    """Those of the usual strands that the campaign has, under their usual names; no file where it has them all."""
    if not answers.strands or set(answers.strands) == set(STRANDS):
        return
    names = {one.code: one.label for one in tables.code_lists()["strand"]}
    rows = [
        {"strand_code": code, "strand_name": names[code].zh, "strand_name_en": names[code].en, "sort_order": place}
        | {STRANDS[code]: True}
        for place, code in enumerate((one for one in STRANDS if one in answers.strands), start=1)
    ]
    yield _file("strand", rows)


def _handed_on(like: Campaign | None, answers: Answers) -> Iterable[LedgerFile]:
    """The settings of a campaign that the next one takes over, each a file."""
    own = {"strand"} if answers.strands else set()
    for table in (name for name in SETTINGS if like and name not in own):
        rows = [row | dict.fromkeys(_LEADS_ELSEWHERE) for row in _rows(like, table) if not row.get("is_demo")]
        if rows:
            yield _file(table, rows)


def _rows(one: Campaign | None, table: str) -> list[Mapping[str, object]]:
    live: Release | None = one.store.live() if one and one.store.live_number() else None
    return list(live.rows()[table].values()) if live else []


def _file(table: str, rows: list[Mapping[str, object]]) -> LedgerFile:
    """Rows as the file of a ledger, in its declared form; columns that nobody filled are left out."""
    declared = tables.ledgers()[table]
    filled = [
        column.name
        for column in declared.columns
        if column.name != "is_demo" and any(row.get(column.name) not in (None, "") for row in rows)
    ]
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerows([filled, *([to_text(row.get(name)) for name in filled] for row in rows)])
    return ledgers.read_bytes(text.getvalue().encode(), f"{table}.csv", declared)


def _said(t: Language, like: Campaign | None) -> str:
    return t("founding.note_like", name=like.name) if like else t("founding.note")
