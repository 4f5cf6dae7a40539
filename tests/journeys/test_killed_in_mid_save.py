"""The server is killed while an officer saves: what was confirmed to her is there afterwards."""

import html
import random
import re
import threading
from http.client import HTTPException
from pathlib import Path

import pytest
from serving import Server, Visitor

FIELD = re.compile(r'<input[^>]*name="title"[^>]*value="([^"]*)"')
REVISION = re.compile(r'name="revision-title"[^>]*value="([^"]*)"')


def kept_title(page: str) -> str:
    found = FIELD.search(page)
    assert found
    return html.unescape(found[1])


class Saves:
    """The numbers tried and those the server confirmed; `one_more` is released at each confirmation."""

    def __init__(self) -> None:
        self.tried, self.confirmed = [0], [0]
        self.one_more = threading.Semaphore(0)


def save_until_it_breaks(officer: Visitor, path: str, saves: Saves) -> None:
    """Save one title after another; each that the server answered is confirmed."""
    number = saves.tried[-1]
    try:
        page = officer.get(path)
        while True:
            number += 1
            saves.tried.append(number)
            revision = REVISION.search(page)
            assert revision
            officer.post(path, **{"title": f"Purchase {number}", "revision-title": revision[1], "currency": ""})
            saves.confirmed.append(number)
            saves.one_more.release()
            page = officer.get(path)
    except (OSError, HTTPException):
        return


def killed_while_saving(server: Server, rounds: int, seed: int) -> int:
    """Kill the server in the middle of saving, again and again. Gives how many saves were confirmed."""
    chance = random.Random(seed)
    server.start()
    officer = Visitor(server)
    officer.sign_in()
    officer.get("/en/tenders/new")
    officer.post("/en/tenders", title="Purchase 0")
    path = f"{officer.url.removeprefix(server.url).split('?')[0].rstrip('/')}/particulars"
    saves = Saves()
    for _ in range(rounds):
        saving = threading.Thread(target=save_until_it_breaks, args=(officer, path, saves), daemon=True)
        saving.start()
        for _ in range(chance.randint(1, 3)):
            assert saves.one_more.acquire(timeout=60)
        saving.join(chance.uniform(0, 0.05))
        server.kill()
        saving.join(30)
        server.start()
        kept = int(kept_title(officer.get(path)).removeprefix("Purchase "))
        assert saves.confirmed[-1] <= kept <= saves.tried[-1], (
            f"seed {seed}: confirmed {saves.confirmed[-1]}, kept {kept}"
        )
    server.stop()
    return len(saves.confirmed)


def check(tmp_path: Path, rounds: int) -> None:
    server = Server(tmp_path)
    server.prepare()
    try:
        confirmed = killed_while_saving(server, rounds, seed=rounds)
    finally:
        server.kill()
    assert confirmed > rounds
    verified = server.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_what_was_confirmed_is_kept_when_the_server_is_killed_in_mid_save(tmp_path):
    check(tmp_path, rounds=4)


@pytest.mark.long
def test_what_was_confirmed_is_kept_over_two_hundred_kills(tmp_path):
    check(tmp_path, rounds=200)
