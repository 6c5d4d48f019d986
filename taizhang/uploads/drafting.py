"""From checked files to a draft, and what earlier uploads taught."""

from collections.abc import Iterable, Sequence

from taizhang.rows.changes import Decisions
from taizhang.rows.ledgers import LedgerFile
from taizhang.store import Draft, Note, Store
from taizhang.uploads.fixes import NOTHING_LEARNT, Fix, Learnt, as_record, learnt_of
from taizhang.uploads.lines import Tell


def draft(
    store: Store,
    files: Sequence[LedgerFile],
    note: Note | None,
    decisions: Decisions,
    parent: int | None,
    fixes: Iterable[Fix] = (),
    tell: Tell | None = None,
) -> Draft:
    """Build the release that the files and decisions make of release `parent`, and run every check on it.

    Of the repairs, those are recorded that the live release has not learnt already. Raises as `Store.draft` does.
    """
    known = set(learnt(store).fixes)
    return store.draft(files, note, decisions, parent, [as_record(fix) for fix in fixes if fix not in known], tell)


def learnt(store: Store) -> Learnt:
    """What earlier uploads taught, as the live release remembers it."""
    if store.live_number() is None:
        return NOTHING_LEARNT
    return learnt_of(sorted(store.live().records("learnt"), key=lambda row: (row["release"], row["place"])))
