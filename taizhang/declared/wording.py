"""Every word a reader sees: `words/zh.toml` and `words/en.toml`, the same keys and the same {blanks} in both.

Code lists and headings are not here: they are declared with their tables and queries.
"""

import datetime as dt
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import tomli

from taizhang.declared import tables
from taizhang.declared.headers import LANGUAGES, Code, Words
from taizhang.declared.queries import Returned
from taizhang.declared.terms import unmarked
from taizhang.declared.values import from_text, to_text
from taizhang.declared.vocabulary import USUAL, Vocabulary

WORDS = Path(__file__).parent / "words"
NOT_KNOWN = "—"
_TENTH = Decimal("0.1")


@cache
def words_of(language: str) -> dict[str, str]:
    """Key (`group.key`) → text, in one language and in the usual words."""
    return {key: unmarked(text) for key, text in marked_words(language).items()}


@cache
def marked_words(language: str) -> dict[str, str]:
    """The same with the words in brackets that an office may call otherwise."""
    found = {}
    for path in sorted(WORDS.glob(f"*{language}.toml")):
        said = tomli.loads(path.read_text(encoding="utf-8"))
        found.update({f"{group}.{key}": text for group, texts in said.items() for key, text in texts.items()})
    return found


class _Count(int):
    """A whole number that counts something: written with separators, 100,000."""

    def __format__(self, format_spec: str) -> str:
        return format(int(self), format_spec or ",")


class _Forms(string.Formatter):
    """Writes counts with separators, and gives a word its number.

    `{count:measure|measures}` is the word for that many, without the count itself; a fraction or a text is many.
    """

    def get_field(self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> tuple[object, object]:
        value, used = super().get_field(field_name, args, kwargs)
        return (_Count(value) if type(value) is int and field_name not in _NO_COUNTS else value), used

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        return (one if str(value) == "1" else many) if bar else format(value, format_spec)


# Blanks whose whole numbers count nothing: a day's year, a line of a file, the number a release bears.
_NO_COUNTS = frozenset({"year", "month", "line", "release", "number", "older", "newer", "live"})


_FORMS = _Forms()


@dataclass(frozen=True)
class Language:
    """One of the two languages: `t("group.key", blank=value)` and the ways it writes codes, dates and numbers.

    All in the words of a campaign, its `vocabulary`; the usual words where nothing is said.
    """

    code: str
    vocabulary: Vocabulary = USUAL

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The words under a key. A missing key or blank raises `KeyError`: tests find it, readers never do."""
        return _FORMS.format(self._words[key], **blanks)

    def of(self, words: Words) -> str:
        """Words that were declared with a table or a question, as the campaign says them."""
        if words.marked is None or self.vocabulary is USUAL:
            return words[self.code]
        marked = words.marked[LANGUAGES.index(self.code)]
        if marked not in self._said:
            self._said[marked] = self.vocabulary.said(marked, self.code)
        return self._said[marked]

    def label(self, code_list: str, code: str | None) -> str:
        """The label of a code; null is 未提供, never blank and never a zero."""
        return self("common.not_given") if code is None else self._labels[code_list][code]

    def codes(self, code_list: str) -> tuple[Code, ...]:
        """The codes of a list in their order, under the campaign's own labels."""
        return self.vocabulary.codes(code_list)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        if self.vocabulary is USUAL:
            return words_of(self.code)
        return {key: self.vocabulary.said(text, self.code) for key, text in marked_words(self.code).items()}

    @cached_property
    def _said(self) -> dict[str, str]:
        return {}

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return {
            name: {one.code: one.label[self.code] for one in self.vocabulary.codes(name)}
            for name in tables.code_lists()
        }

    def name(self, zh: str | None, en: str | None) -> str:
        """A name that exists in both languages; the Chinese one stands in where there is no English one."""
        return (en or zh or "") if self.code == "en" else (zh or "")

    def heading(self, returned: Returned) -> str:
        return self.of(returned.heading)

    def word(self, code_list: str, code: str) -> str:
        """The label of a code; a code that was taken off its list since stays as it was written."""
        try:
            return self.label(code_list, code)
        except KeyError:
            return code

    def cell(
        self, column: Returned | tables.Column, value: object, row: Mapping[str, object] = MappingProxyType({})
    ) -> str:
        """A value of an answer or a ledger as a reader sees it, wherever that is; `row` is the whole it stands in.

        Not for files that a machine or an upload reads: those hold codes, or the labels that read back.
        """
        if value is None:
            return NOT_KNOWN
        if isinstance(value, (list, tuple)):
            return self("common.comma").join(self.cell(column, one) for one in value)
        if column.codes:
            return self.word(column.codes, str(value))
        if column.name == "table_name" and value in tables.all_tables():
            return self.of(tables.all_tables()[value].title)
        if isinstance(value, bool):
            return self("common.yes") if value else self("common.no")
        if column.share and column.share.is_in(row):
            return self._percent_of_rounded(value)
        return to_text(value)

    def recorded(
        self, column: tables.Column | None, text: str | None, row: Mapping[str, object] = MappingProxyType({})
    ) -> str:
        """The same of a value that a change record holds as text; `column` is None for one no longer declared."""
        if text is None or column is None:
            return text or NOT_KNOWN
        try:
            return self.cell(column, from_text(column.type, text), row)
        except ValueError:  # of a type that the column no longer has
            return text

    def day(self, day: dt.date | None) -> str:
        """A date with its year, ISO: the same on screen, on paper and in both languages."""
        return NOT_KNOWN if day is None else day.isoformat()

    def short_day(self, day: dt.date | None) -> str:
        """A date without its year."""
        if day is None:
            return NOT_KNOWN
        return f"{day.month}月{day.day}日" if self.code == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"

    def number(self, value: object) -> str:
        """A count, or — when it is not known."""
        return NOT_KNOWN if value is None else f"{Decimal(str(value)).normalize():,f}"

    def percent(self, share: Decimal | None) -> str:
        """A share in percent, rounded half up to one decimal; only all is 100 %, and only none is 0 %."""
        if share is None:
            return NOT_KNOWN
        exact = Decimal(str(share))
        said = (exact * 100).quantize(_TENTH, rounding=ROUND_HALF_UP)
        if 0 < exact < 1:
            said = min(max(said, _TENTH), 100 - _TENTH)
        return f"{said.normalize():f}%"

    def _percent_of_rounded(self, share: Decimal) -> str:
        """A share that was rounded before; where that leaves it between two tenths, both digits are said: rounded once
        more it might say another tenth than the page does."""
        per_mille = Decimal(str(share)) * 1000
        if per_mille % 1 == Decimal("0.5"):
            return f"{per_mille / 10:.2f}%"
        return self.percent(share)

    def fraction(self, numerator: object, denominator: object) -> str:
        """A share as people say it, 11/16; — stands for a part that is not known."""
        return f"{self.number(numerator)}/{self.number(denominator)}"

    def more(self, text: str, limit: int) -> str:
        """A text cut to `limit` characters, with … when it was longer."""
        return text if len(text) <= limit else text[: limit - 1] + "…"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=64)
def language(code: str, vocabulary: Vocabulary = USUAL) -> Language:
    """The language of a code in the words of a campaign; an unknown code is Chinese."""
    return Language(code if code in LANGUAGES else "zh", vocabulary)
