"""Letters that urge units, as Word, as PDF and as a text for a message; all of them in a zip.

Chinese ones are set after GB/T 9704-2012. The same letter gives the same bytes.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from taizhang.declared.tables import ledgers
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.drawing.shapes import Cell, Table
from taizhang.exhibits.letters import left
from taizhang.showing.papers import typeset
from taizhang.showing.papers.official import Official
from taizhang.store import Release
from taizhang.store.turnstile import EXPORTS
from taizhang.uploads.letters import Letter

_FIRST = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows
LONGEST_NAME = 60
WIDTHS = (14, 28, 17, 14, 27)  # shares of the columns


@dataclass(frozen=True)
class Office:
    """Who writes: the office, and the campaign it writes in."""

    name: str
    campaign: str

    @classmethod
    def of(cls, release: Release) -> "Office":
        row = next(iter(release.rows()["campaign"].values()), {})
        return cls(str(row.get("org_name") or ""), str(row.get("campaign_name") or ""))


@EXPORTS.counted
def archive(letters: Sequence[Letter], office: Office, t: Language) -> bytes:
    """Every letter as .docx and .pdf, and the texts of all in one file. Raises `typeset.FontsMissing`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for one in letters:
            stem = file_stem(one, t)
            for name, data in ((f"{stem}.docx", docx(one, office, t)), (f"{stem}.pdf", pdf(one, office, t))):
                _put(file, name, data)
        _put(file, t("letters.text_file"), "\n\n".join(text(one, t) for one in letters).encode("utf-8-sig"))
    return out.getvalue()


def file_stem(one: Letter, t: Language) -> str:
    number = one.letter_id or t("letters.draft")
    named = t("letters.file_name", kind=_kind(one, t), unit=one.unit[:LONGEST_NAME], number=number)
    return re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', "_", named).strip("._")


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIRST)
    entry.external_attr, entry.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
    file.writestr(entry, data)


def text(one: Letter, t: Language) -> str:
    """A letter short enough for a message."""
    state = t("letters.state_overdue" if one.measures[0].days_left < 0 else "letters.state_soon")
    blanks = {"kind": _kind(one, t), "unit": one.unit, "count": len(one.measures), "state": state}
    lines = [t("letters.text", **blanks, day=t.day(one.reply_by))]
    for place, row in enumerate(one.measures, start=1):
        said = {"id": row.action_id, "content": t.more(row.content, 40), "due": t.day(row.due_on)}
        lines.append(t("letters.text_row", place=place, **said, left=left(row.days_left, t)))
    lines += [t("letters.missing", round=name, day=t.day(day)) for name, day in one.missing]
    return "\n".join(lines)


def docx(one: Letter, office: Office, t: Language) -> bytes:
    """The letter in Word."""
    paper = Official(_kind(one, t), one.issued_on, [t.code], office.name)
    paper.begin(t.code, t("common.demo_note") if one.is_demo else "")
    paper.paragraph(_kind(one, t), "title")
    if one.letter_id:
        paper.paragraph(t("letters.number", number=one.letter_id), "subtitle")
    paper.paragraph(_to(one, t), "body")
    for said in _body(one, office, t):
        paper.paragraph(said, "body")
    paper.paragraph(t("letters.table"), "heading1", leads=True)
    rows = tuple(tuple(Cell(cell) for cell in row) for row in _rows(one, t))
    paper.table(Table(_headings(t), rows, t("common.no_rows"), wide=(1, 4)), t("letters.table"))
    paper.paragraph(office.name, "date")
    paper.paragraph(_dated(one.issued_on, t), "date")
    return paper.written()


def pdf(one: Letter, office: Office, t: Language) -> bytes:
    """The letter as PDF. Raises `typeset.FontsMissing`."""
    data = {
        "lang": t.code,
        "title": _kind(one, t),
        "number": t("letters.number", number=one.letter_id) if one.letter_id else "",
        "mark": t("common.demo_note") if one.is_demo else "",
        "to": _to(one, t),
        "body": list(_body(one, office, t)),
        "table": {"title": t("letters.table"), "columns": list(_headings(t)), "rows": _rows(one, t), "widths": WIDTHS},
        "office": office.name,
        "day": _dated(one.issued_on, t),
    }
    return typeset.pdf(_source(), data, one.issued_on)


@cache
def _source() -> str:
    return (resources.files("taizhang.showing.papers") / "letter.typ").read_text(encoding="utf-8")


def _kind(one: Letter, t: Language) -> str:
    return t.label("letter_kind", one.kind)


def _to(one: Letter, t: Language) -> str:
    recipients = t.label("letter_recipients", one.recipients) if one.recipients else ""
    told = t("letters.to_recipients", recipients=recipients) if recipients else ""
    said = t("letters.to", unit=one.unit)
    return said.removesuffix("：") + told + ("：" if said.endswith("：") else "")


def _body(one: Letter, office: Office, t: Language) -> list[str]:
    said = [t(f"letters.body_{one.kind}", campaign=office.campaign, count=len(one.measures))]
    said += [t("letters.missing", round=name, day=t.day(day)) for name, day in one.missing]
    return [*said, t("letters.ask", day=_dated(one.reply_by, t))]


def _headings(t: Language) -> tuple[str, ...]:
    key = t.of(ledgers()["action"].column("action_id").heading)
    return (key, *(t(f"letters.{name}") for name in ("measure", "due_on", "left", "progress")))


def _rows(one: Letter, t: Language) -> list[list[str]]:
    return [
        [
            row.action_id,
            f"{row.content}\u2002{t('letters.number_of', nth=row.nth)}" if row.nth > 1 else row.content,
            t.day(row.due_on),
            left(row.days_left, t),
            row.progress_note or NOT_KNOWN,
        ]
        for row in one.measures
    ]


def _dated(day: dt.date, t: Language) -> str:
    """A day as an official document writes it."""
    return t("brief.date", year=day.year, day=t.short_day(day))
