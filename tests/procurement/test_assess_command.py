"""The command `assess`: JSON Lines in, one line out for each."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from clause_library.releases import shipped_library
from clause_library.store import enter_edition
from database import transaction
from tests.rules.briefs import brief

ROOT = Path(__file__).parents[2]
BRIEF = json.dumps(brief(problem="Señales, 日本", personal_data=["health"]))
KEYS = ["tier", "tier_name", "score", "triggers", "flags", "conflicts", "clauses", "excluded", "ignored", "library"]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The application as the command line has it: no settings, and a database that holds nothing."""
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('empty') / 'library.sqlite'}"})
    yield app
    app.extensions["engine"].dispose()


def run(app: Flask, given: str | bytes, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["assess", *options], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.decode("utf-8").splitlines()]


def test_a_brief_gives_one_line_with_everything_the_rules_say_of_it(commands):
    result = run(commands, BRIEF)

    (line,) = lines(result)
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(line) == KEYS
    assert (line["tier"], line["triggers"]) == (2, ["L4"])
    assert line["library"] == {"release": 1, "hash": shipped_library().hash}
    assert list(line["clauses"][0]) == ["id", "version", "reasons", "triggered_by_bid", "requirements"]
    assert list(line["clauses"][0]["requirements"][0]) == ["id", "kind", "strength", "owed_by", "moment"]
    assert list(line["excluded"][0]) == ["id", "reasons"]
    assert "training_on_buyer_data" in line["ignored"]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_reasons_are_told_in_the_language_asked_for(commands, language):
    (line,) = lines(run(commands, BRIEF, "--language", language))

    words = shipped_library().words[language]
    assert line["tier_name"] == words["tiers"]["2"]["name"]
    assert words["sentences"]["in_always"] in [entry["reasons"][0] for entry in line["clauses"]]


def test_a_stopped_purchase_has_every_clause_excluded_and_is_no_failure(commands):
    result = run(commands, json.dumps(brief(red_lines=["social_scoring"])))

    (line,) = lines(result)
    assert result.exit_code == 0
    assert (line["tier"], line["triggers"], line["clauses"]) == (0, ["STOP"], [])
    assert [entry["id"] for entry in line["excluded"]] == list(shipped_library().clauses)


@pytest.mark.parametrize(
    "given",
    [
        BRIEF,
        BRIEF + "\n",
        BRIEF + "\r\n",
        "\n\n  \n" + BRIEF + "\n\n",
        "\ufeff" + BRIEF,
        "\ufeff\r\n" + BRIEF,
        "\t" + BRIEF + " ",
        json.dumps(json.loads(BRIEF), ensure_ascii=False),
    ],
)
def test_marks_blank_lines_and_line_ends_make_no_difference(commands, given):
    assert lines(run(commands, given)) == lines(run(commands, BRIEF))


@pytest.mark.parametrize("given", ["", "\n", "\ufeff", "\r\n \r\n"])
def test_nothing_in_gives_nothing_out(commands, given):
    result = run(commands, given)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("given", "code", "question"),
    [
        ("{", "invalid_json", None),
        (b"\xff\xfe{}", "invalid_json", None),
        ("[]", "not_an_object", None),
        ('{"pilot": "no", "pilot": "no"}', "duplicate_key", "pilot"),
        (json.dumps(brief(colour="red")), "unknown_question", "colour"),
        (json.dumps(brief(pilot="perhaps")), "unknown_option", "pilot"),
        (json.dumps(brief(pilot="do_not_know")), "unknown_option", "pilot"),
        (json.dumps(brief(pilot=1)), "wrong_type", "pilot"),
        (json.dumps(brief(problem="x" * 5001)), "too_long", "problem"),
        (json.dumps(brief(contract_months=0)), "out_of_range", "contract_months"),
        (json.dumps(brief(listed_areas=["none", "education"])), "none_beside_others", "listed_areas"),
        (json.dumps(brief(techniques=["rules", "do_not_know"])), "do_not_know_beside_others", "techniques"),
        (json.dumps(brief(personal_data=[])), "missing_answer", "personal_data"),
        (json.dumps(brief(direct_users="both", languages_of_use=[])), "missing_answer", "languages_of_use"),
        ("{}", "missing_answer", "policy_domains"),
        (json.dumps({"\ud800": 1}), "unknown_question", "\ud800"),
    ],
)
@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_a_line_that_cannot_be_assessed_says_why_and_the_rest_go_on(commands, given, code, question, language):
    first, last = BRIEF.encode() + b"\n\n", b"\n" + BRIEF.encode()

    middle = given if isinstance(given, bytes) else given.encode()
    result = run(commands, first + middle + last, "--language", language)

    before, refused, after = lines(result)
    assert result.exit_code == 1
    assert before == after
    assert list(refused) == ["error", "line"]
    assert refused["line"] == 3
    assert (refused["error"]["code"], refused["error"]["question"]) == (code, question)
    assert "{" not in refused["error"]["message"] or code == "invalid_json"
    assert (question if code == "duplicate_key" else named(question, language)) in refused["error"]["message"]


def named(question: str | None, language: str) -> str:
    """What a person knows a question by: its label, or what was given where there is none such."""
    words = shipped_library().words[language]["questions"]
    return words[question]["label"] if question in words else question or ""


def test_text_whole_numbers_and_questions_not_asked_may_be_absent(commands):
    asked = {
        name: value
        for name, value in brief().items()
        if name
        not in {"contract_months", "output_use", "languages_of_use", "legal_exception", "narrow_task",
                "training_on_buyer_data"}
    }  # fmt: skip

    (line,) = lines(run(commands, json.dumps(asked)))

    assert (line["tier"], line["ignored"]) == (1, [])


@pytest.mark.parametrize("options", [["--language", "fr"], ["--release", "one"], ["--unheard"], ["brief.json"]])
def test_a_wrong_use_is_told_apart_from_a_wrong_brief(commands, options):
    result = run(commands, BRIEF, *options)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


def test_a_release_that_is_not_there_is_named(commands):
    result = run(commands, BRIEF, "--release", "99")

    assert result.exit_code not in (0, 2)
    assert result.stdout == ""
    assert "99" in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_the_release_of_the_database_and_the_shipped_edition_say_the_same(app, commands):
    with transaction(app.extensions["engine"]) as session:
        enter_edition(session)

    assert run(app, BRIEF).stdout == run(commands, BRIEF).stdout
    assert run(app, BRIEF, "--release", "1").stdout == run(commands, BRIEF, "--release", "1").stdout


def test_a_database_without_tables_serves_the_shipped_edition_and_stays_without_tables(tmp_path):
    path = tmp_path / "library.sqlite"
    sqlite3.connect(path).close()
    environment = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DEMONSTRATION")}
    environment |= {"DATABASE_URL": f"sqlite:///{path}", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "flask", "--app", "app", "assess", "--language", "pt"]

    done = subprocess.run(command, input=BRIEF.encode(), env=environment, cwd=ROOT, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["tier"] == 2
    assert tables_of(path) == []


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    path = tmp_path / "instance" / "library.sqlite"
    app = create_app({"DATABASE_URL": f"sqlite:///{path}"})

    result = run(app, BRIEF)

    app.extensions["engine"].dispose()
    assert result.exit_code == 0
    assert not path.parent.exists()


def tables_of(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT name FROM sqlite_master").fetchall()
