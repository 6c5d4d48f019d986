"""The room: slides drawn for its screen, and everything the browser does with them while a meeting is held."""

from taizhang.showing.room.slide import THEMES, deck_html, script, slide_html, styles

__all__ = ["THEMES", "deck_html", "script", "slide_html", "styles"]
