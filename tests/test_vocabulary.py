"""An office's own words stand wherever the board writes the usual ones, in the form that the sentence needs."""

import re

import pytest

from taizhang.declared import queries, tables
from taizhang.declared.headers import Words, words
from taizhang.declared.terms import terms, unmarked
from taizhang.declared.vocabulary import USUAL, plural, vocabulary_of
from taizhang.declared.wording import language, marked_words

LEFT = re.compile(r"\[[^\[\]{}]+\]")  # a mark; a bracket around a blank is only a bracket


def term(code: str, zh: str | None = None, en: str | None = None, many: str | None = None) -> dict:
    return {"term": code, "own_zh": zh, "own_en": en, "own_en_many": many}


def strand(code: str, zh: str, en: str | None = None, order: int = 0, pages: str = "") -> dict:
    used = {f"uses_{page}": page in pages.split() for page in ("study", "research", "review", "rectification")}
    return {"strand_code": code, "strand_name": zh, "strand_name_en": en, "sort_order": order, **used}


AUDIT = vocabulary_of(
    [
        term("action", "建议", "Recommendation"),
        term("issue", "发现", "audit finding", "audit findings"),
        term("unit", "科室", "office"),
        term("status.closed", "已关闭", "Closed out"),
    ],
    [strand("follow_up", "后续跟踪", "Follow-up", 2, "review rectification"), strand("audit", "审计", "Audit", 1)],
)
EN, ZH = language("en", AUDIT), language("zh", AUDIT)


def test_own_words_stand_in_sentences_in_their_number_case_and_article():
    assert EN("review.bare_title", fraction="1/2") == "Audit findings without a recommendation: 1/2"
    assert EN("agenda.cover_measures", count=1) == "1 recommendation"
    assert EN("agenda.cover_measures", count=2) == "2 recommendations"
    assert EN("overview.units_title", all=3, behind=1) == "1 of 3 offices that can be judged is behind schedule"
    assert EN("returns.grid_caption").endswith("blank where an office was not asked")
    assert ZH("review.question") == "意见怎样变成发现，发现有哪些？"
    assert ZH("rectification.moves_measure") == "建议"


def test_own_words_stand_in_headings_titles_and_labels():
    action = tables.ledgers()["action"]
    assert [EN.of(action.column(one).heading) for one in ("action_id", "issue_id", "resp_unit")] == [
        "Recommendation ID",
        "Audit finding ID",
        "Responsible office",
    ]
    assert ZH.of(action.title) == "建议台账"
    assert (ZH.label("status", "closed"), EN.label("status", "closed")) == ("已关闭", "Closed out")
    assert EN.label("kpi", "K37") == "Recommendations per audit finding"
    assert EN.label("status", "in_progress") == language("en").label("status", "in_progress")


def test_strands_are_those_of_the_campaign_in_its_order_and_what_concerns_all_comes_last():
    assert [(one.code, one.label.zh) for one in ZH.codes("strand")] == [
        ("audit", "审计"),
        ("follow_up", "后续跟踪"),
        ("overall", "综合"),
    ]
    assert EN.label("strand", "follow_up") == "Follow-up"
    assert [one.code for one in AUDIT.strands_of("review")] == ["follow_up"]
    assert AUDIT.strands_of("study") == ()
    with pytest.raises(KeyError):
        EN.label("strand", "study")


def test_what_nobody_calls_otherwise_is_called_as_usual():
    assert vocabulary_of([], []) is USUAL
    only_zh = language("en", vocabulary_of([term("action", "建议")], []))
    assert only_zh("agenda.cover_measures", count=2) == "2 measures"
    assert [one.code for one in USUAL.strands] == ["study", "research", "review", "rectify"]
    assert [one.code for one in only_zh.codes("strand")] == ["study", "research", "review", "rectify", "overall"]


def test_equal_words_are_one_language_so_that_nothing_is_made_twice():
    again = vocabulary_of([term("action", "建议")], [])
    assert language("zh", again) is language("zh", vocabulary_of([term("action", "建议")], []))
    assert language("zh", again) is not language("zh")


def test_the_usual_label_of_a_renamed_code_is_read_all_the_same():
    closed = next(one for one in AUDIT.codes("status") if one.code == "closed")
    assert {"已销号", "Closed"} <= set(closed.synonyms)


@pytest.mark.parametrize(
    ("one", "many"),
    [("finding", "findings"), ("duty", "duties"), ("box", "boxes"), ("branch", "branches"), ("day", "days")],
)
def test_a_plural_that_nobody_gave_is_made(one, many):
    assert plural(one) == many


def declared_words():
    """Every `Words` that is declared with a table or a question."""
    for table in tables.all_tables().values():
        yield from (table.title, table.grain)
        for column in table.columns:
            yield from (one for one in (column.heading, column.note, column.unit) if one)
    for kind in (queries.answers, queries.checks, queries.terms):
        for query in kind().values():
            yield from (query.title, query.grain, *query.params.values(), *query.definitions.values())
            yield from (column.heading for column in query.returns)
            yield from [query.notes] if query.notes else []
    for listed in tables.code_lists().values():
        yield from (one.label for one in listed)


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_marked_word_is_a_form_of_a_term(code):
    for text in marked_words(code).values():
        assert not LEFT.search(AUDIT.said(text, code))
    marked = [one.marked[code == "en"] for one in declared_words() if one.marked]
    assert len(marked) > 100
    for text in marked:
        assert not LEFT.search(AUDIT.said(text, code))


def test_a_marked_word_that_is_no_term_is_found():
    with pytest.raises(KeyError):
        AUDIT.said("[没有的词]", "zh")


@pytest.mark.parametrize("code", ["zh", "en"])
def test_in_the_usual_words_nothing_is_different(code):
    """The marks leave no trace, and two terms never share a form: else nobody could tell which is meant."""
    forms = [
        form for one in terms().values() for form in (one.zh if code == "zh" else [x for pair in one.en for x in pair])
    ]
    assert len(forms) == len(set(forms))
    assert all(LEFT.search(language(code)._words[key]) is None for key in marked_words(code))
    assert unmarked("[措施]和[问题]") == "措施和问题"
    assert words(["[措施]", "[Measure]"]) == Words("措施", "Measure")
