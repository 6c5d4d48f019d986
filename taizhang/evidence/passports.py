"""Number passports: the short code beside a figure or exhibit, and the way from the code back to it.

A code needs no register: it holds the number of the exhibit, the place of the figure in it, the release and the
one compared with, the days and the district, so that every paper that carries it can be asked, on any computer
that has the releases. Two letters at its end tell a slip of the finger, and another office's code, from one of ours.
"""

import datetime as dt
import hashlib
import unicodedata
from dataclasses import dataclass, replace

from taizhang.exhibits import Exhibit
from taizhang.exhibits.catalogue import CATALOGUE, NAMES
from taizhang.exhibits.views import View, pinned
from taizhang.store import Release, Store
from taizhang.store.narrowed import Narrowed
from taizhang.store.releases import NoRelease

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_READ_AS = str.maketrans("OIL", "011")
_PLACES = 8  # the exhibit itself is 0, its figures are 1 to 7
_CHECK = 2


class NotAPassport(Exception):
    """The text is no code of this store; carries it as it was typed."""

    def __init__(self, said: str):
        self.said = said
        super().__init__(said)


@dataclass(frozen=True)
class Passport:
    """What a code leads to: an exhibit (place 0) or one of its figures (1, 2 …), and the view it was shown in."""

    exhibit: str
    place: int
    release: int
    compared: int | None
    as_of: dt.date
    compare_on: dt.date | None
    district: str | None
    option: str

    def view(self, store: Store, lang: str = "zh") -> View:
        """The view as it was; a release never changes, so neither does what this shows."""
        return pinned(store, self.release, self.as_of, self.compared, self.compare_on, self.district, lang)

    def made(self, view: View) -> Exhibit:
        """The exhibit in a view, with its codes."""
        return stamped(CATALOGUE[self.exhibit].exhibit(view, self.option), view)


def code(exhibit: Exhibit, view: View, place: int = 0) -> str:
    """The code of an exhibit, or of one of its figures; '' for a draft and for what is not in the catalogue."""
    entry = CATALOGUE.get(exhibit.name)
    if entry is None or view.is_draft or place >= _PLACES:
        return ""
    options = entry.options(view) if exhibit.option else [""]
    days = (view.as_of - view.release.as_of).days
    earlier = (view.compare_on - view.compared.as_of).days if view.compared else 0
    numbers = [
        entry.number * _PLACES + place,
        view.release.number,
        view.compared.number if view.compared else 0,
        days,
        earlier,
        _districts(view.release).index(view.district) if view.district else 0,
        options.index(exhibit.option) if exhibit.option in options else 0,
    ]
    while numbers and not numbers[-1]:
        numbers.pop()
    payload = "".join(_packed(number) for number in numbers)
    return _in_groups(payload + _check(payload, view.release, view.store))


def read(store: Store, said: str) -> Passport:
    """The passport of a code as people type it: spaces, dashes, case and full width do not matter.

    Raises `NotAPassport`.
    """
    typed = unicodedata.normalize("NFKC", said).upper().translate(_READ_AS)
    text = "".join(one for one in typed if one in ALPHABET)
    payload, check = text[:-_CHECK], text[-_CHECK:]
    try:
        numbers = _unpacked(payload)
        number, place = divmod(numbers[0], _PLACES)
        release = store.release(numbers[1])
        compared = store.release(numbers[2]) if numbers[2] else None
        if _check(payload, release, store) != check:
            raise NotAPassport(said)
        as_of = release.as_of + dt.timedelta(days=numbers[3])
        compare_on = compared.as_of + dt.timedelta(days=numbers[4]) if compared else None
        name, district = NAMES[number], _districts(release)[numbers[5]]
        entry, option = CATALOGUE[name], ""
        if entry.options and numbers[6]:
            view = pinned(store, release.number, as_of, numbers[2] or None, compare_on, district)
            option = entry.options(view)[numbers[6]]
    except (IndexError, KeyError, ValueError, OverflowError, NoRelease) as error:
        raise NotAPassport(said) from error
    return Passport(name, place, release.number, numbers[2] or None, as_of, compare_on, district, option)


def stamped(exhibit: Exhibit, view: View) -> Exhibit:
    """The same exhibit with its code, and with a code on each of its figures."""
    cards = enumerate(exhibit.shape.cards, start=1)
    shape = exhibit.shape.with_cards(replace(one, passport=code(exhibit, view, place)) for place, one in cards)
    return replace(exhibit, shape=shape, passport=code(exhibit, view))


def _districts(release: Release) -> list[str | None]:
    """The districts of a release in their own order, behind None for all of them."""
    return [None, *(row[0] for row in release.ask("districts").rows)]


def _packed(number: int) -> str:
    """A number as characters of five bits: four of the number, lowest first, and one that says more follow."""
    letters = ""
    while True:
        number, low = divmod(number, 16)
        letters += ALPHABET[low + (16 if number else 0)]
        if not number:
            return letters


def _unpacked(payload: str) -> list[int]:
    """The seven numbers of a payload; those left out are 0. Raises `ValueError` for one that stops short."""
    numbers, number, shift = [], 0, 0
    for letter in payload:
        value = ALPHABET.index(letter)
        number |= (value & 15) << shift
        shift += 4
        if value < 16:
            numbers.append(number)
            number, shift = 0, 0
    if shift or not numbers or len(numbers) > 7:
        raise ValueError(payload)
    return numbers + [0] * (7 - len(numbers))


def _check(payload: str, release: Release, store: Store) -> str:
    """Two letters over the payload and over what the release says of itself (a rebuilt store says the same).

    Whoever is held to some rows saw other figures than the rest: a code of the one is none of the other.
    """
    said = f"{payload}|{release.number}|{release.as_of}|{release.published_at}|{release.published_by}"
    if isinstance(store, Narrowed):
        said = "|".join((said, *store.scope))
    digest = int.from_bytes(hashlib.sha256(said.encode()).digest()[:2], "big")
    return ALPHABET[digest >> 11] + ALPHABET[(digest >> 6) & 31]


def _in_groups(text: str) -> str:
    """Groups that can be read out: 3-4, 4-4, 4-4-4 …"""
    first = len(text) % 4 or 4
    return "-".join([text[:first], *(text[place : place + 4] for place in range(first, len(text), 4))])
