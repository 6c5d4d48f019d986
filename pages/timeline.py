"""What happened when?"""

from taizhang import ui
from taizhang.exhibits import timeline

page = ui.page("timeline")
page.title()

left, right = page.columns(2, 3)
with left:
    strand = page.choose("strand", timeline.strands(page.view), "strand")
with right:
    kind = page.choose("kind", timeline.kinds(), "event_kind")

page.show(timeline.lanes(page.view, strand, kind))
