"""Who may sign in, what may each do, and who did what?"""

from taizhang import ui

ui.people_page()
