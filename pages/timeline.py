"""What happened when?"""

from taizhang import ui
from taizhang.exhibits import timeline

page = ui.page("timeline")
page.title()

first, second, third, fourth = page.columns(4, 4, 5, 5)
with first:
    strand = page.choose("strand", timeline.strands(page.view), "strand")
with second:
    kind = page.choose("kind", timeline.kinds(), "event_kind")
with third:
    span = page.choose_one("span", list(timeline.SPANS))
with fourth:
    zoom = page.choose_one("zoom", ["", "2", "4"])

page.show(timeline.lanes(page.view, strand, kind, span, int(zoom or 1)))
