"""How is the board used, by each of its readers?"""

from taizhang import ui

ui.guide_page()
