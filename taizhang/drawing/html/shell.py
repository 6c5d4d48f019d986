"""The page that the framework sends before it draws anything, dressed as ours: language, title, ground and cover.

The framework's own page is English, white and jumps while it is drawn. What is put in is one style and one script
(`shell.js`, `back.js`, `signed.js`); it also says the framework's words in the reader's language, those under
`framework`.
"""

import json
import re
from functools import cache
from html import escape
from importlib import resources

from taizhang.declared.wording import language, words_of
from taizhang.drawing import palette
from taizhang.drawing.markup import TAGS

_GROUP = "framework."
_BLANKS = {one: f"{{{one}}}" for one in ("label", "count", "name", "month", "size", "type")}  # stay for the script


def dressed(page: str, code: str) -> str:
    """The framework's page in the language of that code; one that is built otherwise than known stays as it is."""
    t = language(code)
    page = re.sub(r'<html lang="[^"]*"', f'<html lang="{TAGS[code]}"', page, count=1)
    page = re.sub(r"<title>.*?</title>", f"<title>{escape(t('frame.product'))}</title>", page, count=1, flags=re.DOTALL)
    page = re.sub(r"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*>", "", page)  # a font that no page of ours is set in
    both = " ".join(f"<p>{escape(language(one)('frame.no_script'))}</p>" for one in TAGS)
    page = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{both}</noscript>", page, count=1, flags=re.DOTALL)
    return page.replace("<head>", f"<head><style>{_style()}</style><script>{script()}</script>", 1)


@cache
def script() -> str:
    """The script as it stands in the page: the same for every reader, so that one sum allows it."""
    said = json.dumps({"pairs": framework_words()}, ensure_ascii=False).replace("</", "<\\/")
    return f"\n{{ const TZ_SAID = {said};\n{_read('js/shell.js')}{_read('js/back.js')}{_read('js/signed.js')}}}\n"


def framework_words() -> list[tuple[str, str]]:
    """What the framework says, in English as it does and in Chinese; with {blanks} in the same order."""
    names = [key.removeprefix(_GROUP) for key in words_of("en") if key.startswith(_GROUP)]
    en, zh = language("en"), language("zh")
    return [(en(f"framework.{name}", **_BLANKS), zh(f"framework.{name}", **_BLANKS)) for name in names]


@cache
def _style() -> str:
    def colours(theme: str) -> str:
        found = palette.surfaces(theme)
        return "".join(f"--tz0-{name}:{found[name]};" for name in ("ground", "surface", "rule"))

    # The theme of the computer counts before the script says what is stored.
    dark = f"@media (prefers-color-scheme:dark){{html{{{colours('dark')}}}}}"
    told = "".join(f"html[data-tz-theme={one}]{{{colours(one)}}}" for one in ("light", "dark"))
    return f"html{{{colours('light')}}}{dark}{told}{_read('css/shell.css')}"


def _read(name: str) -> str:
    return (resources.files("taizhang.drawing.html") / name).read_text(encoding="utf-8")
