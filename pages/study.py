"""What was studied, and what of it is on record?"""

from taizhang import ui
from taizhang.exhibits import study

page = ui.page("study")
page.title()
page.show(study.figures(page.view))

left, right = page.columns(1, 1)
with left:
    page.show(study.kinds(page.view))
with right:
    page.show(study.documented(page.view))

page.show(study.materials(page.view))
page.show(study.events(page.view))
