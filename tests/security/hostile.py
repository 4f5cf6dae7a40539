"""Texts that want to be something else, and a reader of pages that says what they became."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

from lxml import html

from rules.text import clean

MULTIPLIED = "9359"
PAYLOADS: tuple[str, ...] = (
    # elements and handlers
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus=alert(1) '",
    "</textarea><script>alert(2)</script>",
    "</title><b>x</b>",
    "</option></select><u>x</u>",
    '<a href="javascript:alert(1)">x</a>',
    "javascript:alert(1)",
    "<!-- x",
    "--> <![CDATA[ x ]]>",
    "&lt;script&gt; &#60;b&#62; &amp;",
    '<iframe srcdoc="<b>x</b>">',
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<style>*{color:red}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "＜script＞ ‹b› \u2028x",
    # template languages and markdown
    "{{ 1337*7 }}",
    "{% set x = 1337*7 %}{{x}}",
    "${1337*7} #{1337*7} <%= 1337*7 %>",
    "{{ config.SECRET_KEY }}",
    "{{ term.supplier }} {{ primary_metric }} [[DQ-03]]",
    "%(name)s %s %d %",
    "{page} {0} {x.__class__}",
    "# x **b** [x](javascript:alert(1)) | a | b |",
    # formulas
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    '=HYPERLINK("http://evil.example","x")',
    "\t=1+1",
    # signs that formats refuse or nobody sees
    "a\x00b",
    "a\x0bb\x0cc\x1b[31m",
    "a\u202egpj.exe\u202c",
    "a\u200bb\u2060\ufeffc",
    "a\ud800b\udfff",
    "a\ufffeb\U0001ffff",
    "a\r\nSet-Cookie: x=1",
    # the formats themselves
    "</w:t></w:r><w:p><w:r><w:t>x",
    "&#x0; ]]><x xmlns:x='urn:x'/> <?php ?>",
    "\\\\evil\\share file:///etc/passwd",
    "../../../etc/passwd%00.pdf",
)
ROUNDS = 3
LINKS = {"href", "src", "action", "formaction", "data", "srcdoc", "poster", "background"}
UNSEEN = set("\x00\x0b\x0c\x1b\u202a\u202b\u202c\u202d\u202e\u200b\u2060\ufeff\ufffe\U0001ffff")
Marks = set[tuple[str, str]]


def payloads(turn: int) -> list[str]:
    """The payloads of a round, each of which comes in one."""
    return list(PAYLOADS[turn::ROUNDS])


def joined(turn: int, longest: int, first: int = 0) -> str:
    """As many payloads of a round as fit, beginning with another one for each field."""
    chosen = payloads(turn)
    chosen = chosen[first % len(chosen) :] + chosen[: first % len(chosen)]
    text = chosen[0]
    for one in chosen[1:]:
        text = f"{text} · {one}" if len(arrived(f"{text} · {one}")) <= longest else text
    return text


def arrived(text: str) -> str:
    """A text as it is read from a form: the bytes of a lone surrogate stay quoted as they were sent."""
    return re.sub("[\ud800-\udfff]", lambda sign: quote_from_bytes(sign[0].encode("utf-8", "surrogatepass")), text)


def printed(text: str) -> str:
    """What a format shows of a text, blanks apart."""
    return "".join(clean(arrived(text)).split())


class _Marks(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Marks = set()
        self.links: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, "")} | {(tag, name) for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in LINKS}

    def handle_comment(self, data: str) -> None:
        self.found.add(("comment", data[:20]))

    def unknown_decl(self, data: str) -> None:
        self.found.add(("declaration", data[:20]))


def marks(page: str) -> Marks:
    """The elements of a page and the names of their attributes, as two readers of HTML see them."""
    found = set(_Marks(page).found)
    for element in html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8")).iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        found |= {(tag, "")} | {(tag, str(name)) for name in element.attrib}
    return found


def faults(page: str, expected: Iterable[tuple[str, str]]) -> list[str]:
    """What a page has that the same page with harmless texts has not."""
    found = [f"<{tag} {name}>" for tag, name in sorted(marks(page) - set(expected))]
    leading = {link for link in _Marks(page).links if link and not link.startswith(("/", "#", "https://", "mailto:"))}
    found += [f"leads to {link}" for link in sorted(leading) if link.split("?")[0] not in ("", "risk")]
    found += [f"evaluated: {MULTIPLIED}"] * (MULTIPLIED in page)
    found += [f"unseen {sign!r}" for sign in sorted(UNSEEN & set(page))]
    found += ["tells the key"] * ("0123456789abcdef0123456789abcdef" in page)
    return found
