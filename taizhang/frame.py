"""The frame around every page; the server runs it for each visit."""

from taizhang import ui

ui.frame()
