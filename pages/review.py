"""How did opinions become issues, and which issues are they?"""

from taizhang import ui
from taizhang.exhibits import review

page = ui.page("review")
page.title()
page.show(review.funnel(page.view))

page.show_beside(
    review.by_level(page.view), review.by_nature(page.view), review.by_dimension(page.view), review.by_source(page.view)
)

page.show(review.issues(page.view))
page.show(review.without_measures(page.view))
