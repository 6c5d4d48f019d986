"""The rows that somebody may see who is held to some districts and units, and nothing of any other row.

A row belongs to the units and the district it names. What names nobody is everybody's where it speaks of the campaign
(an event, a document), and nobody's where it could speak of anyone (a suggestion). Totals over all are left out: they
tell of the others.
"""

import json
from collections.abc import Collection, Iterable, Mapping

from taizhang.declared.tables import ledgers
from taizhang.rows.changes import WHOLE_ROW, Rows

UNITS = {
    "action": ("resp_unit", "lead_unit"),
    "issue": ("lead_unit",),
    "commitment": ("unit",),
    "letter": ("unit",),
    "request": ("unit",),
    "suggestion": ("handling_unit",),
    "research_topic": ("lead_unit",),
    "proposal": ("adopting_unit",),
}
# Ledger → what a unit says of its own rows. What a row is, whose it is and by when, is the office's to say.
SAID_BY_UNITS = {
    "action": ("status", "progress_note", "blocker", "done_on", "result_note", "evidence"),
    "suggestion": ("disposition", "replied_on", "is_satisfied"),
    "commitment": ("done_on", "result_note"),
    "visit": ("status", "visited_on", "form", "suggestion_count"),
}
PLACES = ("district", "town", "visit", "suggestion", "event")  # those with a district_code
EVERYBODYS = ("campaign", "strand", "term", "rung")
OF_THE_CAMPAIGN = {  # where all of these are empty
    "event": ("district_code",),
    "document": ("event_id", "issue_id", "action_id"),
}
NEEDED_BY = {  # rows without which those that are kept would not say what they are about
    "issue": (("action", "issue_id"),),
    "meeting": (("commitment", "meeting_id"),),
    "research_topic": (("visit", "topic_id"), ("event", "topic_id")),
}
OF_ANOTHER = {  # each belongs to the row it names
    "extension": ("action_id",),
    "letter": ("action_id",),
    "document": ("event_id", "issue_id", "action_id"),
    "proposal": ("topic_id",),
}
OF_ALL = ("figure", "fact", "source", "satisfaction", "feedback_round")  # totals, and the text they are taken from
_TELLS_OF_ALL = {"fact_id", "source_id", "capsule"}


def known(rows: Rows) -> dict[str, str]:
    """What rows can belong to: key of a district → its name, then each unit by its own."""
    units = {
        row[column]
        for name, columns in UNITS.items()
        for row in rows[name].values()
        for column in columns
        if row[column]
    }
    districts = {key: str(row["district_name"]) for key, row in rows["district"].items()}
    return {**districts, **{str(one): str(one) for one in sorted(units, key=str)}}


def names_of(rows: Rows, scope: Collection[str]) -> frozenset[str]:
    """What the units and districts of a scope are called where a row names them in words."""
    called = (str(row["district_name"]) for key, row in rows["district"].items() if key in scope)
    return frozenset((*scope, *called))


def is_of(name: str, row: Mapping[str, object], scope: Collection[str]) -> bool:
    """Whether a row names somebody of a scope."""
    return any(row.get(column) in scope for column in _owners(name))


def within(rows: Rows, scope: Collection[str]) -> Rows:
    """The rows of a scope: keys of districts and names of units. References to what is left out are empty.

    Without a district in it there are no places: those of others would look as if nobody had been there.
    """
    kept: dict[str, set[str]] = {name: set() for name in ledgers()}
    for name in EVERYBODYS:
        kept[name] = set(rows[name])
    called = names_of(rows, scope)
    for name, keyed in rows.items():
        asked = called if name == "request" else scope  # sheets go to districts by their names
        kept[name] |= {key for key, row in keyed.items() if _is_named(name, row, asked)}
    for name, ways in NEEDED_BY.items():
        kept[name] |= {rows[by][key][column] for by, column in ways for key in kept[by]} & rows[name].keys()
    for name, columns in OF_ANOTHER.items():
        of_kept = {key for key, row in rows[name].items() if _is_of(kept, name, row, columns)}
        kept[name] = kept[name] & of_kept if name in ("letter",) else kept[name] | of_kept
    made = {name: {key: _without_others(name, rows[name][key], kept) for key in sorted(kept[name])} for name in kept}
    if not made["district"]:
        made["campaign"] = {key: {**row, "covers_places": False} for key, row in made["campaign"].items()}
    return made


def _is_named(name: str, row: Mapping[str, object], scope: Collection[str]) -> bool:
    if is_of(name, row, scope):
        return True
    return name in OF_THE_CAMPAIGN and all(row[column] is None for column in OF_THE_CAMPAIGN[name])


def _is_of(kept: Mapping[str, Collection[str]], name: str, row: Mapping[str, object], columns: Iterable[str]) -> bool:
    refers = ledgers()[name].refers
    return any(row[column] in kept[refers[column]] for column in columns)


def _without_others(name: str, row: Mapping[str, object], kept: Mapping[str, Collection[str]]) -> dict[str, object]:
    """A row without what it says of rows that are left out."""
    made = dict(row)
    for column, other in ledgers()[name].refers.items():
        if made[column] is not None and made[column] not in kept[other]:
            made[column] = None
    for column in made.keys() & _TELLS_OF_ALL:
        made[column] = None
    if made.get("town_code") and not made["district_code"]:
        made["town_code"] = None
    return made


def history_within(
    changed: Iterable[Mapping[str, object]], within: Rows, scope: Collection[str]
) -> list[dict[str, object]]:
    """Those of the records `change` that speak of rows of a scope, as far as they are of the time since
    each came into it: what it held before was another's, and so is what the change that brought it took away."""
    own = [row for row in changed if row["row_key"] in within.get(str(row["table_name"]), ())]
    came: dict[tuple[object, object], int] = {}
    for row in own:
        if row["field"] in _owners(str(row["table_name"])) and row["old"] not in scope and row["new"] in scope:
            which = row["table_name"], row["row_key"]
            came[which] = max(row["release"], came.get(which, 0))
    kept = {name: keyed.keys() for name, keyed in within.items()}
    made = []
    for row in own:
        name = str(row["table_name"])
        if row["release"] <= came.get((name, row["row_key"]), 0) or _is_of_others(name, row, kept):
            continue
        whole = ("old", "new") if row["field"] == WHOLE_ROW else ()
        made.append({**row, **{side: _json_without_others(name, row[side], kept) for side in whole}})
    return made


def _is_of_others(name: str, row: Mapping[str, object], kept: Mapping[str, Collection[str]]) -> bool:
    """Whether a change says whose a row was, or names a row that is left out."""
    field = str(row["field"])
    if field in (*_owners(name), *_TELLS_OF_ALL):
        return True
    other = ledgers()[name].refers.get(field)
    return other is not None and any(row[side] not in (None, *kept[other]) for side in ("old", "new"))


def _owners(name: str) -> tuple[str, ...]:
    return (*UNITS.get(name, ()), *(("district_code",) if name in PLACES else ()))


def _json_without_others(name: str, text: object, kept: Mapping[str, Collection[str]]) -> str | None:
    if text is None:
        return None
    usual = dict.fromkeys(column.name for column in ledgers()[name].columns)
    said = json.loads(str(text))
    made = _without_others(name, {**usual, **said}, kept)
    return json.dumps({column: made[column] for column in said}, ensure_ascii=False)
