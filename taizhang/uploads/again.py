"""Uploads read again, as they were read when they were published: what a rebuild asks for."""

from dataclasses import replace

from taizhang.declared.tables import all_tables
from taizhang.rows import changes, ledgers
from taizhang.store import Store, drafts, publishing
from taizhang.store.publishing import Recipe
from taizhang.store.upkeep import Step
from taizhang.uploads.checking import check
from taizhang.uploads.fixes import as_record, from_record


def upload(step: Step) -> Recipe:
    """The recipe of an upload, from the files as they were received and the repairs recorded with its release."""
    target, fixes = Store(step.target), tuple(map(from_record, step.learnt))
    base = publishing.base_said_by(step.target, step.note, step.parent)
    restates = step.note.as_of if base != step.parent else None
    checked = check(target, step.files, fixes, restates)
    before = target.rows_before(base)
    merged = changes.merge(checked.files, before, step.decisions)
    learnt = [as_record(fix) for fix in fixes]
    made = drafts.uploading(checked.files, before, merged, step.note, step.parent, base, step.decisions, learnt)
    return replace(made, withdraws=publishing.withdrawn_by(step.target, step.note, step.parent))


def declared(step: Step) -> Recipe:
    """The recipe of a release whose files are in the declared form."""
    files = [
        ledgers.read_bytes(step.received(row["sha256"]), row["file_name"], all_tables()[row["table_name"]])
        for row in step.brought
    ]
    for one in files:
        Store(step.target).keep(one.data)
    return publishing.adding(step.target, files, step.note, step.parent, "declared")
