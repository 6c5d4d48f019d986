"""The same for programs: plain values that become JSON."""

from collections.abc import Sequence

from taizhang.declared.wording import Language
from taizhang.evidence.conclusions import DayChanged
from taizhang.rows import problems as rules
from taizhang.rows.comparison import KINDS, Comparison, RowChange
from taizhang.rows.problems import ERROR, Problem
from taizhang.store import Draft
from taizhang.uploads import Checked, lines


def checked_as_json(checked: Checked, problems: Sequence[Problem], draft: Draft | None, t: Language) -> dict:
    return {
        "ok": not any(one.severity == ERROR for one in problems),
        "already": checked.already,
        "as_of": checked.day_found.day if checked.day_found else None,
        "as_of_found_in": checked.day_found.said if checked.day_found else None,
        "parts": [
            {
                "file": file.file_name,
                "sheet": part.sheet,
                "table": part.table,
                "encoding": part.encoding,
                "header_line": part.header_line,
                "rows": len(part.lines),
                "sha256": file.sha256,
                "columns": {one.heading: one.column for one in part.columns},
                "extra": part.extra,
                "missing": part.missing,
            }
            for part, file in zip(checked.parts, checked.files, strict=True)
        ],
        "handed_out": [{"release": base.release, "as_of": base.as_of} for base in checked.bases],
        "remarks": [lines.sentence(remark, t) for sheet in checked.sheets for remark in sheet.remarks],
        "problems": [_problem_as_json(one, t) for one in problems],
        "tables": comparison_as_json(checked.comparison),
        "conflicts": [
            {
                "table": one.table,
                "key": one.key,
                "field": one.field,
                "sheet": one.sheet,
                "line": one.line,
                "was": one.was,
                "theirs": one.theirs,
                "yours": one.yours,
            }
            for one in checked.comparison.conflicts
        ],
        "warnings": [
            {"check": check.name, "title": t.of(check.title), "rows": len(rows)}
            for check, rows in (draft.warnings if draft else ())
        ],
    }


def _problem_as_json(one: Problem, t: Language) -> dict:
    return {
        "table": one.table,
        "sheet": one.sheet,
        "line": one.line,
        "column": one.column,
        "value": one.value,
        "rule": one.rule,
        "severity": one.severity,
        "suggestion": one.suggestion,
        "sentence": rules.sentence(one, t),
    }


def comparison_as_json(comparison: Comparison) -> dict:
    return {
        table.table: {
            "counts": table.counts,
            "rows": {
                kind: [_row_as_json(row) for row in table.rows(kind)]
                for kind in KINDS
                if kind != "same" and table.rows(kind)
            },
        }
        for table in comparison.tables
    }


def _row_as_json(row: RowChange) -> dict:
    cells = [{"column": one.column, "old": one.old, "new": one.new} for one in row.cells]
    return {"key": row.key, "sheet": row.sheet, "line": row.line, "cells": cells}


def conclusions_as_json(found, t: Language) -> dict | None:
    if found is None:
        return None
    return {
        "figures": [
            {"label": one.label, "before": one.before, "after": one.after} for one in found.figures if one.is_changed
        ],
        "statuses": [
            {
                "table": one.table,
                "key": one.key,
                "title": one.title,
                "before": one.before,
                "after": one.after,
                "is_new": one.is_new,
                "is_gone": one.is_gone,
            }
            for one in found.flips
        ],
        "overdue": [{"key": one.key, "title": one.title, "due_on": one.due_on} for one in found.overdue],
        "headlines": [{"exhibit": one.exhibit, "before": one.before, "after": one.after} for one in found.headlines],
        "warnings": [{"check": one.check.name, "rows": [list(row) for row in one.rows]} for one in found.warnings],
    }


def days_as_json(days: Sequence[DayChanged]) -> list[dict]:
    return [
        {
            "as_of": one.day,
            "release": one.release,
            "kept": one.kept,
            "figures": [
                {"label": figure.label, "before": figure.before, "after": figure.after}
                for figure in one.figures
                if figure.is_changed
            ],
        }
        for one in days
    ]
