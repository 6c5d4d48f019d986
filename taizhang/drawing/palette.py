"""What a tone looks like: its colour in the light and the dark theme, its symbol, how its areas are filled.

Light status colours: UK Analysis Function blues with an amber and a red of equal weight, each at least 4.5:1 on
white and told apart in the common colour deficiencies. The dark set does not reach that distance, so there, and
in black-and-white print, the symbol carries the meaning. The four strands keep hues no status uses. A projector
washes colours out: in the themes of the room every tone, as text and as ground of one, stands at 7:1 or more.
"""

from taizhang.drawing.shapes import TONES

THEMES = ("light", "dark", "room", "room_dark")  # a desk's two, and those of a meeting room with its projector
STATUSES = ("done", "lasting", "moving", "waiting", "soon", "late", "idle", "unknown")
STRANDS = ("study", "research", "review", "rectify")

_LIGHT = {
    "done": "#12436D",
    "lasting": "#3D5A80",
    "moving": "#2073BC",
    "waiting": "#5B34C4",
    "soon": "#A65500",
    "late": "#A1121F",
    "idle": "#5C6670",
    "unknown": "#5C6670",
    "plain": "#1B2733",
    "faint": "#4A5661",
    "study": "#0F6B5C",
    "research": "#837000",
    "review": "#9C1F86",
    "rectify": "#5B3A12",
    "overall": "#3B4754",
}
_DARK = {
    "done": "#A9D0F5",
    "lasting": "#B9CBE8",
    "moving": "#6BACE6",
    "waiting": "#D3C4FF",
    "soon": "#FFB454",
    "late": "#FF7A7A",
    "idle": "#A9B1BA",
    "unknown": "#A9B1BA",
    "plain": "#E6EBF1",
    "faint": "#A3AEBA",
    "study": "#6FD08C",
    "research": "#E8DC7A",
    "review": "#E58CC8",
    "rectify": "#C08A5E",
    "overall": "#C5CED8",
}
_ROOM = {
    **_LIGHT,
    "done": "#0C3557",
    "lasting": "#44567F",
    "moving": "#0A59A3",
    "soon": "#8A4600",
    "late": "#8A0A18",
    "idle": "#4A535C",
    "unknown": "#4A535C",
    "plain": "#111B24",
    "faint": "#46515C",
    "study": "#0A5A4D",
    "research": "#665700",
}
_ROOM_DARK = {**_DARK, "late": "#FF8A8A", "plain": "#F2F5F8", "faint": "#B4BEC9", "rectify": "#D19A6C"}
_TONES = {"light": _LIGHT, "dark": _DARK, "room": _ROOM, "room_dark": _ROOM_DARK}

_SURFACES = {
    "light": {"ground": "#FFFFFF", "surface": "#F3F5F8", "rule": "#C9D1DA", "grid": "#E4E8ED", "edge": "#7C8894"},
    "dark": {"ground": "#0E1117", "surface": "#1A212B", "rule": "#3A4653", "grid": "#232C36", "edge": "#6E7B8A"},
}
_SURFACES |= {"room": _SURFACES["light"], "room_dark": _SURFACES["dark"]}

# Only characters that Noto/Source Han Sans and the Windows Chinese fonts draw as text, never as an emoji.
SYMBOLS = {
    "done": "✓",
    "lasting": "◎",
    "moving": "◐",
    "waiting": "◇",
    "soon": "▲",
    "late": "×",
    "idle": "○",
    "unknown": "▨",
    "plain": "",
    "faint": "·",
    "study": "■",
    "research": "■",
    "review": "■",
    "rectify": "■",
    "overall": "□",
}

# Stands behind a date whose year nobody wrote down.
INFERRED = "†"

# solid: finished, or asks for action · tint: under way · open: nothing yet · hatch: not known, never a pale colour
_FILLS = {
    "lasting": "tint",
    "moving": "tint",
    "waiting": "tint",
    "idle": "open",
    "plain": "open",
    "faint": "open",
    "unknown": "hatch",
}

FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"


def tones(theme: str) -> dict[str, str]:
    """Every tone's colour; as text at least 4.5:1 on the ground of the theme."""
    return dict(_TONES[theme])


def surfaces(theme: str) -> dict[str, str]:
    """The colours that mean nothing: `ground`, `surface` (a panel on it), `rule` and `grid` (thin lines), and `edge`
    (the border of a control, at least 3:1 on both)."""
    return dict(_SURFACES[theme])


def status_symbol(tone: str) -> str:
    """The symbol of a status; the strands have none that tells them apart."""
    return SYMBOLS[tone] if tone in STATUSES else ""


def fill(tone: str) -> str:
    """How an area of this tone is filled: solid, tint, open or hatch, so that it also reads in black and white."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone!r}")
    return _FILLS.get(tone, "solid")


def tint(tone: str, theme: str) -> str:
    """The tone mixed into the ground: a background on which the theme's own text stays readable."""
    share = 0.26 if theme.endswith("dark") else 0.16
    return _mix(_TONES[theme][tone], _SURFACES[theme]["ground"], share)


def half(tone: str, theme: str) -> str:
    """Between the tint of the tone and the tone itself, as deep as the theme's own text can be read on it."""
    return _mix(_TONES[theme][tone], _SURFACES[theme]["ground"], 0.45)


def on(tone: str, theme: str) -> str:
    """The text colour for a solid area of this tone: white or near-black, whichever is read better."""
    return max(("#FFFFFF", "#0E1117"), key=lambda colour: contrast(colour, _TONES[theme][tone]))


def on_area(tone: str, theme: str) -> str:
    """The text colour for an area of this tone as it is filled: only a solid one takes another than the theme's own."""
    return on(tone, theme) if fill(tone) == "solid" else _TONES[theme]["plain"]


def band(theme: str) -> tuple[str, str]:
    """The ground of a cover's band and the letters on it: 7:1 at least."""
    if theme.endswith("dark"):
        return _SURFACES[theme]["surface"], _TONES[theme]["plain"]
    return _TONES[theme]["done"], on("done", theme)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#RRGGBB` colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, ground: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(share * front + (1 - share) * back):02X}" for front, back in pairs)
