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
    page.show(suggestions.handling(page.view))

waiting, by_district, reports, heard, proposed = page.tabs("waiting", "topics", "reports", "suggestions", "proposals")
with waiting:
    page.show(coverage.to_visit(page.view))
with by_district:
    page.show(topics.by_district(page.view))
with reports:
    page.show(topics.listed(page.view))
with heard:
    page.show(suggestions.listed(page.view))
with proposed:
    page.show(topics.proposals(page.view))
