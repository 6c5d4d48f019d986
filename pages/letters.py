"""Who is to be urged, and how often was that done?"""

from taizhang import ui
from taizhang.exhibits import letters as exhibits
from taizhang.ui import letters
from taizhang.ui.many import to_many_at_once

page = ui.page("letters")
page.title()
letters.result(page)

page.show(exhibits.due(page.view))
letters.issue(page)
page.show(exhibits.listed(page.view))
letters.again(page)
to_many_at_once(page)
