"""How did opinions become issues, and which issues are they?"""

from taizhang import ui
from taizhang.exhibits import review

page = ui.page("review")
page.title()
page.show(review.funnel(page.view))

level, nature, dimension, source = page.columns(1, 1, 1, 1)
with level:
    page.show(review.by_level(page.view))
with nature:
    page.show(review.by_nature(page.view))
with dimension:
    page.show(review.by_dimension(page.view))
with source:
    page.show(review.by_source(page.view))

page.show(review.issues(page.view))
page.show(review.without_measures(page.view))
