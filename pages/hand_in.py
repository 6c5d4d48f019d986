"""What is asked of us, and what became of what we handed in?"""

from taizhang import ui
from taizhang.exhibits import rectification
from taizhang.ui import handing_in, upload

page = ui.page("hand_in")
page.title()
handing_in.result(page)

top = upload.top()
handing_in.so_far(page)
page.show(rectification.due(page.view))
handing_in.to_fill(page)
checked = handing_in.receive(page, top)
upload.repair(page, checked)
handing_in.hand_in(page, checked)
