"""What would this file change?"""

from taizhang import ui
from taizhang.ui import upload, waiting

page = ui.page("upload")
page.title()
upload.result(page)

top = upload.top()
waiting.show(page)
checked = upload.receive(page, top)
waiting.in_hand(page, checked)
upload.repair(page, checked)
upload.compare(page, checked, top)
upload.publish(page, checked)
