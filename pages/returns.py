"""Who was asked for which sheet, and who has returned it?"""

from taizhang import ui
from taizhang.exhibits import requests
from taizhang.ui import returns
from taizhang.ui.many import to_many_at_once

page = ui.page("returns")
page.title()
returns.result(page)

if returns.any_yet(page):
    page.show(requests.grid(page.view))
    page.show(requests.waiting(page.view))
    returns.take_away(page)
    returns.take_back(page)
returns.hand_out(page)
to_many_at_once(page)
