"""What would this file change?"""

from taizhang import ui
from taizhang.ui import upload

page = ui.page("upload")
page.title()
upload.result(page)

top = upload.top()
checked = upload.receive(page, top)
upload.repair(page, checked)
upload.compare(page, checked, top)
upload.publish(page, checked)
