"""What a page costs: `python -m bench.pages`.

Measured in the same run: a bare Flask page. And the statements each page sends to the database while the library
grows from its own clauses to three times as many, which must stay the same.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from app import create_app
from clause_library import store as library_store
from clause_library.releases import release_from, shipped_release, version_from
from database import migrate, transaction
from procurement import store as tender_store
from procurement.worked import worked_purchases
from rules.questions import read_answers

ROUNDS = 15
PAGES = ("", "/steps/1", "/answers", "/risk", "/selection", "/parameters")


def bare() -> FlaskClient:
    app = Flask("bare")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app.test_client()


def seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def grown(times: int) -> None:
    """A newer release whose clauses stand `times` times, under new ids."""
    release, versions = shipped_release()
    copies = []
    for turn in range(times):
        for version in versions.values():
            body = version.body
            if turn:
                number = int(body["id"][-2:]) + 30 * turn
                body = renamed(body, f"{body['category']}-{number:02d}")
            copies.append(version_from(body, 1))
    with transaction() as session:
        rules = {key: value for key, value in release.manifest.items() if key != "clauses"}
        session.add_all(library_store._version_row(one) for one in copies if one.hash not in versions)
        session.flush()
        bigger = release_from(rules, 2, copies)
        library_store._publish(session, bigger, "approval", "grown", "bench")


def renamed(body: dict, name: str) -> dict:
    old = body["id"]
    requirements = [row | {"id": row["id"].replace(old, name)} for row in body["requirements"]]
    texts = {
        language: text | {"requirements": {key.replace(old, name): part for key, part in text["requirements"].items()}}
        for language, text in body["texts"].items()
    }
    return body | {"id": name, "requirements": requirements, "texts": texts}


def started(client: FlaskClient, app: Flask) -> str:
    """Sign in as the demonstration's officer and start a tender that is answered. Gives its path."""
    from accounts.demonstration import demonstration_people  # noqa: PLC0415 - the room is only needed here

    with app.app_context(), transaction() as session:
        officer = next(one for one in demonstration_people(session) if one.role == "officer")
        purchase = next(iter(worked_purchases().values()))
        questions = library_store.newest_library(session).questions
        answers = read_answers(questions, purchase.answers_in("en"))
        entries = {
            ("answer", name): list(value) if isinstance(value, tuple) else value for name, value in answers.items()
        }
        tender = tender_store.start(
            session, organisation_id=officer.organisation.id, person_id=officer.id, entries=entries
        )
    client.post("/en/sign-in/demonstration", data={"person": officer.id})
    return f"/en/tenders/{tender}"


def measured(path: str, client: FlaskClient, app: Flask) -> dict[str, tuple[float, int]]:
    found = {}
    for page in PAGES:
        assert client.get(path + page).status_code == 200, page
        with counted(app.extensions["engine"]) as statements:
            client.get(path + page)
        found[page] = (seconds(lambda page=page: client.get(path + page)), len(statements))
    return found


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite'}",
            "DEMONSTRATION": True,
            "SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "TRUSTED_HOSTS": ["localhost"],
            "WTF_CSRF_ENABLED": False,
        }
    )
    migrate(app.extensions["engine"])
    app.test_cli_runner().invoke(args=["prepare"])
    client, hello = app.test_client(), bare()
    base = seconds(lambda: hello.get("/"))
    small = measured(started(client, app), client, app)
    with app.app_context():
        grown(3)
    large = measured(started(client, app), client, app)
    for page in PAGES:
        (took, queries), (took_large, queries_large) = small[page], large[page]
        print(
            f"page /tender{page}: {took / base:.0f} times a bare page, {queries} statements;"
            f" with 420 clauses {took_large / base:.0f} times, {queries_large} statements"
        )


if __name__ == "__main__":
    main()
