"""What would this file change?"""

from taizhang import ui
from taizhang.ui import upload

page = ui.page("upload")
page.title()
upload.result(page)

checked = upload.receive(page)
upload.repair(page, checked)
upload.compare(page, checked)
upload.publish(page, checked)
