"""Text that every format can carry."""

import re
import unicodedata

# Word's soft line break, form feed, next line and the two Unicode separators all mean a new line.
_NEW_LINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# What XML 1.0, Excel or PostgreSQL refuse (controls, surrogates, noncharacters), and what is invisible yet
# changes how a sentence reads (bidirectional and zero-width controls, soft hyphens, tag characters).
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text in normal form C, without what any of our formats refuses or what cannot be seen.

    Every kind of line end comes out as a newline. Cleaning twice gives the same as cleaning once.
    """
    return unicodedata.normalize("NFC", _REFUSED.sub("", _NEW_LINE.sub("\n", text)))
