"""How does a board of one's own begin?"""

from taizhang import ui

ui.founding_page()
