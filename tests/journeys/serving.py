"""A real server of our own, on loopback, that a test can start, use and kill."""

import html
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """The demonstration on a database of its own in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'library.sqlite'}",
            "FILES": str(folder / "files"),
            "DEMONSTRATION": "1",
            "SECRET_KEY": "one key for every start of this server 0123456789",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        self._flask("prepare").check_returncode()

    def start(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def verify(self) -> subprocess.CompletedProcess[str]:
        return self._flask("library", "verify")

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def _flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(self.url)


class Visitor:
    """Somebody with a browser that keeps its cookies and follows where it is sent."""

    def __init__(self, server: Server) -> None:
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.token = ""

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.server.url + path))

    def post(self, path: str, **fields: str) -> str:
        data = urllib.parse.urlencode({"csrf_token": self.token, **fields}).encode()
        return self._open(urllib.request.Request(self.server.url + path, data))

    def sign_in(self) -> None:
        page = self.get("/en/sign-in")
        person = re.search(r'name="person"[^>]*value="([^"]+)"', page)
        assert person
        self.post("/en/sign-in/demonstration", person=person[1])

    def _open(self, request: urllib.request.Request) -> str:
        with self.opener.open(request, timeout=20) as answer:
            page = answer.read().decode()
            self.url = answer.geturl()
        found = TOKEN.search(page)
        self.token = html.unescape(found[1]) if found else self.token
        return page
