"""A slide as HTML for a room's screen. Every length is in u: a hundredth of the slide's height.

What is drawn here never scrolls: the sizes below are also what the room left for a drawing is reckoned from, and
the narrowest screen, 4:3, decides. The style sheet reads them as variables, so that they stand in one place.
"""

import re
from importlib import resources

from taizhang.drawing import logo, palette, svg
from taizhang.drawing.html import tables
from taizhang.drawing.html.elements import styles as drawing_styles
from taizhang.drawing.html.elements import toned
from taizhang.drawing.html.figures import with_quiet_whole
from taizhang.drawing.markup import TAGS, Markup, el, joined
from taizhang.drawing.shapes import Cell, Figure, Lanes, Line, Matrix, Shape, Table
from taizhang.drawing.text import lines_needed, width
from taizhang.showing.slides import CLOSING, FEWEST_ROWS, SHORT_TERMS, Showing, Slide, band_of, unbroken

THEMES = {"light": "room", "dark": "room_dark"}  # what a meeting asks for → the palette's theme for a room
NARROW, WIDE = 119.0, 163.5  # between the margins at 4:3 and at 16:9
# The scale of the room's letters: 88, 104, 56, 48, 40, 32, 28 and 24 px on a screen 1,080 high. A slide takes six of
# them at most.
SIZES = {
    "cover": 8.15,
    "value": 9.63,
    "title": 5.19,
    "long-title": 4.44,
    "heading": 3.7,
    "text": 2.96,
    "small": 2.59,
    "foot": 2.25,
    "line": 1.36,
    "margin": 7.0,
    "top": 5.0,
    "bottom": 7.4,
    "gap": 1.8,
}
WIDTHS = {"narrow": NARROW, "wide": WIDE}
LESS_WIDE = 146.0  # at 8:5, the narrowest screen that is laid out as a wide one
TABLE_TEXTS = tuple(SIZES[name] for name in ("heading", "text", "small", "foot"))  # the largest that fits
WELL_READ = SIZES["small"]  # a text so large is read from the last row; no name is broken for a larger one
ROW_PADDINGS = (3.0, 2.4, 1.7, 1.2, 0.75)  # above and below a row: as airy as the room allows
DRAWING_TEXTS = TABLE_TEXTS[:3]  # where it must, a drawing writes one step smaller
GUTTER, TABLE_GAP = 2.4, 2.0  # between figures and cards, between the columns of a table
BESIDE = 2 / 3  # of the width is the drawing's, eight columns of twelve, where figures stand beside it
VALUE_LINE = 1.12  # the line of a figure's number, in its size
CARD_PADDING = 2.6
BAND = 1 / 3  # of a cover's width is the office's


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
        **dict(zip(("band", "on-band"), palette.band(theme), strict=True)),
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
    slides = [slide_html(slide, showing, theme) for slide in showing.slides if slide.name != CLOSING]
    return el(
        "div",
        *slides,
        _closing(showing, theme),
        class_="tzs-deck",
        lang=TAGS[showing.view.t.code],
        data_lang=showing.view.t.code,
    )


def slide_html(slide: Slide, showing: Showing, theme: str) -> Markup:
    """One slide: the finding, its figures, its drawing, what is to be said about it, and the footer.

    Every text is escaped, and nothing in it can be picked or followed: a click turns the slide.
    """
    title = showing.meeting.title if slide.is_cover else slide.title
    shown = _cover(slide, showing) if slide.is_cover else _content(slide, showing, theme)
    return el(
        "section",
        *shown,
        _foot(slide, showing),
        el("div", slide.note, class_="tzs-note", hidden=""),
        class_=f"tzs-slide tz tz-{theme}{' tzs-cover' if slide.is_cover else ''}",
        data_title=title + _part(slide),
        data_name=slide.name,
        data_few=few(slide) or None,
        style=f"--tzs-of:{_title_size(slide)}",  # the quiet whole of 10/17: no size of its own
        aria_roledescription="slide",
        aria_label=title,
    )


def _closing(showing: Showing, theme: str) -> Markup:
    """The last slide, of what was agreed on; the stage fills it while the meeting goes on, and skips it until then."""
    t, seen = showing.view.t, showing.view.circumstances
    return el(
        "section",
        el("header", el("h2", class_="tzs-title"), el("p", t("agenda.closing_caption"), class_="tzs-caption")),
        el("div", el("ol", class_="tzs-opening tzs-promised"), class_="tzs-main"),
        el(
            "footer",
            el("b"),
            *(el("span", one) for one in (seen.as_of, seen.release, seen.compared) if one),
            el("strong", t("common.demo")) if showing.is_demo else None,
            class_="tzs-foot",
        ),
        el("div", class_="tzs-note", hidden=""),
        class_=f"tzs-slide tz tz-{theme} tzs-closing",
        data_name=CLOSING,
        data_few="rows",
        aria_roledescription="slide",
    )


def few(slide: Slide) -> str:
    """Why a slide may leave much of itself free; '' for one that may not."""
    if slide.is_empty:
        return "nothing"
    is_list = isinstance(slide.body, Table) and not slide.cards
    return "rows" if is_list and len(slide.body.rows) < FEWEST_ROWS else ""


# --- the cover -------------------------------------------------------------------------------------------------


def _cover(slide: Slide, showing: Showing) -> tuple[Markup, ...]:
    """Whose meeting it is and on which data in a band of its own; what is to be made clear beside it."""
    return _band(slide, showing), _opening(slide, showing)


def _band(slide: Slide, showing: Showing) -> Markup:
    said = band_of(showing, slide)
    return el(
        "div",
        el("span", logo.mark("dark"), class_="tzs-logo", aria_hidden="true"),
        el("p", said.office, class_="tzs-office"),
        *(el("p", one) for one in said.campaign),
        el("div", *(el("p", one) for one in said.data), class_="tzs-data"),
        class_="tzs-band",
    )


def _opening(slide: Slide, showing: Showing) -> Markup:
    """The meeting's name, the sentences with their figures, and below them how far the data can be trusted."""
    t = slide.view.t
    rows = [
        el(
            "li",
            el("b", str(number), class_="tzs-nth", aria_hidden="true"),
            el("span", one.label),
            el("strong", one.value, class_=toned(one.tone)),
        )
        for number, one in enumerate(slide.opening, start=1)
    ]
    title = showing.meeting.title
    size = "cover-title" if width(title) * SIZES["cover"] <= 2.9 * NARROW * (1 - BAND) * 0.9 else "title"
    return el(
        "div",
        el("header", el("h2", title, class_=f"tzs-{size}"), el("p", t("agenda.opening", count=len(rows)))),
        el("ol", *rows, class_="tzs-opening"),
        _remarks(slide),
        el("dl", *(el("div", el("dt", row[0].text), el("dd", row[1].text)) for row in slide.facts), class_="tzs-facts"),
        class_="tzs-told",
    )


# --- above -----------------------------------------------------------------------------------------------------


def _head(slide: Slide) -> Markup:
    size = "title" if _title_size(slide) == SIZES["title"] else "long-title"
    return el(
        "header",
        el("h2", slide.title, class_=f"tzs-{size}"),
        el("p", slide.caption + _part(slide), class_="tzs-caption") if slide.caption or _part(slide) else None,
    )


def _part(slide: Slide) -> str:
    place, all_parts = slide.part
    return f" ({place}/{all_parts})" if all_parts > 1 else ""


def _title_size(slide: Slide) -> float:
    return SIZES["title"] if width(slide.title) * SIZES["title"] * 1.04 <= NARROW else SIZES["long-title"]


def _content(slide: Slide, showing: Showing, theme: str) -> tuple[Markup | None, ...]:
    """The finding, then figures and drawing: beside each other where both find room, else one above the other."""
    beside = "".join(f" tzs-beside-{name}" for name, wide in WIDTHS.items() if is_beside(slide, wide))
    main = el(
        "div",
        _figures(slide) if slide.figures else None,
        el("div", _body(slide, showing, theme), class_="tzs-body"),
        class_=f"tzs-main{beside}",
    )
    return _head(slide), main, _remarks(slide)


# --- figures ---------------------------------------------------------------------------------------------------


def _figures(slide: Slide) -> Markup:
    """Alone each is a panel; above a list they are smaller, so that the list has room."""
    items = [
        el(
            "section",
            el("p", one.label, class_="tzs-label"),
            _value(one.value),
            el(
                "div",
                el("p", one.change, class_=f"tzs-change {toned(one.change_tone)}") if one.change else None,
                el("p", one.detail, class_="tzs-detail") if one.detail else None,
                class_="tzs-words",
            ),
            class_=f"tzs-figure {toned(one.tone)}",
        )
        for one in slide.figures.items
    ]
    kind = " tzs-alone" if slide.body is None else " tzs-less" if isinstance(slide.body, Table) else ""
    return el("div", *items, class_=f"tzs-figures{kind}", style=_columns(len(items)))


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
            el("p", one.lead_detail, class_="tzs-detail"),
            el("ul", *(el("li", line) for line in one.lines)) if one.lines else None,
            class_=f"tzs-figure {toned(one.tone)}",
        )
        for one in shape.items
    ]
    return el("div", *items, class_="tzs-figures tzs-alone tzs-lanes", style=_columns(len(items)))


def _columns(count: int) -> str:
    return f"--tzs-columns:{max(count, 1)}"


# --- the drawing -----------------------------------------------------------------------------------------------


def _body(slide: Slide, showing: Showing, theme: str) -> Markup | None:
    shape = slide.body.still() if slide.body is not None else None
    match shape:
        case None:
            return None
        case Lanes():
            return _lanes(shape)
        case Table():
            if slide.cards and all(_cards_fit(slide, wide) for wide in WIDTHS.values()):
                return _cards(slide)
            sizes = ";".join(
                f"--tzs-{name}-text:{size};--tzs-{name}-pad:{padding}"
                for name, wide in (("narrow", NARROW), ("wide", LESS_WIDE))
                for size, padding in [_alike(slide, showing, wide)]
            )
            return el("div", tables.draw_table(shape, theme, slide.widths), class_="tzs-table", style=sizes)
        case Matrix():
            return el("div", tables.draw_matrix(shape, theme), class_="tzs-matrix")
    return joined(_picture(shape, slide, theme, name, wide) for name, wide in WIDTHS.items())


def _picture(shape: Shape, slide: Slide, theme: str, name: str, wide: float) -> Markup:
    """The drawing for one of the two widths, its text as large as the room allows."""
    high = room_for(slide, wide)
    wide = _drawing_width(slide, wide)
    sizes = DRAWING_TEXTS[1:] if isinstance(shape, Line) or slide.figures else DRAWING_TEXTS
    size = next((one for one in sizes if svg.height(shape, wide, one) <= high), sizes[-1])
    drawn = svg.drawn(shape, theme, wide, high, size, slide.exhibits[-1].title)
    return el("div", drawn, class_=f"tzs-drawing tzs-{name}", style=f"--tzs-wide:{wide:.2f};--tzs-high:{high:.2f}")


def _drawing_width(slide: Slide, wide: float) -> float:
    return (wide - GUTTER) * BESIDE if is_beside(slide, wide) else wide


def is_beside(slide: Slide, wide: float) -> bool:
    """Whether figures and drawing stand beside each other on a slide so wide between its margins."""
    if not slide.figures or slide.body is None or not svg.is_drawn(slide.body):
        return False
    column = (wide - GUTTER) * (1 - BESIDE)
    figures = sum(_height_beside(one, column) for one in slide.figures.items) + GUTTER * (len(slide.figures.items) - 1)
    room = _room_below_head(slide, wide)
    return figures <= room and svg.height(slide.body, (wide - GUTTER) * BESIDE, DRAWING_TEXTS[-1]) <= room


def _height_beside(one: Figure, column: float) -> float:
    """A figure with its words beside the number."""
    small = SIZES["small"]
    left = column - width(one.value) * SIZES["value"] * 0.8 - 1.5
    words = sum(lines_needed(text, max(left / small, 1)) for text in (one.change, one.detail) if text)
    label = lines_needed(one.label, column / (SIZES["text"] * 1.07)) * SIZES["text"] * SIZES["line"]
    return 0.9 + label + max(SIZES["value"] * VALUE_LINE, words * small * SIZES["line"])


# --- cards -----------------------------------------------------------------------------------------------------


def _cards(slide: Slide) -> Markup:
    """What is to be decided, a card each; where there is room, a last one for what is agreed on today."""
    t, places = slide.view.t, slide.body.card
    cards = [
        el(
            "article",
            el("p", row[places.state].shown, class_="tzs-state"),
            el("h3", row[places.about].text),
            el("p", row[places.said].text, class_="tzs-said-of-it") if places.said is not None else None,
            el("p", slide.below(row), class_="tzs-below"),
            class_=f"tzs-card {toned(row[places.state].tone)}",
        )
        for row in slide.cards
    ]
    if slide.has_agreed:
        agreed = el("ol", class_="tzs-agreed", data_hint=t("present.agreed_hint"))
        cards.append(
            el("article", el("p", t("present.agreed"), class_="tzs-state"), agreed, class_="tzs-card tzs-open")
        )
    return el("div", *cards, class_="tzs-cards", style=_columns(len(cards)))


def _cards_fit(slide: Slide, wide: float) -> bool:
    """Whether every card holds all its words on a slide so wide between its margins."""
    count = len(slide.cards) + slide.has_agreed
    column = (wide - GUTTER * (count - 1)) / count - 2 * CARD_PADDING
    places, text = slide.body.card, SIZES["text"]

    def high(row: tuple[Cell, ...]) -> float:
        said = row[places.said].text if places.said is not None else ""
        pairs = ((row[places.about].text, SIZES["heading"]), (said, text), (slide.below(row), text))
        lines = sum(lines_needed(words, column / (size * 1.07)) * size * SIZES["line"] for words, size in pairs)
        return lines + text * SIZES["line"] + 2 * CARD_PADDING + 6.0

    return max(map(high, slide.cards)) <= _room_below_head(slide, wide)


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
    room = _room_below_head(slide, wide)
    if slide.figures and slide.body is not None and not is_beside(slide, wide):
        room -= _figures_height(slide, wide) + SIZES["gap"]
    return room


def _room_below_head(slide: Slide, wide: float) -> float:
    taken = SIZES["top"] + SIZES["bottom"] + SIZES["gap"]
    size = _title_size(slide)
    taken += _lines(slide.title, size, wide) * size * 1.25
    caption = slide.caption + _part(slide)
    taken += _lines(caption, SIZES["small"], wide) * SIZES["small"] * SIZES["line"] if caption else 0
    remarks = [(text, SIZES["small"]) for text in (*slide.remarks, *slide.restated)]
    taken += sum(_lines(text, size, wide - 4) * size * SIZES["line"] + 0.8 for text, size in remarks)
    return 100 - taken - (SIZES["gap"] if remarks else 0)


def _figures_height(slide: Slide, wide: float) -> float:
    """Of figures side by side above a drawing."""
    items = slide.figures.items
    column = (wide - GUTTER * (len(items) - 1)) / len(items)
    value = SIZES["title" if isinstance(slide.body, Table) else "value"] * VALUE_LINE
    return max(_words_height(one, column) for one in items) + value + 0.9


def _words_height(one: Figure, column: float) -> float:
    texts = ((one.label, SIZES["text"]), (one.change, SIZES["small"]), (one.detail, SIZES["small"]))
    return sum(_lines(text, size, column) * size * SIZES["line"] for text, size in texts if text)


def _alike(slide: Slide, showing: Showing, wide: float) -> tuple[float, float]:
    """The sizes of a table: the text as large on all pages of one list, the air as its own page allows."""
    pages = [one for one in showing.slides if one.exhibits is slide.exhibits]
    size = min(_table_sizes(one, wide)[0] for one in (slide, *pages))
    fitting = (air for air in ROW_PADDINGS if any(_table_fits(slide, size, air, wide, term) for term in SHORT_TERMS))
    return size, next(fitting, ROW_PADDINGS[-1])


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
    """How many lines a text takes whose words stay whole, with a little to spare."""
    return lines_needed(text, wide / (size * 1.02))
