"""How did the data become what they are?"""

from taizhang import ui
from taizhang.exhibits import releases, two_releases
from taizhang.ui import laid_out, releases_page

page = ui.page("releases")
page.title()
now = releases_page.newest(page)
releases_page.listed(page, now)

one, two, row = releases_page.parts(page)
if one.open:
    with one:
        then = releases_page.choose(page, now)
        left, right = page.columns(1, 2, is_stacked=page.t.code == "en")  # whose words need the whole width
        with left:
            counted = page.show(releases.summary(then))
        with right:
            opened = releases_page.opened(page, then)
        with releases_page.fold_of_files(page, then):
            page.show(releases.files(then))
            releases_page.original(page, then)
        laid_out.follow(counted or opened)
if two.open:
    with two:
        older, newer = releases_page.choose_two(page, now)
        counted = page.show(two_releases.compared(older, newer))
        laid_out.follow(counted or releases_page.differing(page, older, newer))
if row.open:
    with row:
        laid_out.follow(releases_page.row(page, now))
