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
    picked = page.show(rectification.due(page.view))
with moves:
    added = page.show(rectification.moves(page.view, "new"))
    advanced = page.show(rectification.moves(page.view, "advanced"))
    closed = page.show(rectification.moves(page.view, "closed"))
    back = page.show(rectification.moves(page.view, "setbacks"))
    gone = page.show(rectification.moves(page.view, "removed"))
with time:
    page.show(rectification.ageing(page.view))
    page.show(rectification.on_time(page.view))
with ledger:
    listed = page.show(rectification.ledger(page.view))
    many_at_once(page)

page.open(rectification.history(page.view, picked or added or advanced or closed or back or gone or listed))
