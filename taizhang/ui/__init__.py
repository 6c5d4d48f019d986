"""The only bridge to Streamlit, but for the frame and the pages themselves."""

from taizhang.ui.controls import frame
from taizhang.ui.enquiry_box import enquiry_box
from taizhang.ui.founding_page import founding_page
from taizhang.ui.guide_page import guide_page
from taizhang.ui.meeting_page import meeting_page
from taizhang.ui.page import Page, page
from taizhang.ui.people_page import people_page

__all__ = ["Page", "enquiry_box", "founding_page", "frame", "guide_page", "meeting_page", "page", "people_page"]
