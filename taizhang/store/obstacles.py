"""What keeps a store from being written to though nothing is wrong with the data: no room, no right, somebody else; and
what leaves it in doubt whether the disk has what was written."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.store.disk import Busy, NotConfirmed, NumbersTaken
from taizhang.store.turnstile import Crowded
from taizhang.store.whole import NotWhole

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_RIGHT = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True)
class Obstacle:
    """`what` is disk_full, read_only, busy, crowded_uploads, crowded_exports, crowded_own_uploads,
    crowded_own_exports, crowded_own_questions, numbers_taken, not_whole or not_confirmed; `blanks` are what goes into
    its sentence."""

    what: str
    blanks: Mapping[str, object] = field(default_factory=dict)


def obstacle(error: BaseException) -> Obstacle | None:
    """The obstacle that an error tells of; None for any other error. Whatever was tried, nothing was changed by it;
    not_confirmed alone tells of a release that is live."""
    match error:
        case Busy():
            return Obstacle("busy", {"who": error.who})
        case Crowded():
            whose = "own_" if error.is_own else ""
            return Obstacle(f"crowded_{whose}{error.what}", {"count": error.most})
        case NumbersTaken():
            return Obstacle("numbers_taken", {"live": error.live or "—", "newest": error.numbers[-1]})
        case NotWhole():
            return Obstacle("not_whole", {"shown": error.trouble.shown})
        case NotConfirmed():
            return Obstacle("not_confirmed", {"number": error.number})
        case OSError() if error.errno in _NO_ROOM:
            return Obstacle("disk_full")
        case OSError() if error.errno in _NO_RIGHT:
            return Obstacle("read_only")
    return None
