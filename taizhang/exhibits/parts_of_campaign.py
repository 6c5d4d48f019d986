"""Which parts of the board a campaign has: the pages of its strands, and places where it covers some.

What a campaign does not have stands nowhere: on no page and no slide, in no menu and no sentence. The rule is here;
whether a campaign covers places is `View.has_places`.
"""

from collections.abc import Iterable

from taizhang.declared.tables import ledgers
from taizhang.declared.vocabulary import STRAND_PAGES, Vocabulary
from taizhang.declared.wording import Language
from taizhang.exhibits import tianditu
from taizhang.exhibits.views import View

# Pages and groups of exhibits that need the page of a strand.
_NEEDS = {**{page: page for page in STRAND_PAGES}, "letters": "rectification"}
_EXHIBIT_NEEDS = {
    "overview.attention": "rectification",
    "overview.units": "rectification",
    "meeting.changes": "rectification",
    "meeting.moved": "rectification",
    "meeting.decisions": "rectification",
}
# Classes of issues, which an office uses or not.
_FACETS = {
    "review.by_level": "level",
    "review.by_nature": "nature",
    "review.by_dimension": "dimension",
    "review.by_source": "issue_source",
}
_RESULTS = ("meeting.results", "meeting.result_list")
_RESEARCHED = ("research.topic_matrix", "research.proposals")  # where topics were taken to, what came of them
_OF_PLACES = ("research.map", "research.districts", "research.to_visit", "research.topic_matrix", "research.outlines")
_KPIS_OF_PLACES = ("K22", "K23", "K24")
SETTINGS = ("strand", "term")
_LEDGERS_OF_PLACES = ("district", "town", "visit")
_COLUMNS_OF_PLACES = ("district_code", "town_code")


def has_page(vocabulary: Vocabulary, name: str) -> bool:
    """Whether a campaign of these strands has the page of that name; pages that need no strand are there always."""
    needed = _NEEDS.get(name)
    return needed is None or bool(vocabulary.strands_of(needed))


def has_exhibit(view: View, name: str) -> bool:
    """Whether an exhibit of the catalogue has anything to do with the campaign."""
    needed = _EXHIBIT_NEEDS.get(name, name.partition(".")[0])
    if not has_page(view.t.vocabulary, needed):
        return False
    if name in _RESULTS and not any(has_page(view.t.vocabulary, page) for page in ("research", "rectification")):
        return False
    if name in (*_FACETS, *_RESULTS, *_RESEARCHED, "review.funnel"):
        if name in _OF_PLACES and not view.has_places:
            return False
        return not view.t.vocabulary.own_strands or _is_used(view, name)
    if name == "overview.reported":
        return view.release.holds("figure")  # most offices report nothing elsewhere
    if name == "research.outlines" and not tianditu.has_any(view.district_names):
        return False  # districts of the office's own, or no outlines on this machine
    return name not in _OF_PLACES or view.has_places


def _is_used(view: View, name: str) -> bool:
    """Whether a campaign with strands of its own asks for opinions in forms, classifies its issues so, researches its
    topics in places, or has results of the kinds that are told."""
    if name == "research.proposals":
        return view.release.holds("proposal")
    if name == "research.topic_matrix":
        return any(row["topic_id"] for row in view.release.rows()["visit"].values())
    if name == "review.funnel":
        return any(row["round_id"] for row in view.ask("feedback_funnel").records())
    if name in _RESULTS:
        kpis = view.ask("kpis").records()
        return any(row["kpi"] in ("K26", "K32", "K33") and row["value"] is not None for row in kpis)
    rows = view.ask("issues_by_class").records()
    return any(row["facet"] == _FACETS[name] and row["code"] and row["issues"] for row in rows)


def question_of(view: View, page: str) -> str:
    """The question that a page answers: that of issues is about these alone where no opinions were asked for, that of
    visits about what was heard where no places are covered."""
    is_bare = (page == "review" and not has_exhibit(view, "review.funnel")) or (
        page == "research" and not view.has_places
    )
    return view.t(f"parts.{page}_question" if is_bare else f"{page}.question")


def kpis_of(view: View, codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the KPIs that say something of this campaign."""
    return tuple(code for code in codes if view.has_places or code not in _KPIS_OF_PLACES)


def strands_named(view: View, page: str) -> str:
    """What the strands that use a page are called."""
    t = view.t
    return t("common.comma").join(t.of(one.name) for one in t.vocabulary.strands_of(page))


def menu_of(t: Language, page: str) -> str:
    """What a page is called in the menu: by the one strand that has it to itself, else by what it shows."""
    own = t.vocabulary.strands_of(page) if t.vocabulary.own_strands and page in STRAND_PAGES else ()
    if len(own) == 1 and own[0].pages == {page}:
        return t.of(own[0].name)
    if own:
        return t(f"parts.{page}")
    return t(f"{page}.menu")


def ledgers_of(view: View) -> tuple[str, ...]:
    """The ledgers a clerk of the campaign fills; what it is set to has a page of its own."""
    left_out = (*SETTINGS, *(() if view.has_places else _LEDGERS_OF_PLACES))
    return tuple(name for name in ledgers() if name not in left_out)


def is_used(view: View, table: str) -> bool:
    """Whether a table can hold anything of the campaign: that of places cannot where it covers none."""
    return view.has_places or table not in _LEDGERS_OF_PLACES


def columns_left_out(view: View) -> tuple[str, ...]:
    """The columns of any ledger that a clerk of the campaign has no use for."""
    return () if view.has_places else _COLUMNS_OF_PLACES
