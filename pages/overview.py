"""Where do we stand?"""

from taizhang import ui
from taizhang.exhibits import overview

page = ui.page("overview")
page.title()
page.show(overview.headline(page.view))
page.show(overview.strands(page.view))

left, right = page.columns(3, 2)
with left:
    page.show(overview.attention(page.view))
with right:
    page.show(overview.units(page.view))

page.show(overview.reported(page.view))
