"""What are things called here, and which pages are used?"""

from taizhang import ui
from taizhang.ui import settings_page

page = ui.page("settings")
page.title()
settings_page.settings(page)
