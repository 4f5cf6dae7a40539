"""Requests that no page of ours sends: sound ones with something odd in them, the same for the same seed."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

from werkzeug.test import TestResponse

from tests.security.hostile import PAYLOADS
from tests.security.world import CALLERS, ELSEWHERE, HOME, ROWS, SITE, Row, World, sound_form

HUGE = "9" * 5000
ODD: tuple[str, ...] = (
    *PAYLOADS,
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e999999999",
    "NaN",
    "Infinity",
    "true",
    "null",
    "[]",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    HUGE,
    "0x10",
    "١٢",
    "²",
    "1_000",
    "00000000-0000-0000-0000-000000000000",
    "urn:uuid:x",
    "2026-13-45",
    "0000-00-00",
    "9999-12-31",
    "do_not_know",
    "none",
    "yes",
    "draft",
    "published",
    "' OR 1=1 --",
    "'; DROP TABLE people; --",
    "%",
    "_",
    "\\",
    "%00",
    "%2e%2e%2f",
    "..",
    "/etc/passwd",
    "con",
    "é" * 300,
    "\u0301" * 300,
    "🏛" * 200,
    "x" * 6001,
)
QUERY_NAMES = (
    "in", "q", "kind", "tier", "page", "sha256", "question", "answer", "next", "step", "v", "language", "_external",
    "_scheme", "_anchor", "_method", "endpoint", "values", "self", "csrf_token", "x",
)  # fmt: skip
TYPES = (
    "application/json", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-16", "text/html; charset=nope",
    "application/x-www-form-urlencoded", "", "x", "a" * 3000,
)  # fmt: skip
BODIES = (
    b"", b"%", b"%zz=%", b"&&&===", b"\xff\xfe\x00", b"[1]", b'"x"', b"{}", b'{"title": "\\ud800"}', b"null", b"--x\r\n",
    b"--x--", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", b"a" * 70_000, b"a=1&" * 20_000,
    b'--x\r\nContent-Disposition: form-data; name="title"; filename="a"\r\n\r\nx\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="title"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\xd8\x00\r\n--x--',
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
)  # fmt: skip
HEADERS = (
    {"Accept-Language": ",;q=x," * 50},
    {"Accept-Language": "\xe9"},
    {"Cookie": "__Host-session=x.y.z"},
    {"Cookie": "=;;;=" * 100},
    {"Range": "bytes=9999999999999-"},
    {"Range": "bytes=-1,0-,x"},
    {"If-Modified-Since": "yesterday"},
    {"If-None-Match": '"' * 50},
    {"Referer": "javascript:alert(1)"},
    {"Referer": "https://evil.example/"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-For": "evil, 1"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Content-Length": "-1"},
    {"Transfer-Encoding": "chunked"},
    {"Accept": "application/json"},
)


@dataclass(frozen=True)
class Shot:
    """One odd request, as it can be told and fired again."""

    caller: str
    method: str
    path: str
    query: str
    options: dict[str, Any]

    def fire(self, world: World) -> TestResponse:
        """The answer."""
        raw = self.path.encode("utf-8", "surrogatepass").decode("latin-1")
        overrides = {"PATH_INFO": raw, "QUERY_STRING": self.query}
        options = {**self.options, "headers": world.headers(self.caller) | self.options.get("headers", {})}
        client = world.app.test_client(use_cookies=False)
        return client.open(
            "/", method=self.method, base_url=SITE, environ_overrides=overrides, buffered=True, **options
        )


class Fuzzer:
    """Makes one odd request after another."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(seed)

    def shot(self) -> Shot:
        """A sound request with one to three odd things about it."""
        row = self.random.choice(ROWS)
        caller = self.random.choice(sorted(row.callers) if self.random.random() < 0.8 else CALLERS)
        tender_id = self._tender(row)
        made: dict[str, Any] = {
            "path": self._path(row, tender_id),
            "query": "",
            "method": row.method,
            "options": self._sound(row, tender_id) if row.method == "POST" else {},
        }
        changes: tuple[Callable[[dict[str, Any]], None], ...] = (
            self._odd_path, self._odd_query, self._odd_fields, self._odd_fields, self._odd_fields, self._odd_body,
            self._odd_headers, self._odd_method, self._odd_revision,
        )  # fmt: skip
        for change in self.random.sample(changes, self.random.randint(1, 3)):
            change(made)
        return Shot(caller, made["method"], made["path"], made["query"], made["options"])

    def _tender(self, row: Row) -> str:
        if not row.shape:
            return ""
        city = ELSEWHERE if self.random.random() < 0.1 else HOME
        shape = row.shape if self.random.random() < 0.7 else self.random.choice(("ready", "undecided", "published"))
        return self.world.tender(shape, city)

    def _path(self, row: Row, tender_id: str) -> str:
        values = row.values(self.world) | ({"tender_id": UUID(tender_id)} if tender_id else {})
        language = self.random.choice(("es", "pt", "en"))
        return self.world.address(row.endpoint, values, language, row.method)

    def _sound(self, row: Row, tender_id: str) -> dict[str, Any]:
        known = tender_id in self.world.made["cities"][HOME]["tenders"].values()
        form = sound_form(self.world, row, tender_id if known else "")
        return {"data": {"csrf_token": self.world.token, **form}}

    def _odd(self) -> str:
        return self.random.choice(ODD)

    def _odd_path(self, made: dict[str, Any]) -> None:
        parts = made["path"].split("/")
        place = self.random.randrange(len(parts))
        parts[place] = self._odd() if self.random.random() < 0.8 else parts[place] + self._odd()
        made["path"] = ("/".join(parts) or "/").replace("?", "")

    def _odd_query(self, made: dict[str, Any]) -> None:
        names = self.random.choices(QUERY_NAMES, k=self.random.randint(1, 4))
        made["query"] = "&".join(f"{name}={quote(self._odd(), errors='surrogatepass')}" for name in names)

    def _odd_fields(self, made: dict[str, Any]) -> None:
        form = made["options"].get("data")
        if not isinstance(form, dict) or len(form) < 2:
            return
        name = self.random.choice([name for name in form if name != "csrf_token"])
        what = self.random.randrange(4)
        if what == 0:
            del form[name]
        elif what == 1:
            form[name] = [_sendable(self._odd()), _sendable(self._odd())]
        elif what == 2:  # one of four
            form[name] = (BytesIO(b"x"), "x.txt")
        else:
            form[name] = _sendable(self._odd())

    def _odd_revision(self, made: dict[str, Any]) -> None:
        form = made["options"].get("data")
        for name in form if isinstance(form, dict) else ():
            if "revision" in name:
                form[name] = _sendable(self.random.choice(("", "-1", "0", "1", HUGE, "2147483648", "x", "1.0", "²")))

    def _odd_body(self, made: dict[str, Any]) -> None:
        made["options"] = {
            "data": self.random.choice(BODIES),
            "content_type": self.random.choice(TYPES),
            "headers": {"X-CSRFToken": self.world.token},
        }

    def _odd_headers(self, made: dict[str, Any]) -> None:
        made["options"]["headers"] = made["options"].get("headers", {}) | self.random.choice(HEADERS)

    def _odd_method(self, made: dict[str, Any]) -> None:
        made["method"] = self.random.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "X"))


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
