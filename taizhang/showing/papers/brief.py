"""The brief 汇报材料: what the slides show as running text, with lists as tables and maps as pictures.

Every sentence is put together from a slide's own title and figures, so that the text cannot say anything else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from taizhang.declared.wording import Language
from taizhang.drawing import svg
from taizhang.drawing.shapes import (
    Bars,
    Figure,
    Lanes,
    Line,
    Matrix,
    Passage,
    Shape,
    StackedBars,
    Table,
    TileMap,
    Timeline,
)
from taizhang.drawing.text import lines, number, width
from taizhang.drawing.twins import as_read, as_table
from taizhang.evidence.provenance import meaning_of
from taizhang.exhibits.parts_of_campaign import strands_named
from taizhang.showing.papers import typeset
from taizhang.showing.papers.official import Official, text_width
from taizhang.showing.papers.sections import Section, circumstances, commitments, sections
from taizhang.showing.slides import Showing

MOST_ROWS = 60  # of one table; a brief is for reading
TALLEST = 150.0  # mm, of a picture
PICTURE_TEXT = 3.0  # mm, the text in a picture: 8.5 points
TITLE_ROOM = 19.5  # characters of a line of the title
ANNEX = "definitions"
# What stands in the text as a table or as a picture; the others are told in words.
TABLES, PICTURES = (Table, StackedBars, Matrix), (TileMap, Line, Timeline)

# What a section is about: exhibits by their names, the others by the page they come from.
_ABOUT = {
    "meeting.cover": "cover",
    "meeting.promises": "promises",
    "meeting.changes": "changes",
    "meeting.moved": "changes",
    "meeting.decisions": "decisions",
    "meeting.results": "results",
    "meeting.result_list": "results",
    "meeting.next_steps": "next",
    "meeting.definitions": ANNEX,
    "sources.definitions": ANNEX,
    "rectification.headline": "overall",
    "rectification.burn_down": "overall",
    "rectification.due": "overdue",
    "rectification.ageing": "overdue",
    "rectification.on_time": "overdue",
    "rectification.moves_new": "changes",
    "rectification.moves_advanced": "changes",
    "rectification.moves_closed": "changes",
    "rectification.moves_setbacks": "changes",
    "rectification.moves_removed": "changes",
    "research.handling": "opinions",
    "research.suggestions": "opinions",
    "research.proposals": "results",
}
_ABOUT_PAGE = {
    "overview": "overall",
    "timeline": "overall",
    "study": "study",
    "research": "coverage",
    "review": "opinions",
    "rectification": "progress",
    "sources": "cover",
}

Tell = Callable[[int, int], None]


def build(showings: Sequence[Showing], tell: Tell | None = None) -> bytes:
    """The brief of a meeting as .docx, one part a language; the same showings give the same bytes.

    Raises `typeset.FontsMissing` when it has a picture and the computer no font to write Chinese in it.
    """
    first = showings[0]
    day, by = first.meeting.held_on, first.view.t("frame.product")
    paper = Official(first.meeting.title, day, [showing.view.t.code for showing in showings], by)
    parts = [(showing, sections(showing)) for showing in showings]
    total, done = sum(len(own) for _, own in parts), 0
    for showing, own in parts:
        part = _Part(paper, showing)
        part.open()
        for _section in part.write(own):
            done += 1
            if tell:
                tell(done, total)
        part.close(own)
    return paper.written()


@dataclass
class _Part:
    """The brief in one language."""

    paper: Official
    showing: Showing
    chapters: int = 0

    @property
    def t(self) -> Language:
        return self.showing.view.t

    def open(self) -> None:
        """The title, and what the whole brief looks at."""
        title = self.showing.meeting.title
        if self.t.code == "zh" and width(title) <= 2 * TITLE_ROOM:  # in lines of even length, none of one character
            title = "\n".join(lines(title, TITLE_ROOM))
        self.paper.begin(self.t.code, self.t("common.demo_note") if self.showing.is_demo else "")
        self.paper.paragraph(title, "title")
        said = circumstances(self.showing)
        looked_at = said[:-1] if self.showing.is_demo else said  # the mark of made-up data stands over every page
        self.paper.paragraph(self.tight(self.t("brief.comma").join(looked_at)), "subtitle")
        self.conclusions()

    def conclusions(self) -> None:
        """What the meeting is to make clear, before anything else: each sentence with its figure."""
        t, told = self.t, next((one.opening for one in self.showing.slides if one.opening), ())
        if not told:
            return
        lead = t("brief.colon").join((t("agenda.opening", count=len(told)), "")).rstrip()
        self.paper.paragraph(self.tight(lead), leads=True)
        for place, one in enumerate(told, start=1):
            said = t("brief.conclusion", number=place, said=one.label, figure=one.value)
            self.paper.paragraph(self.tight(said), leads=place < len(told))

    def write(self, own: Sequence[Section]) -> Iterator[Section]:
        """The chapters, one for each subject of the script; yields every section once it stands there."""
        for about, group in groupby((one for one in own if _about(one) != ANNEX), key=_about):
            members = list(group)
            if about != "cover":  # the state of the data opens the brief, without a heading
                self.heading(self.t(f"brief.group_{about}", strand=strands_named(self.showing.view, "study")))
            for place, section in enumerate(members, start=1):
                if len(members) > 1:
                    self.subheading(place, section.slide.title)
                self.section(section, self.words_of(section, with_title=len(members) == 1))
                yield section
        yield from (one for one in own if _about(one) == ANNEX)

    def close(self, own: Sequence[Section]) -> None:
        """What was promised at the meeting, the day, and the annex."""
        t, meeting = self.t, self.showing.meeting
        promised = commitments(self.showing)
        if promised:
            self.heading(t("brief.group_after"))
            self.table(promised, t("brief.group_after"))
        if meeting.units:
            self.paper.paragraph(t("brief.units", units=t("common.comma").join(meeting.units)))
        if meeting.note:
            self.paper.paragraph(meeting.note)
        self.paper.paragraph(t("brief.date", year=meeting.held_on.year, day=t.short_day(meeting.held_on)), "date")
        self.annex(own)

    # --- a chapter

    def heading(self, title: str) -> None:
        self.chapters += 1
        self.paper.paragraph(self.t("brief.heading1", number=_numeral(self.chapters, self.t), title=title), "heading1")

    def subheading(self, place: int, title: str) -> None:
        number = _numeral(place, self.t)
        if self.t.code == "en":
            number = f"{self.chapters}.{place}"
        self.paper.paragraph(self.tight(self.t("brief.heading2", number=number, title=title)), "heading2")

    def section(self, section: Section, words: str) -> None:
        """The sentences of a slide, what was corrected since, its drawing, its remarks and its code."""
        t = self.t
        if words:
            self.paper.paragraph(
                self.tight(words), leads=isinstance(section.body, TABLES + PICTURES) and not section.restated
            )
        for said in section.restated:
            self.paper.paragraph(self.tight(said), "marked")
        if section.body is not None:
            self.drawing(section.body, section)
        notes = [self.sentence(said) for said in (section.slide.caption, *section.remarks) if said]
        if notes:
            self.paper.paragraph(t("brief.note", note=self.joined(notes)), "small")
        if section.slide.passport:
            self.paper.paragraph(t("brief.passport", code=section.slide.passport), "small")

    def words_of(self, section: Section, with_title: bool) -> str:
        """The running text of a slide: its finding, its figures, and what its drawing says in words."""
        t, slide = self.t, section.slide
        said = [self.sentence(slide.title)] if with_title else []
        if slide.figures:
            said.append(self.sentence(t("brief.semicolon").join(map(self.figure, slide.figures.items))))
        told = self.told(section.body)
        if told:
            said.append(self.sentence(t("brief.semicolon").join(told)))
        return self.joined(said)

    def figure(self, figure: Figure) -> str:
        """A figure as people say it: what it is, how much, of how many, and how it moved."""
        t = self.t
        said = t("brief.figure", label=figure.label, value=figure.value)
        more = [part for part in (*figure.detail.split(" · "), figure.change) if part]
        return t("brief.more", figure=said, more=t("brief.comma").join(more)) if more else said

    def told(self, shape: Shape | None) -> list[str]:
        """What a drawing says, where words say it better than a picture; tables speak for themselves."""
        t = self.t
        match shape:
            case Lanes():
                return [
                    t("brief.colon").join(
                        (card.label, t("brief.comma").join((f"{card.lead} {card.lead_detail}".strip(), *card.lines)))
                    )
                    for card in shape.items
                ]
            case Bars():
                return [t("brief.figure", label=bar.label, value=bar.text) for bar in shape.items]
            case TileMap():
                counts = [t("brief.figure", label=entry.label, value=entry.count) for entry in shape.legend]
                return [t("brief.comma").join(counts), *(f"{one.label} {one.count}" for one in shape.groups)]
            case Line():
                return [*self.last_values(shape)]
            case Passage():
                return [shape.text]
        return []

    def last_values(self, shape: Line) -> Iterator[str]:
        for series in shape.series:
            if last := shape.last(series):
                day, value = last
                yield self.t(
                    "brief.line", name=series.name, value=number(value), unit=shape.unit, day=self.t.short_day(day)
                )

    def drawing(self, shape: Shape, section: Section) -> None:
        if isinstance(shape, TABLES):
            self.table(as_read(shape, self.t), section.slide.title)
        elif isinstance(shape, PICTURES):
            self.picture(shape, section.slide.title)

    def table(self, table: Table, title: str) -> None:
        """A list, its heading repeated on every page; a very long one names how much it leaves out."""
        if not table.rows:
            return self.paper.paragraph(self.tight(self.sentence(table.empty)))
        shown, rest = table.first(MOST_ROWS)
        self.paper.table(shown, title)
        if rest:
            self.paper.paragraph(self.t("brief.rest", count=rest), "small")

    def picture(self, shape: Shape, title: str) -> None:
        width = text_width(self.t.code)
        height = min(svg.height(shape, width, PICTURE_TEXT), TALLEST)
        drawn = svg.drawn(shape, "light", width, height, PICTURE_TEXT, title)
        self.paper.picture(typeset.png(drawn, width), width, height, self.alt(shape, title))

    def alt(self, shape: Shape, title: str) -> str:
        """What is on a picture, for those who do not see it: every name and number of it."""
        t, table = self.t, as_table(shape, self.t)
        rows = (
            t("brief.comma").join(
                f"{column} {cell.text}" for column, cell in zip(table.columns, row, strict=True) if cell.text
            )
            for row in table.rows
        )
        return t("brief.colon").join((title, t("brief.semicolon").join(rows)))

    def annex(self, own: Sequence[Section]) -> None:
        """What the figures mean, and where the data come from."""
        t, view = self.t, self.showing.view
        self.paper.paragraph(t("brief.annex"), "annex")
        listed = [one for one in own if _about(one) == ANNEX]
        for section in listed:
            self.section(section, self.words_of(section, with_title=True))
        known = {kpi for one in listed for exhibit in one.exhibits for kpi in exhibit.kpis}
        for kpi in dict.fromkeys(kpi for one in own for exhibit in one.exhibits for kpi in exhibit.kpis):
            if kpi in known:
                continue
            said = meaning_of(kpi, view)
            self.paper.paragraph(t("brief.definition", name=f"{kpi} {said.about}", words=said.words), "small")
        release = view.release
        data = t("brief.data", by=release.published_by, number=release.number, day=t.day(release.as_of))
        self.paper.paragraph(self.tight(data), "small")
        self.paper.paragraph(t("passport.purpose"), "small")

    # --- sentences

    def sentence(self, text: str) -> str:
        """A text with a full stop, unless it has one."""
        text = text.rstrip()
        return text if not text or text[-1] in self.t("brief.ends") else text + self.t("brief.stop")

    def joined(self, sentences: Sequence[str]) -> str:
        return ("" if self.t.code == "zh" else " ").join(sentences)

    def tight(self, text: str) -> str:
        """Running Chinese text as it is printed: without the spaces that set numbers apart on a screen."""
        if self.t.code != "zh":
            return text
        return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=\S)|(?<=\S) (?=[\u3000-\u9fff\uff00-\uffef])", "", text)


def _about(section: Section) -> str:
    """What a section is about, by its last exhibit's name or the page that it is from."""
    name = section.slide.name
    return _ABOUT.get(name) or _ABOUT_PAGE.get(name.partition(".")[0], "overall")


def _numeral(number: int, t: Language) -> str:
    """The number of a heading: 一, 二 … 十一, 十二 … in Chinese."""
    if t.code != "zh":
        return str(number)
    digits = t("brief.digits")
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else digits[tens - 1]) + (digits[9] if tens else "") + (digits[ones - 1] if ones else "")
