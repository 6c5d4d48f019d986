"""What is to be brought first, and what will it show?"""

from taizhang import ui
from taizhang.ui import archiving, beginning, places_choice

page = ui.page("start")
page.title()
beginning.checklist(page.view)
places_choice.offer(page.view)
archiving.take_away(page.t)
