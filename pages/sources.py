"""Where does every number come from?"""

from taizhang import ui
from taizhang.exhibits import sources

page = ui.page("sources")
page.title()
ui.enquiry_box(page)

figures, definitions, releases, registers = page.tabs("figures", "definitions", "releases", "registers")
with figures:
    left, right = page.columns(1, 1)
    with left:
        page.show(sources.figures(page.view))
    with right:
        page.show(sources.article(page.view, page.fact))
with definitions:
    page.show(sources.definitions(page.view))
with releases:
    page.show(sources.releases(page.view))
with registers:
    page.show(sources.registers(page.view))
