"""What a file is read against: the campaign's year, the districts and towns, the rows that are there already."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from taizhang.declared import tables
from taizhang.declared.vocabulary import USUAL, Vocabulary, vocabulary_of
from taizhang.rows.changes import Rows, defaults
from taizhang.rows.ledgers import Row
from taizhang.store import Release


@dataclass(frozen=True)
class Context:
    """What is known when a file is read.

    Names are in either language; `keys`, `demo` hold row keys by table; `long_term` keys of measures, `dated` keys
    of events whose date has a stated precision; `rows` are the rows as they stand.
    """

    default_year: int | None = None
    has_no_verification: bool = False
    districts: Mapping[str, str] = field(default_factory=dict)
    towns: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    demo: Mapping[str, frozenset[str]] = field(default_factory=dict)
    long_term: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    rows: Rows = field(default_factory=dict, repr=False, compare=False)
    vocabulary: Vocabulary = USUAL


def context_of(release: Release | None) -> Context:
    """What a release knows of; nothing for an empty store."""
    return context_of_rows(release.rows()) if release else Context()


def context_of_rows(rows: Rows) -> Context:
    """What rows know of, whether they are of a release or of a file that comes with it."""
    campaign = next(iter(rows.get("campaign", {}).values()), {})
    names = {row["district_code"]: _names_of(row, "district_name") for row in rows.get("district", {}).values()}
    towns = {
        (district, town): (row["district_code"], row["town_code"])
        for row in rows.get("town", {}).values()
        for district in names.get(row["district_code"], ())
        for town in _names_of(row, "town_name")
    }
    return Context(
        default_year=campaign.get("default_year"),
        has_no_verification=bool(campaign.get("has_no_verification")),
        districts={name: code for code, both in names.items() for name in both},
        towns=towns,
        keys={table: frozenset(keyed) for table, keyed in rows.items()},
        demo={table: frozenset(key for key, row in of.items() if row.get("is_demo")) for table, of in rows.items()},
        long_term=_those(rows, "action", lambda row: row.get("rect_type") == "long_term"),
        dated=_those(rows, "event", lambda row: row.get("date_precision") not in (None, "unknown")),
        rows=rows,
        vocabulary=_vocabulary_of(rows),
    )


def _vocabulary_of(rows: Rows) -> Vocabulary:
    return vocabulary_of(*(rows.get(ledger, {}).values() for ledger in ("term", "strand")))


def with_rows(context: Context, table: str, rows: Iterable[Row]) -> Context:
    """The context with the campaign, districts, towns, strands or own words that a part brings along."""
    declared = tables.ledgers()[table]
    keys = {**context.keys, table: context.keys.get(table, frozenset()) | {declared.key_of(row.cells) for row in rows}}
    context = replace(context, keys=keys)
    if table == "campaign":
        for row in rows:
            context = replace(
                context,
                default_year=row.cells.get("default_year", context.default_year),
                has_no_verification=bool(row.cells.get("has_no_verification", context.has_no_verification)),
            )
    elif table in ("strand", "term"):
        usual = defaults(declared)
        brought = {declared.key_of(row.cells): {**usual, **row.cells} for row in rows}
        known = {**context.rows, table: {**context.rows.get(table, {}), **brought}}
        context = replace(context, rows=known, vocabulary=_vocabulary_of(known))
    elif table == "district":
        brought = {name: row.cells["district_code"] for row in rows for name in _names_of(row.cells, "district_name")}
        context = replace(context, districts={**context.districts, **brought})
    else:
        towns = dict(context.towns)
        for row in rows:
            code = row.cells.get("district_code")
            districts = [name for name, own in context.districts.items() if own == code]
            names = _names_of(row.cells, "town_name")
            towns.update({(one, name): (code, row.cells["town_code"]) for one in districts for name in names})
        context = replace(context, towns=towns)
    return context


def _those(rows: Rows, table: str, test: Callable[[Mapping], bool]) -> frozenset[str]:
    return frozenset(key for key, row in rows.get(table, {}).items() if test(row))


def name_of(context: Context, code: str) -> str:
    """The first name of a district, which is the Chinese one; the code of one that has none."""
    return next((name for name, own in context.districts.items() if own == code), code)


def _names_of(row: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple(str(row[one]) for one in (name, f"{name}_en") if row.get(one))
