"""A slide as HTML for a room's screen. Every length is in u: a hundredth of the slide's height.

What is drawn here never scrolls: the sizes below are also what the room left for a drawing is reckoned from, and
the narrowest screen, 4:3, decides. The style sheet reads them as variables, so that they stand in one place.
"""

import re
from importlib import resources

from taizhang.drawing import palette, svg
from taizhang.drawing.html import tables
from taizhang.drawing.html.elements import styles as drawing_styles
from taizhang.drawing.html.elements import toned
from taizhang.drawing.html.figures import with_quiet_whole
from taizhang.drawing.markup import TAGS, Markup, el, joined
from taizhang.drawing.shapes import Figure, Figures, Lanes, Matrix, Shape, Table
from taizhang.drawing.text import width
from taizhang.showing.slides import SHORT_TERMS, Showing, Slide, unbroken

THEMES = {"light": "room", "dark": "room_dark"}  # what a meeting asks for → the palette's theme for a room
NARROW, WIDE = 121.0, 165.0  # between the margins at 4:3 and at 16:9
SIZES = {
    "title": 5.2,
    "long-title": 4.3,
    "caption": 2.5,
    "remark": 2.6,
    "text": 2.6,
    "small": 2.3,
    "label": 2.8,
    "value": 9.4,
    "said": 4.6,
    "cover": 7.6,
    "foot": 2.25,
    "line": 1.36,
    "margin": 6.0,
    "top": 3.4,
    "bottom": 6.0,
    "gap": 1.8,
}
LESS_WIDE = 148.0  # at 8:5, the narrowest screen that is laid out as a wide one
TABLE_TEXTS = (4.2, 3.8, 3.4, 3.0, 2.6, 2.3)  # the largest that fits
WELL_READ = 3.0  # a text so large is read from the last row
ROW_PADDINGS = (1.7, 1.2, 0.75)  # above and below a row: as airy as the room allows
DRAWING_TEXTS = (4.0, 3.5, 3.0, 2.65)  # where it must, a drawing writes 0.85 as large
FIGURE_GAP, TABLE_GAP = 3.0, 2.0  # between figures, between the columns of a table
COVER_HEAD = 2 * SIZES["cover"] * 1.25 + 9.0  # a title of two lines, and the office below it


def styles(theme: str) -> Markup:
    """The style sheet of all slides of a theme (`room`, `room_dark`)."""
    sheet = resources.files("taizhang.showing.room").joinpath("stage.css").read_text(encoding="utf-8")
    sizes = ";".join(f"--tzs-{name}:{size}" for name, size in SIZES.items())
    tones, surfaces = palette.tones(theme), palette.surfaces(theme)
    colours = {
        "ink": tones["plain"],
        "alert": tones["late"],
        "focus": tones["moving"],
        **surfaces,
        "scheme": "dark" if theme.endswith("dark") else "light",
        "font": palette.FONT,
    }
    own = ";".join([sizes, *(f"--tzs-{name}:{value}" for name, value in colours.items())])
    return Markup(f"<style>{drawing_styles(theme, 'tables')}\n.tzs{{{own}}}\n{sheet}</style>")


def script() -> str:
    """What the browser does with the slides: a module whose default function is handed the data and the element."""
    return resources.files("taizhang.showing.room").joinpath("stage.js").read_text(encoding="utf-8")


def deck_html(showing: Showing, theme: str) -> Markup:
    """All slides of a meeting in one language, in their order."""
    slides = (slide_html(slide, showing, theme) for slide in showing.slides)
    return el("div", *slides, class_="tzs-deck", lang=TAGS[showing.view.t.code], data_lang=showing.view.t.code)


def slide_html(slide: Slide, showing: Showing, theme: str) -> Markup:
    """One slide: the finding, its figures, its drawing, what is to be said about it, and the footer.

    Every text is escaped, and nothing in it can be picked or followed: a click turns the slide.
    """
    title = showing.meeting.title if slide.is_cover else slide.title
    head = _cover_head(slide, showing) if slide.is_cover else _head(slide)
    return el(
        "section",
        head,
        _figures(slide.figures, slide.body is None) if slide.figures else None,
        el("div", _body(slide, theme), class_="tzs-body"),
        _remarks(slide),
        _foot(slide, showing),
        el("div", slide.note, class_="tzs-note", hidden=""),
        class_=f"tzs-slide tz tz-{theme}{' tzs-cover' if slide.is_cover else ''}",
        data_title=title + _part(slide),
        data_name=slide.name,
        aria_roledescription="slide",
        aria_label=title,
    )


# --- above -----------------------------------------------------------------------------------------------------


def _head(slide: Slide) -> Markup:
    mark = el("span", slide.view.t("common.demo"), class_="tzs-mark") if slide.is_demo else None
    size = "title" if _title_size(slide) == SIZES["title"] else "long-title"
    return el(
        "header",
        el("h2", slide.title, mark, class_=f"tzs-{size}"),
        el("p", slide.caption + _part(slide), class_="tzs-caption") if slide.caption or _part(slide) else None,
    )


def _cover_head(slide: Slide, showing: Showing) -> Markup:
    meeting, t = showing.meeting, slide.view.t
    mark = el("span", t("common.demo_note"), class_="tzs-mark") if slide.is_demo else None
    office = slide.view.ask("campaign").column("org_name")
    said = " · ".join([*(str(name) for name in office if name), t.day(meeting.held_on)])
    return el("header", el("h2", meeting.title, class_="tzs-cover-title"), el("p", said, mark, class_="tzs-office"))


def _part(slide: Slide) -> str:
    place, all_parts = slide.part
    return f" ({place}/{all_parts})" if all_parts > 1 else ""


def _title_size(slide: Slide) -> float:
    said = width(slide.title) + (width(slide.view.t("common.demo")) * 0.5 + 1.5 if slide.is_demo else 0)
    return SIZES["title"] if said * SIZES["title"] * 1.04 <= NARROW else SIZES["long-title"]


# --- figures ---------------------------------------------------------------------------------------------------


def _figures(shape: Figures, is_alone: bool) -> Markup:
    items = [
        el(
            "section",
            el("p", one.label, class_="tzs-label"),
            _value(one.value),
            el("p", one.change, class_=f"tzs-change {toned(one.change_tone)}"),
            el("p", one.detail, _passport(one.passport), class_="tzs-detail"),
            class_=f"tzs-figure {toned(one.tone)}",
        )
        for one in shape.items
    ]
    return el("div", *items, class_=f"tzs-figures{' tzs-alone' if is_alone else ''}", style=_columns(len(items)))


def _value(value: str) -> Markup:
    """A number as large as the back row needs it; words beside it, or instead of it, are smaller."""
    found = re.fullmatch(r"(\D*)([\d.,]+(?:\s*/\s*[\d.,]+|%)?)(\D*)", value)
    if not found:
        return el("p", value, class_="tzs-said")
    before, number, after = found.groups()
    beside = (el("span", words.strip(), class_="tzs-beside") if words.strip() else "" for words in (before, after))
    return el("p", next(beside), with_quiet_whole(number), next(beside), class_="tzs-value")


def _lanes(shape: Lanes) -> Markup:
    items = [
        el(
            "section",
            el("p", one.label, class_="tzs-label"),
            _value(one.lead),
            el("p", one.lead_detail, _passport(one.passport), class_="tzs-detail"),
            el("ul", *(el("li", line) for line in one.lines)) if one.lines else None,
            class_=f"tzs-figure {toned(one.tone)}",
        )
        for one in shape.items
    ]
    return el("div", *items, class_="tzs-figures tzs-alone tzs-lanes", style=_columns(len(items)))


def _columns(count: int) -> str:
    return f"--tzs-columns:{max(count, 1)}"


def _passport(code: str) -> Markup | None:
    return joined((" ", el("span", code, class_="tzs-passport"))) if code else None


# --- the drawing -----------------------------------------------------------------------------------------------


def _body(slide: Slide, theme: str) -> Markup | None:
    shape = slide.body.still() if slide.body is not None else None
    match shape:
        case None:
            return None
        case Lanes():
            return _lanes(shape)
        case Table():
            sizes = ";".join(
                f"--tzs-{name}-text:{size};--tzs-{name}-pad:{padding}"
                for name, wide in (("narrow", NARROW), ("wide", LESS_WIDE))
                for size, padding in [_table_sizes(slide, wide)]
            )
            return el("div", tables.draw_table(shape, theme, slide.widths), class_="tzs-table", style=sizes)
        case Matrix():
            return el("div", tables.draw_matrix(shape, theme), class_="tzs-matrix")
    return joined(_picture(shape, slide, theme, name, wide) for name, wide in (("narrow", NARROW), ("wide", WIDE)))


def _picture(shape: Shape, slide: Slide, theme: str, name: str, wide: float) -> Markup:
    """The drawing for one of the two widths, its text as large as the room allows."""
    high = room_for(slide, wide)
    size = next((one for one in DRAWING_TEXTS if svg.height(shape, wide, one) <= high), DRAWING_TEXTS[-1])
    drawn = svg.drawn(shape, theme, wide, high, size, slide.exhibits[-1].title)
    return el("div", drawn, class_=f"tzs-drawing tzs-{name}", style=f"--tzs-wide:{wide};--tzs-high:{high:.2f}")


# --- below -----------------------------------------------------------------------------------------------------


def _remarks(slide: Slide) -> Markup | None:
    """What is to be said about the slide; a figure corrected since stands out from the rest."""
    said = [el("li", el("b", "▲", aria_hidden="true"), text, class_="tzs-restated") for text in slide.restated]
    said += [el("li", text) for text in slide.remarks]
    return el("ul", *said, class_=f"tzs-remarks{' tzs-empty' if slide.is_empty else ''}") if said else None


def _foot(slide: Slide, showing: Showing) -> Markup:
    """Where the room is, and what it looks at: always there, on every slide."""
    t, seen = slide.view.t, slide.view.circumstances
    number = next(place for place, one in enumerate(showing.slides, start=1) if one is slide)
    return el(
        "footer",
        el("b", f"{number}/{len(showing.slides)}"),
        *(el("span", one) for one in (seen.as_of, seen.release, seen.compared, seen.district) if one),
        el("strong", t("common.demo")) if slide.is_demo else None,
        el("span", slide.passport, class_="tzs-passport"),
        class_="tzs-foot",
    )


# --- how much room there is ------------------------------------------------------------------------------------


def room_for(slide: Slide, wide: float) -> float:
    """The height, in u, left for the drawing on a slide so wide between its margins."""
    taken = SIZES["top"] + SIZES["bottom"] + SIZES["gap"]
    if slide.is_cover:
        return 100 - taken - COVER_HEAD
    size = _title_size(slide)
    taken += _lines(slide.title, size, wide - (12 if slide.is_demo else 0)) * size * 1.25
    caption = slide.caption + _part(slide)
    taken += _lines(caption, SIZES["caption"], wide) * SIZES["caption"] * SIZES["line"] if caption else 0
    remarks = [(text, SIZES["remark"]) for text in (*slide.remarks, *slide.restated)]
    taken += sum(_lines(text, size, wide - 4) * size * SIZES["line"] + 0.8 for text, size in remarks)
    if slide.figures and slide.body is not None:
        taken += _figures_height(slide.figures, wide) + SIZES["gap"]
    return 100 - taken


def _figures_height(shape: Figures, wide: float) -> float:
    column = (wide - FIGURE_GAP * (len(shape.items) - 1)) / len(shape.items)
    return max(_figure_height(one, column) for one in shape.items) + 0.9


def _figure_height(one: Figure, column: float) -> float:
    small, line = SIZES["small"], SIZES["line"]
    detail = f"{one.detail} {one.passport}"
    return (
        _lines(one.label, SIZES["label"], column) * SIZES["label"] * line
        + SIZES["value"] * 1.12
        + (_lines(one.change, small, column) * small * line if one.change else 0)
        + _lines(detail, small, column) * small * line
    )


def _table_sizes(slide: Slide, wide: float) -> tuple[float, float]:
    """The largest text, and then the most air, with which a table stays on a slide so wide between its margins.

    Short terms are broken over two lines only where the text would otherwise be small; words and dates never are.
    """
    best = (TABLE_TEXTS[-1], ROW_PADDINGS[-1])
    for short_term in SHORT_TERMS:
        if best[0] < WELL_READ:
            sizes = ((size, padding) for size in TABLE_TEXTS for padding in ROW_PADDINGS)
            best = max((one for one in sizes if _table_fits(slide, *one, wide, short_term)), default=best)
    return best


def _table_fits(slide: Slide, size: float, padding: float, wide: float, short_term: float) -> bool:
    """Whether a table so large stays on the slide, and breaks nothing that should not be broken."""
    columns = [share * wide - TABLE_GAP for share in slide.widths]
    rows = [list(slide.body.columns), *([cell.shown for cell in row] for row in slide.body.rows)]
    cells = [[*zip(row, columns, strict=True)] for row in rows]
    if any(unbroken(text, short_term) * size > room for row in cells for text, room in row):
        return False
    high = sum(max(_lines(text, size, room) for text, room in row) * size * 1.42 + 2 * padding + 0.1 for row in cells)
    return high <= room_for(slide, wide)


def _lines(text: str, size: float, wide: float) -> int:
    """How many lines a text takes, with a little to spare: what wraps loses the end of a line."""
    return max(1, -int(-width(text) * size * 1.04 // wide))
