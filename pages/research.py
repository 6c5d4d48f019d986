"""Which places have been visited, and which are still waiting?"""

from taizhang import ui
from taizhang.exhibits import research

page = ui.page("research")
page.title()
page.show(research.figures(page.view))

left, right = page.columns(3, 2)
with left:
    page.show(research.town_map(page.view))
with right:
    page.show(research.districts(page.view))

page.show(research.to_visit(page.view))

topics, suggestions, proposals = page.tabs("topics", "suggestions", "proposals")
with topics:
    page.show(research.topic_matrix(page.view))
    page.show(research.topics(page.view))
with suggestions:
    page.show(research.handling(page.view))
    page.show(research.suggestions(page.view))
with proposals:
    page.show(research.proposals(page.view))
