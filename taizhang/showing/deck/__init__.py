"""A meeting as a deck for PowerPoint and WPS: every slide native and editable, drawn from the shapes of the screen."""

import datetime as dt
import io
from collections.abc import Callable, Sequence

from taizhang.showing.deck import page, paint
from taizhang.showing.deck.package import settled
from taizhang.showing.deck.paint import clean
from taizhang.showing.deck.template import Template, TemplateRefused, of_house, of_office
from taizhang.showing.slides import Showing

__all__ = ["TemplateRefused", "build"]

_THEMES = {"light": "room", "dark": "room_dark"}


def build(
    showings: Sequence[Showing],
    template: bytes | None = None,
    sources: bool = True,
    tell: Callable[[int, int], None] | None = None,
) -> bytes:
    """The slides of each showing in turn as one .pptx; the same showings give the same bytes.

    `template` is an office's .pptx or .potx, else the house's own is used. `sources`: the notes also say where every
    number comes from. `tell` hears (slides done, slides in all). Raises `TemplateRefused`.
    """
    first = showings[0]
    theme = _THEMES[first.meeting.theme]
    used = of_house(theme, first.view.t) if template is None else of_office(template)
    total, done = sum(len(one.slides) for one in showings), 0
    for showing in showings:
        for number, slide in enumerate(showing.slides, start=1):
            page.add(used, showing, slide, f"{number}/{len(showing.slides)}", sources)
            done += 1
            if tell:
                tell(done, total)
    _sign(used, first)
    out = io.BytesIO()
    used.deck.save(out)
    return settled(out.getvalue())


def _sign(used: Template, showing: Showing) -> None:
    """What the file says of itself: no person, and the day of the meeting as its date."""
    about, t = used.deck.core_properties, showing.view.t
    about.title, about.subject = clean(showing.meeting.title)[:250], t("deck.subject", day=t.day(showing.view.as_of))
    about.author = about.last_modified_by = t("deck.author")
    about.created = about.modified = dt.datetime.combine(showing.meeting.held_on, dt.time())
    about.keywords = about.comments = about.category = ""
    about.language, about.revision = paint.TAGS[t.code][0], 1
