"""Speaker notes: what the presenter means to say, then where every number of the slide comes from."""

from collections.abc import Iterator

from taizhang.evidence import provenance
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
    t = view.t
    yield exhibit.title
    if exhibit.passport:
        yield t("deck.note_passport", code=exhibit.passport)
    for kpi in exhibit.kpis:
        yield t("deck.note_said", about=t.label("kpi", kpi), words=provenance.kpi_definition(kpi, view))
    for answer in exhibit.answers:
        yield t("deck.note_query", name=f"queries/answers/{answer.query.name}.sql", rows=t.number(len(answer.rows)))
        for said in provenance.definition(answer, view):
            yield t("deck.note_said", about=said.about, words=said.words)
