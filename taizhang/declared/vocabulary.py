"""What a campaign calls things: the usual words, or an office's own, and the strands it has.

A frozen value that is made once for a release and given to `Language`; nothing is kept beside it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from taizhang.declared import tables
from taizhang.declared.headers import Code, Words
from taizhang.declared.terms import put_in, terms

OVERALL = "overall"  # what concerns all strands; it is none of them
STRAND_PAGES = ("study", "research", "review", "rectification")
_USUAL_PAGE = {"study": "study", "research": "research", "review": "review", "rectify": "rectification"}


@dataclass(frozen=True)
class Strand:
    """One strand of a campaign: its code, what it is called, and the built-in pages it uses."""

    code: str
    name: Words
    pages: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a campaign. `own` holds, by the code of the list `term`, what an office says instead of the usual
    word: Chinese, English, English plural; `own_strands` are its strands in order, none for the usual four.
    """

    own: tuple[tuple[str, str | None, str | None, str | None], ...] = ()
    own_strands: tuple[Strand, ...] = ()

    @cached_property
    def is_usual(self) -> bool:
        return self == USUAL

    @property
    def strands(self) -> tuple[Strand, ...]:
        return self.own_strands or _usual_strands()

    def said(self, text: str, language: str) -> str:
        """A marked text in the words of the campaign. Raises `KeyError` for a marked word that is no term."""
        forms = self._forms[language]
        return put_in(text, lambda form: forms[form])

    def codes(self, code_list: str) -> tuple[Code, ...]:
        """The codes of a list under the labels of the campaign; the usual labels are read all the same."""
        return self._lists[code_list]

    def strand(self, code: str) -> Strand | None:
        return next((one for one in self.strands if one.code == code), None)

    def strands_of(self, page: str) -> tuple[Strand, ...]:
        """The strands that use a built-in page, in their order."""
        return tuple(one for one in self.strands if page in one.pages)

    @cached_property
    def _own(self) -> Mapping[str, tuple[str | None, str | None, str | None]]:
        return {code: said for code, *said in self.own}

    @cached_property
    def _lists(self) -> Mapping[str, tuple[Code, ...]]:
        found = {
            name: tuple(self._named(one, self._own.get(f"{name}.{one.code}")) for one in listed)
            for name, listed in tables.code_lists().items()
        }
        overall = next(one for one in found["strand"] if one.code == OVERALL)
        usual = {one.code: one for one in tables.code_lists()["strand"]}
        strands = (
            _called(usual[one.code], one.name) if one.code in usual else Code(one.code, one.name)
            for one in self.strands
        )
        return {**found, "strand": (*strands, overall)}

    def _named(self, one: Code, own: tuple[str | None, str | None, str | None] | None) -> Code:
        """A code under its own label; one whose usual label has a word that is called otherwise, under that."""
        usual = one.label
        if own is None and (usual.marked is None or self.is_usual):
            return one
        marked = usual.marked or (usual.zh, usual.en)
        zh, en = (self.said(text, code) for text, code in zip(marked, ("zh", "en"), strict=True))
        return _called(one, Words((own and own[0]) or zh, (own and own[1]) or en))

    @cached_property
    def _forms(self) -> Mapping[str, Mapping[str, str]]:
        """Every form in which a term can be marked → what stands there."""
        zh: dict[str, str] = {}
        en: dict[str, str] = {}
        for term in terms().values():
            own_zh, own_en, own_many = self._own.get(term.code, (None, None, None))
            zh.update({form: own_zh or form for form in term.zh})
            for one, many in term.en:
                said = _in_a_sentence(own_en) if own_en else one
                said_many = (_in_a_sentence(own_many) if own_many else plural(said)) if own_en else many
                en.update(_cases(one, said))
                en.update(_cases(many, said_many))
                article = "an" if one[0] in "aeio" else "a"
                own_article = "an" if said[0].lower() in "aeio" else "a"
                en[f"{article} {one}"] = f"{own_article} {said}"
                en[f"{article.capitalize()} {one}"] = f"{own_article.capitalize()} {said}"
        return {"zh": zh, "en": en}


def _called(one: Code, label: Words) -> Code:
    """A code under a label of the campaign's; its usual one is read all the same."""
    also = tuple(text for text in (one.label.zh, one.label.en) if text not in (label.zh, label.en))
    return Code(one.code, label, (*one.synonyms, *also))


def plural(word: str) -> str:
    """The plural of an English word whose own nobody gave."""
    if re.search(r"([^aeiou]|qu)y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"


def _cases(form: str, said: str) -> dict[str, str]:
    return {form: said, form[0].upper() + form[1:]: said[0].upper() + said[1:]}


def _in_a_sentence(word: str) -> str:
    """A word as it stands in the middle of a sentence; an abbreviation stays as it is."""
    return word[0].lower() + word[1:] if re.match("[A-Z][a-z]", word) else word


@lru_cache(maxsize=1)
def _usual_strands() -> tuple[Strand, ...]:
    named = {one.code: one.label for one in tables.code_lists()["strand"]}
    return tuple(Strand(code, named[code], frozenset({page})) for code, page in _USUAL_PAGE.items())


def vocabulary_of(term_rows: Iterable[Mapping[str, object]], strand_rows: Iterable[Mapping[str, object]]) -> Vocabulary:
    """The vocabulary that the rows of the ledgers `term` and `strand` set; without rows the usual one."""
    own = sorted((row["term"], row["own_zh"], row["own_en"], row["own_en_many"]) for row in term_rows)
    ordered = sorted(strand_rows, key=lambda row: (row["sort_order"], row["strand_code"]))
    strands = tuple(
        Strand(
            row["strand_code"],
            Words(row["strand_name"], row["strand_name_en"] or row["strand_name"]),
            frozenset(page for page in STRAND_PAGES if row[f"uses_{page}"]),
        )
        for row in ordered
    )
    if not own and not strands:
        return USUAL
    return _the_same(Vocabulary(tuple(own), strands))


@lru_cache(maxsize=64)
def _the_same(one: Vocabulary) -> Vocabulary:
    """Equal vocabularies as one value, so that what is made of it is made once."""
    return one


USUAL = Vocabulary()
