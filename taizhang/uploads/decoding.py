"""Which encoding the bytes of a text file are in: decided by strict decoding and by plausibility, never guessed past.

No file is held as text here: it is decoded in pieces, once for each encoding that may be meant.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.uploads.lines import FileRefused, Remark

_BOMS = (  # longest first where one begins another
    (codecs.BOM_UTF8, "utf-8", "UTF-8 BOM"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32 LE"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32 BE"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE"),
)
_WIDE = ("utf-16", "utf-32")  # codecs whose text has bytes of nothing
_PIECE = 1 << 20
_SAMPLE = 1 << 16
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
_CHINESE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}[\xe3-\xe9][\x80-\xbf]{2}")
_ONE_CHINESE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TEXT = re.compile(r"[\t\n\r -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u203b·×]")
# Where a wrong encoding or an earlier program left its marks: replaced characters, and characters nobody assigned.
_REPLACED = "\ufffd"
_STRANGE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Encoding:
    """A codec of Python, the name people know it by, the bytes of the mark in front, and what was noticed."""

    codec: str
    name: str
    skip: int
    remarks: tuple[Remark, ...] = ()


def encoding_of(data: bytes, file_name: str) -> Encoding:
    """The encoding of a text file. Raises `FileRefused`: binary, nul_bytes, mixed_encodings, undecodable."""
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _checked(data, file_name, codec, name, len(mark))
    if b"\0" in data:
        return _with_nul(data, file_name)
    if _is_binary(data):
        raise FileRefused("binary", file=file_name)
    wrong = _first_wrong(data, "utf-8")
    if wrong is None:
        return _checked(data, file_name, "utf-8", "UTF-8", 0)
    return _not_utf8(data, file_name, wrong)


def line_at(data: bytes, place: int, codec: str = "") -> int:
    """The number of the line on which a byte stands."""
    if codec.startswith(_WIDE):
        return len(re.findall("\r\n|\r|\n", data[:place].decode(codec, "ignore"))) + 1
    return len(_LINE_END.findall(data[:place])) + 1


def _checked(data: bytes, file_name: str, codec: str, name: str, skip: int) -> Encoding:
    """The encoding, if the whole file is in it."""
    place, remarks = skip, {}
    for size, text in _pieces(data, codec, skip):
        if text is None:
            if codec == "utf-8" and (line := _mixed(data, place + size)):
                raise FileRefused("mixed_encodings", file=file_name, line=line)
            raise FileRefused("undecodable", file=file_name, line=line_at(data, place + size, codec))
        for code, found in (("replaced", text.find(_REPLACED)), ("strange", _place_of_strange(text))):
            if found >= 0 and code not in remarks:
                line = line_at(data, place, codec) + len(re.findall("\r\n|\r|\n", text[:found]))
                remarks[code] = Remark(code, line, {"line": line})
        if codec.startswith(_WIDE) and "\0" in text:
            line = line_at(data, place, codec) + len(re.findall("\r\n|\r|\n", text[: text.index("\0")]))
            raise FileRefused("nul_bytes", file=file_name, line=line)
        place += size
    if not codec.startswith(_WIDE) and (nul := data.find(b"\0")) >= 0:
        raise FileRefused("nul_bytes", file=file_name, line=line_at(data, nul))
    return Encoding(codec, name, skip, tuple(remarks.values()))


def _place_of_strange(text: str) -> int:
    found = _STRANGE.search(text)
    return found.start() if found else -1


def _pieces(data: bytes, codec: str, skip: int = 0) -> Iterator[tuple[int, str | None]]:
    """(bytes, their text) piece after piece; (bytes before it, None) at the first byte that is wrong."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    for start in range(skip, max(len(data), skip + 1), _PIECE):
        piece = data[start : start + _PIECE]
        held = len(decoder.getstate()[0])
        try:
            yield len(piece), decoder.decode(piece, start + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            yield max(error.start - held, 0), None
            return


def _first_wrong(data: bytes, codec: str) -> int | None:
    place = 0
    for size, text in _pieces(data, codec):
        place += size
        if text is None:
            return place
    return None


def _is_binary(data: bytes) -> bool:
    """Whether control characters stand where text has none; a few may be damage."""
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > 3 and controls * 50 > len(sample)


def _with_nul(data: bytes, file_name: str) -> Encoding:
    """UTF-16 without a mark, or a text file with NUL bytes in it, or no text file at all."""
    sample = data[:_SAMPLE]
    is_text = _first_wrong(data, "utf-8") is None
    if not (is_text and sample.count(0) * 10 < len(sample)):
        for codec, name in (("utf-16-le", "UTF-16 LE"), ("utf-16-be", "UTF-16 BE")):
            text = sample[: len(sample) & ~1].decode(codec, "replace")
            ascii_count = len(re.findall("[\t-~]", text))
            if ascii_count * 50 > len(text) and len(_TEXT.findall(text)) * 20 >= len(text) * 19:
                return _checked(data, file_name, codec, name, 0)
    if _is_binary(data):
        raise FileRefused("binary", file=file_name)
    raise FileRefused("nul_bytes", file=file_name, line=line_at(data, data.index(0)))


def _not_utf8(data: bytes, file_name: str, wrong: int) -> Encoding:
    if line := _mixed(data, wrong):
        raise FileRefused("mixed_encodings", file=file_name, line=line)
    if _begins_as_utf8(data, wrong):
        raise FileRefused("undecodable", file=file_name, line=line_at(data, wrong))
    start, _ = _line_around(data, wrong, wrong)
    sample = data[start : start + _SAMPLE]
    judged = sorted(
        ((_plausible(sample, codec, judge), -place, codec, name) for place, (codec, name, judge) in enumerate(_ASIAN)),
        reverse=True,
    )
    share, _, codec, name = judged[0]
    if share < 0.5:
        likely = max(_ASIAN, key=lambda one: _plausible(sample, one[0], one[2], "replace"))[0]
        judge = {one[0]: one[2] for one in _ASIAN}[likely]
        place = _first_wrong(data, likely) if _plausible(sample, likely, judge, "replace") >= 0.5 else None
        raise FileRefused("undecodable", file=file_name, line=line_at(data, wrong if place is None else place))
    return _checked(data, file_name, codec, name, 0)


_ASIAN = (("gb18030", "GB18030", "gb2312"), ("cp950", "Big5", "big5"), ("big5hkscs", "Big5", "big5"))
# The first bytes of the characters in daily use: GB 2312 level 1 and its signs, Big5 level 1 and its signs.
_DAILY = {"gb2312": bytes({0xA1, 0xA3, *range(0xB0, 0xD8)}), "big5": bytes({0xA1, 0xA2, *range(0xA4, 0xC7)})}


def _plausible(sample: bytes, codec: str, judge: str, errors: str = "strict") -> float:
    """The share of the characters beyond ASCII that people use daily; 0 when the sample is not in the encoding."""
    try:
        text = codecs.getincrementaldecoder(codec)(errors).decode(sample)
    except UnicodeDecodeError:
        return 0
    beyond = re.sub("[\0-\x7f]", "", text)
    firsts = beyond.encode(judge, "ignore")[::2]
    return (len(firsts) - len(firsts.translate(None, _DAILY[judge]))) / len(beyond) if beyond else 0


def _mixed(data: bytes, wrong: int) -> int | None:
    """The line on which the encoding changes, when some lines are Chinese in UTF-8 and another, not UTF-8, may be GBK.

    `wrong` is the first byte that is not UTF-8; up to there the file is.
    """
    if _begins_as_utf8(data, wrong):
        is_cut_off = not codecs.getincrementaldecoder("utf-8")("replace").decode(data[wrong : wrong + 4])
        _, end = _line_around(data, wrong, wrong)
        return None if is_cut_off or _first_wrong(data[wrong:end], "gb18030") is not None else line_at(data, wrong)
    for found in _CHINESE_UTF8.finditer(data):
        start, end = _line_around(data, *found.span())
        if _first_wrong(data[start:end], "utf-8") is None:
            return line_at(data, max(start, wrong))
    return None


def _begins_as_utf8(data: bytes, wrong: int) -> bool:
    """Whether what stands before the first wrong byte is Chinese in UTF-8; bytes of GBK rarely look like it."""
    before = data[max(wrong - _SAMPLE, 0) : wrong]
    return data.startswith(codecs.BOM_UTF8) or len(_ONE_CHINESE_UTF8.findall(before)) > 1


def _line_around(data: bytes, start: int, end: int) -> tuple[int, int]:
    following = _LINE_END.search(data, end)
    before = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    return before, following.start() if following else len(data)
