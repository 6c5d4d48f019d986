"""Speaker notes: what the presenter means to say, then where every number of the slide comes from."""

from collections.abc import Iterator

from taizhang.evidence.provenance import Behind
from taizhang.exhibits import Exhibit
from taizhang.exhibits.views import View
from taizhang.showing.slides import Slide


def lines_of(slide: Slide, has_sources: bool) -> list[str]:
    """The presenter's note; then, where sources are wanted, those of each exhibit in turn."""
    lines = slide.note.splitlines()
    if has_sources:
        for exhibit in slide.exhibits:
            lines += ["", *_sources(exhibit, slide.view)] if lines else list(_sources(exhibit, slide.view))
    return lines


def _sources(exhibit: Exhibit, view: View) -> Iterator[str]:
    """Headline, definitions of its KPIs, then of each answer its query, what it says of itself, and its rows."""
    t, behind = view.t, Behind(exhibit, view)
    yield exhibit.title
    if exhibit.passport:
        yield t("deck.note_passport", code=exhibit.passport)
    for said in behind.kpis:
        yield t("deck.note_said", about=said.about, words=said.words)
    for one in behind.answers:
        name, rows = one.answer.query.name, len(one.answer.rows)
        yield t("deck.note_query", name=f"queries/answers/{name}.sql", rows=t.number(rows))
        for said in one.lines:
            yield t("deck.note_said", about=said.about, words=said.words)
