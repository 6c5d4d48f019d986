"""What a tile says: the name of a place without its kind, short where it is long; and a sentence on what is short."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from taizhang.declared import tables
from taizhang.declared.wording import Language
from taizhang.drawing.text import cut, lines

# A kind that nobody misses from a name; 乡 of 高坡苗族乡 and 苏木 are part of theirs.
UNSAID = ("town", "township", "subdistrict", "district", "city", "county", "banner")
CHINESE_ROOM, LATIN_ROOM = 3.2, 4.5  # em, of each of the two lines of a tile
MOST_STATED = 8

Row = Mapping[str, object]


def tile_names(rows: Sequence[Row], t: Language) -> dict[str, tuple[str, str]]:
    """Town code → (what its tile says, its whole name). Two towns of a district never say the same."""
    short = names_in_district(rows, t)
    return {row["town_code"]: (_fitting(short[row["town_code"]]), _whole(row, t)) for row in rows}


def names_in_district(rows: Sequence[Row], t: Language) -> dict[str, str]:
    """Town code → its name as it is said within its district: without its kind, unless two would be called the same."""
    short = {row["town_code"]: _short(row, _whole(row, t)) for row in rows}
    said = Counter((row["district_code"], short[row["town_code"]]) for row in rows)
    is_own = {row["town_code"]: said[row["district_code"], short[row["town_code"]]] == 1 for row in rows}
    return {row["town_code"]: short[row["town_code"]] if is_own[row["town_code"]] else _whole(row, t) for row in rows}


def _whole(row: Row, t: Language) -> str:
    return t.name(row["town_name"], row["town_name_en"])


def stated(names: Mapping[str, tuple[str, str]], t: Language) -> str:
    """Which labels are more than a name without its kind, the first few: 高坡乡＝高坡苗族乡, and how many there are."""
    found = [(short, name) for short, name in names.values() if not name.startswith(short)]
    if not found:
        return ""
    first = [t("research.short_name", short=short, name=name) for short, name in found[:MOST_STATED]]
    said, left = t("common.comma").join(first), len(found) - MOST_STATED
    return t("research.short_names_more", names=said, count=left) if left > 0 else t("research.short_names", names=said)


def _short(row: Row, whole: str) -> str:
    if whole == row["town_name"] and row["short_name"]:
        return str(row["short_name"])
    ending, kind = next(((one, kind) for one, kind in _endings() if whole.endswith(one)), ("", ""))
    head = whole.removesuffix(ending).strip()
    is_spare = kind == row["town_kind"] and (kind in UNSAID or whole.isascii())
    return head if is_spare and len(head) > 1 else whole


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """(ending, kind) in either language, the longest first: 族乡 is found before 乡."""
    kinds = tables.code_lists()["town_kind"]
    found = {word: one.code for one in kinds for word in (one.label.zh, one.label.en, *one.synonyms)}
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))


def _fitting(name: str) -> str:
    """The name, or what of it two lines of a tile hold: of a Latin one its first words."""
    if not name.isascii():
        return cut(name, 2 * CHINESE_ROOM)
    while " " in name and lines(name, LATIN_ROOM)[-1].endswith("…"):
        name = name.rpartition(" ")[0]
    return cut(name, 2 * LATIN_ROOM)
