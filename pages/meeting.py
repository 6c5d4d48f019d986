"""What will the meeting see, what was decided, and what was seen at the last one?"""

from taizhang import ui

ui.meeting_page(ui.page("meeting"))
