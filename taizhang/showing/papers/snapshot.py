"""The snapshot: one HTML file with everything a meeting showed and what stands behind it, which opens offline.

A page one scrolls and prints. Its own content policy allows no load at all and no script but the two it carries, by
their hashes; without scripts it still reads, with still charts. What stands behind several exhibits stands in the
file once: later panels point to it, and the page's script copies it there when it is opened.
"""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib import resources

from taizhang.declared.wording import Language
from taizhang.drawing import html, palette, svg
from taizhang.drawing.html import marks
from taizhang.drawing.markup import TAGS, Markup, el, joined
from taizhang.drawing.shapes import Figure, LaneCard, Line, Shape, Table
from taizhang.evidence.provenance import Behind, Said
from taizhang.exhibits import Exhibit, as_table
from taizhang.exhibits.views import View
from taizhang.showing.papers.sections import Section, circumstances, commitments, sections
from taizhang.showing.slides import Showing
from taizhang.store.releases import Answer

MOST_ROWS = 300  # of one table; the command line gives every row
THEMES = ("light", "dark")
_STILL = (960.0, 380.0, 15.0)  # width, height and text of a chart where no script runs, and on paper
_LEDGER = 3  # the column of a list of files that names the ledger

Tell = Callable[[int, int], None]


def build(showings: Sequence[Showing], tell: Tell | None = None) -> bytes:
    """The snapshot of a meeting in one language or several, as UTF-8; the same showings give the same bytes."""
    parts = [sections(showing) for showing in showings]
    codes = [showing.view.t.code for showing in showings]
    total, once, done, articles = sum(map(len, parts)), _Once(), 0, []
    for showing, own in zip(showings, parts, strict=True):
        drawn = []
        for section in own:
            drawn.append(_section(section, once))
            done += 1
            if tell:
                tell(done, total)
        articles.append(_article(showing, own, drawn, codes))
    return _page(showings, articles).encode("utf-8")


# --- the page --------------------------------------------------------------------------------------------------


def _page(showings: Sequence[Showing], articles: list[Markup]) -> str:
    first = showings[0]
    has_charts = any('class="chart"' in article for article in articles)
    script = marks.script() + _file("snapshot.js")
    allowed = " ".join(f"'{_hash(text)}'" for text in (script, *((_plotly(),) if has_charts else ())))
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    styles = "\n".join([_colours(), html.scale(), *map(html.styles, THEMES), _file("snapshot.css")])
    head = el(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Markup('<meta name="viewport" content="width=device-width,initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        el("title", first.meeting.title),
        el("style", Markup(styles)),
    )
    body = el(
        "body",
        el("main", *articles),
        el("script", Markup(_packed_plotly()), type="text/plain", id="plotly") if has_charts else None,
        el("script", Markup(script)),
    )
    page = el("html", head, body, lang=TAGS[first.view.t.code], data_theme="light")
    for tag in ("</td>", "</th>", "</tr>"):  # HTML does without them, and they are a tenth of the file
        page = page.replace(tag, "")
    return f"<!doctype html>\n{page}\n"


def _controls(t: Language, codes: list[str]) -> Markup:
    """Language and theme; the script that serves them shows them."""
    languages = [
        el("button", t(f"frame.{code}"), type="button", data_show=code, lang=TAGS[code], aria_pressed="false")
        for code in codes
    ]
    themes = [
        el("button", t(f"snapshot.{theme}"), type="button", data_dress=theme, aria_pressed="false") for theme in THEMES
    ]
    return el(
        "div",
        el("div", *languages, role="group", aria_label=t("frame.language")) if len(codes) > 1 else None,
        el("div", *themes, role="group", aria_label=t("snapshot.theme")),
        class_="controls",
        hidden="hidden",
    )


def _article(showing: Showing, own: tuple[Section, ...], drawn: list[Markup], codes: list[str]) -> Markup:
    """A showing: its head, its contents, its sections, what was promised at it."""
    meeting, t = showing.meeting, showing.view.t
    said = el("p", " · ".join((*circumstances(showing), t("snapshot.held", day=t.day(meeting.held_on)))))
    contents = el("ol", *(el("li", el("a", one.slide.title, href=f"#{_name(one)}")) for one in own))
    promised = commitments(showing)
    ending = [el("h2", t("snapshot.after"))] if promised or meeting.note or meeting.units else []
    if promised:
        ending.append(_drawing(promised, showing.view, t("snapshot.after")))
    if meeting.units:
        ending.append(el("p", t("snapshot.units", units=t("common.comma").join(meeting.units))))
    if meeting.note:
        ending.append(el("p", meeting.note, class_="note"))
    return el(
        "article",
        _controls(t, codes),
        el("header", el("h1", meeting.title), said, *_opening(showing), class_="head"),
        el("nav", el("h2", t("snapshot.contents")), contents, aria_label=t("snapshot.contents")),
        *drawn,
        el("section", *ending) if ending else None,
        el("footer", t("snapshot.end", number=showing.view.release.number), " ", t("passport.purpose")),
        id=t.code,
        lang=TAGS[t.code],
    )


def _opening(showing: Showing) -> Iterator[Markup]:
    """What the meeting is to make clear, before all that says it at length."""
    told = next((one.opening for one in showing.slides if one.opening), ())
    if told:
        rows = (el("li", el("span", one.label), " ", el("strong", one.value)) for one in told)
        yield el("p", showing.view.t("agenda.opening", count=len(told)))
        yield el("ol", *rows, class_="opening")


def _colours() -> str:
    """The page's own colours in both themes."""
    lines = []
    for theme in THEMES:
        tones, surfaces = palette.tones(theme), palette.surfaces(theme)
        own = {**surfaces, "ink": tones["plain"], "faint": tones["faint"], "mark": tones["soon"]}
        said = ";".join(f"--{name}:{colour}" for name, colour in own.items())
        lines.append(f":root[data-theme={theme}]{{{said};color-scheme:{theme};font-family:{palette.FONT}}}")
    return "\n".join(lines)


# --- a section -------------------------------------------------------------------------------------------------


def _section(section: Section, once: "_Once") -> Markup:
    slide, view, t = section.slide, section.view, section.view.t
    has_two = len(section.exhibits) > 1
    return el(
        "section",
        el("h2", slide.title),
        el("p", slide.caption, class_="caption") if slide.caption else None,
        *(el("p", said, class_="restated", role="note") for said in section.restated),
        _drawing(slide.figures, view, slide.title) if slide.figures else None,
        _drawing(section.body, view, slide.title, f"{_name(section)}-chart") if section.body else None,
        *(el("p", said, class_="remark") for said in section.remarks),
        el("p", el("b", t("snapshot.note")), " ", slide.note, class_="note") if slide.note else None,
        el(
            "p",
            t("snapshot.slides", pages=_pages(section)),
            " · ",
            t("snapshot.passport"),
            " ",
            el("code", slide.passport),
            class_="codes",
        ),
        *(_panel(exhibit, exhibit.title if has_two else "", view, once) for exhibit in section.exhibits),
        id=_name(section),
    )


def _name(section: Section) -> str:
    """The name a link finds a section by."""
    return f"{section.view.t.code}-{section.pages[0]}"


def _pages(section: Section) -> str:
    first, last = section.pages
    return str(first) if first == last else f"{first}–{last}"


def _drawing(shape: Shape, view: View, label: str, name: str = "") -> Markup:
    """A shape as the screen draws it: nothing in it leads into the board, lists are whole up to the most rows."""
    if html.is_plotted(shape):
        return _chart(shape, label, name)
    if not isinstance(shape, Table):
        return html.drawn(shape.still(), THEMES[0], view.t.code, label, view.circumstances.as_of)
    table, rest = shape.still().first(MOST_ROWS)
    more = view.t("source.more_rows", shown=MOST_ROWS, total=len(shape.rows)) if rest else ""
    return joined((html.drawn(table, THEMES[0], view.t.code, label), el("p", more, class_="remark") if more else ""))


def _chart(shape: Line, label: str, name: str) -> Markup:
    """A line chart: a picture that the script replaces by the live chart, in the colours of either theme."""
    width, height, text = _STILL
    still = svg.drawn(shape, THEMES[0], width, height, text, label)
    source = "data:image/svg+xml;base64," + b64encode(still.encode()).decode()
    figures = {theme: html.plotted(shape, theme) for theme in THEMES}
    return el(
        "div",
        el("div", class_="live"),
        el("img", src=source, alt=label, class_="still"),
        el("script", Markup(_json(figures)), type="application/json", id=name),
        class_="chart",
        data_figure=name,
        data_label=label,
    )


# --- what stands behind an exhibit -----------------------------------------------------------------------------


class _Once:
    """What is folded away in the file once, by a key; asked for again, it becomes a fold that leads to the first."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}

    def fold(self, key: object, title: str, again: str, make: Callable[[], Markup]) -> Markup:
        if key in self._names:
            name = self._names[key]
            return el("details", el("summary", title), el("a", again, href=f"#{name}"), data_again=name)
        name = self._names[key] = f"behind-{len(self._names) + 1}"
        return el("details", el("summary", title), el("div", make(), id=name))


def _panel(exhibit: Exhibit, title: str, view: View, once: _Once) -> Markup:
    """The panel below an exhibit: its table, its definition, its SQL, its rows with file and line, its quotation."""
    t, behind = view.t, Behind(exhibit, view)
    groups = {"table": _tables, "meaning": _meaning, "sql": _sql, "rows": _rows, "words": _words}
    codes = [(f"{one.label} {_value(one)}", one.passport) for one in exhibit.shape.cards if one.passport]
    said = [_codes([(t("passport.of_exhibit"), exhibit.passport), *codes])] if exhibit.passport else []
    said += [
        part
        for name, parts in groups.items()
        for part in (el("h3", t(f"source.tab_{name}")), *parts(behind, view, once))
    ]
    summary = el("summary", t("source.title"), el("span", title) if title else None)
    return el("details", summary, *said, class_="panel")


def _value(card: Figure | LaneCard) -> str:
    return card.value if isinstance(card, Figure) else card.lead


def _codes(codes: Iterable[tuple[str, str]]) -> Markup:
    """The codes of an exhibit's figures, beside what each is and how much."""
    return el("dl", *(part for said, code in codes for part in (el("dt", said), el("dd", el("code", code)))))


def _tables(behind: Behind, view: View, once: _Once) -> Iterator[Markup]:
    for answer in behind.exhibit.answers:
        title = view.t.of(answer.query.title)
        yield _rows_of(answer, "table", title, view, once, lambda answer=answer: _first(answer, view))


def _first(answer: Answer, view: View) -> Table:
    return as_table(replace(answer, rows=answer.rows[:MOST_ROWS]), view.t)


def _meaning(behind: Behind, view: View, once: _Once) -> Iterator[Markup]:
    if behind.kpis:
        yield _definitions(behind.kpis)
    for one in behind.answers:
        title, again = view.t.of(one.answer.query.title), view.t("snapshot.again")
        yield once.fold(one.lines, title, again, lambda one=one: _definitions(one.lines))


def _definitions(said: Iterable[Said]) -> Markup:
    return el("dl", *(part for one in said for part in (el("dt", one.about), el("dd", one.words))))


def _sql(behind: Behind, view: View, once: _Once) -> Iterator[Markup]:
    for place, sql in behind.sql.items():
        yield once.fold(place, place, view.t("snapshot.again"), lambda sql=sql: _listing(sql))


def _listing(sql: str) -> Markup:
    """A text that scrolls in its box, which the arrow keys have to reach too."""
    return el("pre", el("code", sql), tabindex="0")


def _rows(behind: Behind, view: View, once: _Once) -> Iterator[Markup]:
    for one in behind.rows:
        kind, title = "kpi" if one.kpi else "rows", f"{one.title.about} · {one.title.words}"
        yield _rows_of(one.answer, kind, title, view, once, lambda one=one: one.table(view, MOST_ROWS))
    for ledger, files in _by_ledger(behind.files):
        title = f"{view.t('source.files')} · {ledger} ({view.t.number(len(files.rows))})"
        yield once.fold(files, title, view.t("snapshot.again"), lambda files=files: _drawing(files, view, ""))


def _by_ledger(files: Table) -> Iterator[tuple[str, Table]]:
    """The files that brought each ledger: a ledger stands behind many exhibits, its files in the snapshot once."""
    for ledger in dict.fromkeys(row[_LEDGER].text for row in files.rows):
        yield ledger, replace(files, rows=tuple(row for row in files.rows if row[_LEDGER].text == ledger))


def _words(behind: Behind, view: View, _once: _Once) -> Iterator[Markup]:
    quoted = behind.quotes
    if not quoted:
        yield el("p", view.t("source.no_quotes"))
    for fact in quoted:
        basis = view.t.label("value_basis", fact["value_basis"])
        source = el("div", f"{fact['fact_id']} · {basis}", lang=TAGS[view.t.code])
        yield el("blockquote", fact["quote_zh"], source, lang=TAGS["zh"])


def _rows_of(answer: Answer, kind: str, title: str, view: View, once: _Once, make_table: Callable[[], Table]) -> Markup:
    """The first rows of an answer as a table, folded; `kind` tells the tables of one answer apart."""
    t, total = view.t, len(answer.rows)

    def make() -> Markup:
        more = t("source.more_rows", shown=MOST_ROWS, total=total) if total > MOST_ROWS else ""
        return joined((html.drawn(make_table(), THEMES[0], t.code), el("p", more, class_="remark") if more else ""))

    key = (kind, t.code, answer.query.name, tuple(sorted(answer.params.items())), answer.release.number)
    return once.fold(key, f"{title} ({t.number(total)})", t("snapshot.again"), make)


# --- scripts ---------------------------------------------------------------------------------------------------


@cache
def _file(name: str) -> str:
    return (resources.files("taizhang.showing.papers") / name).read_text(encoding="utf-8")


def _plotly() -> str:
    return _file("plotly-basic.min.js")


@cache
def _packed_plotly() -> str:
    """The chart library compressed, which spares two thirds of a megabyte; the page's script unpacks it."""
    return b64encode(gzip.compress(_plotly().encode("utf-8"), mtime=0)).decode()


@cache
def _hash(script: str) -> str:
    """What a content policy calls a script by."""
    return "sha256-" + b64encode(sha256(script.encode("utf-8")).digest()).decode()


def _json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
