"""What a campaign is set to: its own row, its strands, its own words; and a change of it as files like any other.

A changed setting is a file of keys and changed cells, which is checked, compared, drafted, published and taken back as
any upload is. The page and the command change settings through `made`; neither knows how a setting is kept.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from taizhang.declared import tables
from taizhang.declared.tables import Column, Table
from taizhang.declared.terms import terms
from taizhang.declared.values import CLEAR, to_text
from taizhang.declared.vocabulary import OVERALL, STRAND_PAGES, USUAL
from taizhang.declared.wording import Language
from taizhang.rows import ledgers
from taizhang.rows.changes import RowName
from taizhang.store import Release
from taizhang.uploads.fixes import folded
from taizhang.uploads.values import guarded

# The columns of the campaign that an office sets; its key and what the product keeps of it are not among them.
OF_CAMPAIGN = tuple(
    column.name
    for column in tables.ledgers()["campaign"].columns
    if column.name not in ("campaign_id", "fact_id", "is_demo")
)
MOST_STRANDS = 6


@dataclass(frozen=True)
class OwnStrand:
    """A strand as it is set: a code, which may be left to us ("" for a new one), its names, the pages it uses."""

    code: str
    zh: str
    en: str = ""
    pages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OwnWord:
    """What an office says for a word or a label; '' where it says the usual one."""

    zh: str = ""
    en: str = ""
    many: str = ""


@dataclass(frozen=True)
class Settings:
    """All that a campaign is set to. `campaign` holds the columns of its row as values; `strands` are those in use;
    `words` holds own words by their code on the list `term`."""

    campaign: Mapping[str, object]
    strands: tuple[OwnStrand, ...]
    words: Mapping[str, OwnWord] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why settings cannot be as they are wanted. Words: `settings.refused_CODE`."""

    code: str
    blanks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """The files of a change (name, bytes), the rows that leave, and the release that was changed; none while there is
    a refusal, or where nothing is changed."""

    files: tuple[tuple[str, bytes], ...]
    removed: frozenset[RowName]
    release: int
    refused: tuple[Refusal, ...] = ()


def settings_of(release: Release) -> Settings:
    """What the campaign of a release is set to."""
    rows, strands = release.rows(), release.vocabulary.strands
    campaign = next(iter(rows["campaign"].values()), {})
    return Settings(
        {name: campaign.get(name) for name in OF_CAMPAIGN},
        tuple(OwnStrand(one.code, one.name.zh, one.name.en, one.pages) for one in strands),
        {
            row["term"]: OwnWord(row["own_zh"] or "", row["own_en"] or "", row["own_en_many"] or "")
            for row in rows["term"].values()
        },
    )


def made(release: Release, wanted: Settings) -> Made:
    """The files that bring the settings of a release to those wanted."""
    wanted = _tidy(wanted)
    if refused := tuple(_refusals(wanted)):
        return Made((), frozenset(), release.number, refused)
    rows = release.rows()
    after = {
        "campaign": _campaign_rows(rows["campaign"], wanted.campaign),
        "strand": _strand_rows(wanted.strands),
        "term": {
            code: {"term": code, "own_zh": own.zh or None, "own_en": own.en or None, "own_en_many": own.many or None}
            for code, own in wanted.words.items()
        },
    }
    files, removed = [], set()
    for ledger, keyed in after.items():
        gone = set() if ledger == "campaign" else rows[ledger].keys() - keyed.keys()
        if gone or any(_differs(rows[ledger].get(key), row) for key, row in keyed.items()):
            files.append((f"{ledger}.csv", _csv(ledger, keyed.values())))
            removed |= {(ledger, key) for key in gone}
    return Made(tuple(files), frozenset(removed), release.number)


def sentence(refused: Refusal, t: Language) -> str:
    """Why settings cannot be as they are wanted, in words."""
    blanks = dict(refused.blanks)
    if "column" in blanks:
        blanks["column"] = t.of(tables.ledgers()["campaign"].column(str(blanks["column"])).heading)
    return t(f"settings.refused_{refused.code}", **blanks)


def lists() -> dict[str, tuple[Table, Column]]:
    """The code lists whose labels an office can change, each with the first column that holds its codes."""
    changed = {one.code.partition(".")[0] for one in tables.code_lists()["term"] if "." in one.code}
    found: dict[str, tuple[Table, Column]] = {}
    for table in tables.ledgers().values():
        for column in table.columns:
            if column.codes in changed - {"strand"}:
                found.setdefault(column.codes, (table, column))
    return found


class NotASetting(Exception):
    """A change that was written names no setting, or a value that cannot be read; `refused` says which."""

    def __init__(self, refused: Refusal):
        super().__init__(refused.code)
        self.refused = refused


def as_text(one: OwnStrand | OwnWord) -> str:
    """A strand or a word as `with_said` reads it: parts between slashes, pages between +."""
    if isinstance(one, OwnWord):
        return "/".join((one.zh, one.en, one.many)).rstrip("/")
    return "/".join((one.zh, one.en, "+".join(page for page in STRAND_PAGES if page in one.pages)))


def with_said(now: Settings, change: str) -> Settings:
    """Settings with one more change, as it is typed: `due_soon_days=3`, `action=任务/task`,
    `status.closed=已办结/Completed`, `strand.patrol=巡河/Patrols/research+review`. Nothing behind the sign of equality
    takes an own word or a strand away, or empties a value.

    Raises `NotASetting`.
    """
    key, equals, said = (one.strip() for one in change.partition("="))
    parts = [one.strip() for one in said.split("/")]
    if not equals:
        raise NotASetting(Refusal("not_a_setting", {"key": change}))
    if key in OF_CAMPAIGN:
        return replace(now, campaign={**now.campaign, key: _value(key, said)})
    if key.startswith("strand."):
        return replace(now, strands=_with_strand(now.strands, key, parts))
    if key not in {one.code for one in tables.code_lists()["term"]}:
        raise NotASetting(Refusal("not_a_setting", {"key": key}))
    if len(parts) > 3:
        raise NotASetting(Refusal("bad_value", {"key": key, "said": said}))
    return replace(now, words={**now.words, key: OwnWord(*parts)})


def _value(name: str, said: str) -> object:
    column = tables.ledgers()["campaign"].column(name)
    try:
        return ledgers.cell(column, said) if said else None
    except ValueError as error:
        raise NotASetting(Refusal("bad_value", {"key": name, "said": said})) from error


def _with_strand(strands: tuple[OwnStrand, ...], key: str, parts: list[str]) -> tuple[OwnStrand, ...]:
    code = key.removeprefix("strand.")
    zh, en, pages = (*parts, "", "")[:3]
    used = frozenset(filter(None, pages.split("+")))
    if len(parts) > 3 or used - set(STRAND_PAGES) or not re.fullmatch("[a-z][a-z0-9_]{0,29}", code):
        raise NotASetting(Refusal("bad_value", {"key": key, "said": "/".join(parts)}))
    own = OwnStrand(code, zh, en, used)
    if code not in {one.code for one in strands}:
        return (*strands, own)
    return tuple(own if one.code == code else one for one in strands)


# --- what is wanted --------------------------------------------------------------------------------------------


def _tidy(wanted: Settings) -> Settings:
    """Without blanks around what was typed, words that say nothing, and codes that nobody gave."""
    words = {code: OwnWord(*(one.strip() for one in (own.zh, own.en, own.many))) for code, own in wanted.words.items()}
    strands = [
        replace(one, code=one.code.strip(), zh=one.zh.strip(), en=one.en.strip())
        for one in wanted.strands
        if one.zh.strip() or one.en.strip()
    ]
    taken = {one.code for one in strands}
    for place, one in enumerate(strands):
        if not one.code:
            code = _fresh(one, taken)
            taken.add(code)
            strands[place] = replace(one, code=code)
    return Settings(
        {name: value.strip() or None if isinstance(value, str) else value for name, value in wanted.campaign.items()},
        tuple(replace(one, zh=one.zh or one.en) for one in strands),
        {code: own for code, own in words.items() if own.zh or own.en},
    )


def _fresh(one: OwnStrand, taken: set[str]) -> str:
    """A code for a new strand: from its English name where that gives one, else by number."""
    spelt = re.sub("[^a-z0-9]+", "_", one.en.lower()).strip("_")[:24]
    named = [spelt] if re.fullmatch("[a-z][a-z0-9_]*", spelt) and spelt != OVERALL else []
    numbered = (f"{(named or ['strand'])[0]}_{number}" for number in range(1, 99))
    return next(code for code in (*named, *numbered) if code not in taken)


def _refusals(wanted: Settings) -> Iterator[Refusal]:
    for name in ("campaign_name", "org_name"):
        if wanted.campaign.get(name) is None:
            yield Refusal("empty", {"column": name})
    if not wanted.strands:
        yield Refusal("no_strand")
    if len(wanted.strands) > MOST_STRANDS:
        yield Refusal("many_strands", {"count": len(wanted.strands), "limit": MOST_STRANDS})
    for side in ("zh", "en"):
        names = [name for one in wanted.strands if (name := getattr(one, side))]
        for name in sorted({one for one in names if names.count(one) > 1}):
            yield Refusal("same_strand", {"name": name})
    known = {one.code for one in tables.code_lists()["term"]}
    for code, own in wanted.words.items():
        if code not in known:
            yield Refusal("unknown_word", {"word": code})
        for said in (own.zh, own.en, own.many):
            if re.search(r"[{}|\[\]\n]", said):
                yield Refusal("marks", {"said": said})
    yield from _same_labels(wanted)


def _same_labels(wanted: Settings) -> Iterator[Refusal]:
    """Labels of one list, or words, that would be the same: nobody could read them back."""
    lists = {code.partition(".")[0] for code in wanted.words if "." in code}
    for name in sorted(lists & tables.code_lists().keys()):
        for side in ("zh", "en"):
            said: dict[str, str] = {}
            for one in tables.code_lists()[name]:
                own = wanted.words.get(f"{name}.{one.code}")
                label = folded((own and getattr(own, side)) or one.label[side])
                if label in said:
                    yield Refusal("same_word", {"said": (own and getattr(own, side)) or one.label[side]})
                said[label] = one.code
    for side in ("zh", "en"):
        said = {}
        for code, term in terms().items():
            own = wanted.words.get(code)
            word = (own and getattr(own, side)) or (term.zh[0] if side == "zh" else term.en[0][0])
            if folded(word) in said:
                yield Refusal("same_word", {"said": word})
            said[folded(word)] = code


# --- rows and files --------------------------------------------------------------------------------------------


def _campaign_rows(before: Mapping[str, Mapping], wanted: Mapping[str, object]) -> dict[str, dict[str, object]]:
    key = next(iter(before), "C-1")
    return {key: {"campaign_id": key, **wanted}}


def _strand_rows(strands: Sequence[OwnStrand]) -> dict[str, dict[str, object]]:
    """The rows of the ledger; none for the usual strands under their usual names."""
    usual = tuple(OwnStrand(one.code, one.name.zh, one.name.en, one.pages) for one in USUAL.strands)
    if tuple(strands) == usual:
        return {}
    return {
        one.code: {
            "strand_code": one.code,
            "strand_name": one.zh,
            "strand_name_en": one.en or None,
            "sort_order": place,
            **{f"uses_{page}": page in one.pages for page in STRAND_PAGES},
        }
        for place, one in enumerate(strands, start=1)
    }


def _differs(before: Mapping | None, row: Mapping[str, object]) -> bool:
    return before is None or any(before.get(name) != value for name, value in row.items())


def _csv(ledger: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    """Whole rows, so that a row that is not among them is one to leave out; what is not said is cleared."""
    columns = [one.name for one in tables.ledgers()[ledger].columns if one.name not in ("fact_id", "is_demo")]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_text(row.get(name)) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(value: object) -> str:
    if value is None:
        return CLEAR[0]
    return guarded(value) if isinstance(value, str) else str(to_text(value))
