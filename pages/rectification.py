"""How far has rectification come, and who has to move?"""

from taizhang import ui
from taizhang.exhibits import beginning, rectification
from taizhang.ui.many import many_at_once

page = ui.page("rectification")
page.title()
page.show(rectification.headline(page.view))

left, right = page.columns(1, 1, is_stacked=not beginning.has_a_day_before(page.view))
with left:
    page.show(rectification.by_type(page.view))
with right:
    page.show(rectification.burn_down(page.view), height=300)

due, moves, time, ledger = page.tabs("due", "moves", "time", "ledger")
with due:
    page.show(rectification.due(page.view))
with moves:
    page.show(rectification.moves(page.view, "new"))
    page.show(rectification.moves(page.view, "advanced"))
    page.show(rectification.moves(page.view, "closed"))
    page.show(rectification.moves(page.view, "setbacks"))
    page.show(rectification.moves(page.view, "removed"))
with time:
    page.show(rectification.ageing(page.view))
    page.show(rectification.on_time(page.view))
with ledger:
    page.show(rectification.ledger(page.view))
    many_at_once(page)
