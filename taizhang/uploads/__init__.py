"""Update without fear: any office file → problems → comparison → draft → conclusions → one atomic step.

checked = uploads.check(store, [("措施.xlsx", data)])      what the file says and would change; nothing is written
draft = uploads.draft(store, checked.files, None, Decisions(), checked.parent, checked.applied)
draft = drafts.say(draft, note)                            who, why, and the day it speaks of
release = store.publish_draft(draft)
"""

from taizhang.uploads.checking import Checked, before_it_began, check, is_anything_new, restated_by
from taizhang.uploads.drafting import draft, learnt
from taizhang.uploads.lines import LIMITS, Cancelled, FileRefused
from taizhang.uploads.packed import files_in, opened_with, unlocked
from taizhang.uploads.unit_by_unit import PublishedEach, publish_each

__all__ = [
    "LIMITS",
    "Cancelled",
    "Checked",
    "FileRefused",
    "PublishedEach",
    "before_it_began",
    "check",
    "draft",
    "files_in",
    "is_anything_new",
    "learnt",
    "opened_with",
    "publish_each",
    "restated_by",
    "unlocked",
]
