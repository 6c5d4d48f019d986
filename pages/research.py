"""Which places have been visited, and which are still waiting?"""

from taizhang import ui
from taizhang.exhibits import coverage, research, suggestions, topics

page = ui.page("research")
page.title()
page.show(research.figures(page.view))

left, right = page.columns(3, 2, is_stacked=coverage.is_wide(page.view))
with left:
    page.show_one("research.map", "research.outlines")
with right:
    page.show(coverage.districts(page.view))
    page.show(coverage.to_visit(page.view))

where, about_topics, about_suggestions, about_proposals = page.tabs("topics", "reports", "suggestions", "proposals")
with where:
    page.show(topics.by_district(page.view))
with about_topics:
    page.show(topics.listed(page.view))
with about_suggestions:
    page.show(suggestions.handling(page.view))
    page.show(suggestions.listed(page.view))
with about_proposals:
    page.show(topics.proposals(page.view))
