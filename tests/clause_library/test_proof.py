"""Whoever gets past the guards of the database is found: each test takes them away and changes one thing."""

import json
import sqlite3
from copy import deepcopy

import pytest

from clause_library import store
from clause_library.releases import canonical, hashed, shipped_library
from database import transaction

CLAUSE = "EXP-02"


@pytest.fixture
def file(app, add_person, sqlite_url):
    """A library with an approved, a rejected and an open proposal; the path of its file."""
    author, approver = add_person("reviewer"), add_person("approver")
    texts = deepcopy(dict(shipped_library().texts[CLAUSE]))
    engine = app.extensions["engine"]
    made = []
    for title in ("One", "Two", "Three"):
        texts["en"]["title"] = title
        base = shipped_library().clauses[CLAUSE].hash
        with transaction(engine) as session:
            made.append(
                store.propose(session, clause_id=CLAUSE, base_hash=base, texts=texts, reason="Why", author_id=author.id)
            )
    with transaction(engine) as session:
        store.approve(session, made[0].id, approver_id=approver.id, read_hash=made[0].content_hash)
        store.close_proposal(session, made[1].id, state="rejected", person_id=approver.id)
    return sqlite_url.removeprefix("sqlite:///")


def _tamper(file, *statements):
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA foreign_keys = OFF")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        changed = connection.execute(*statement) if isinstance(statement, tuple) else connection.execute(statement)
        assert changed.rowcount >= 1
    connection.commit()
    connection.close()


def _rewritten(file):
    """A version rewritten with its hash made right in every place, as somebody careful would."""
    connection = sqlite3.connect(file)
    old, text = connection.execute(
        "SELECT hash, canonical FROM clause_versions WHERE clause_id = ? AND number = 2", (CLAUSE,)
    ).fetchone()
    number, manifest = connection.execute("SELECT number, canonical FROM releases WHERE number = 2").fetchone()
    connection.close()
    body = json.loads(text)
    body["texts"]["en"]["summary"] = "Nobody has to explain anything."
    changed = canonical(body)
    new = hashed("clause-version-1", changed)
    resealed = manifest.replace(old, new)
    return (
        ("UPDATE clause_versions SET canonical = ?, hash = ? WHERE hash = ?", (changed, new, old)),
        (
            "UPDATE releases SET canonical = ?, hash = ? WHERE number = ?",
            (resealed, hashed("release-1", resealed), number),
        ),
    )


def test_a_library_nobody_touched_is_verified_and_counted(file, command):
    assert file
    result = command("verify")

    assert result.exit_code == 0
    versions = len(shipped_library().clauses) + 1
    assert f"{versions} versions, 2 releases, 3 proposals, 1 approvals" in result.output
    assert "0 faults" in result.output


TAMPERINGS = {
    "a word of a version": "UPDATE clause_versions SET canonical = replace(canonical, 'must', 'may') WHERE number = 2",
    "the number of a version": "UPDATE clause_versions SET number = 7 WHERE number = 2",
    "a version taken away": "DELETE FROM clause_versions WHERE number = 2",
    "the manifest of a release": "UPDATE releases SET canonical = replace(canonical, 'critical', 'low')",
    "the number of a release": "UPDATE releases SET number = 9 WHERE number = 2",
    "where a release came from": "UPDATE releases SET origin = 'edition' WHERE number = 2",
    "a release taken away": "DELETE FROM releases WHERE number = 2",
    "the text of a proposal": "UPDATE proposals SET texts = replace(texts, 'Two', 'Ten')",
    "the author of a proposal": "UPDATE proposals SET author_id = 'x' WHERE state = 'approved'",
    "the state of a proposal": "UPDATE proposals SET state = 'approved' WHERE state = 'open'",
    "a proposal taken away": "DELETE FROM proposals WHERE state = 'open'",
    "an approval taken away": "DELETE FROM approvals",
    "what was approved": "UPDATE approvals SET content_hash = 'x'",
    "who approved": "UPDATE approvals SET approver_id = (SELECT author_id FROM proposals LIMIT 1)",
    "the actor of an act": "UPDATE ledger_entries SET actor = 'x' WHERE kind = 'clause_approved'",
    "the payload of an act": "UPDATE ledger_entries SET payload = '{}' WHERE kind = 'clause_approved'",
    "the last act taken away": "DELETE FROM ledger_entries WHERE kind = 'clause_rejected'",
    "text that cannot be read": "UPDATE proposals SET texts = 'x'",
    "a manifest that cannot be read": "UPDATE releases SET canonical = 'x' WHERE number = 2",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_was_changed_behind_the_back_of_the_library_is_found(file, command, statement):
    _tamper(file, statement)

    result = command("verify")

    assert result.exit_code == 1
    assert "0 faults" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_an_approval_by_the_author_is_named(file, command):
    _tamper(file, TAMPERINGS["who approved"])

    assert "approval of release 2: the author approved it" in command("verify").output


def test_a_version_rewritten_with_all_its_hashes_does_not_go_with_what_was_approved(file, command):
    _tamper(file, *_rewritten(file))

    result = command("verify")

    assert result.exit_code == 1
    assert "the release does not hold the text that was approved" in result.output
    assert "library_released 2: the ledger does not say so" in result.output
