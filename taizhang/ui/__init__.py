"""The only bridge to Streamlit, but for the frame and the pages themselves."""

from taizhang.ui.controls import frame
from taizhang.ui.page import Page, page

__all__ = ["Page", "frame", "page"]
