import re
import subprocess
import sys
import textwrap

import pytest

from clause_library import proving
from clause_library.bundles import bundle_of, release_file
from clause_library.checks import Problem
from clause_library.proving import NOT_PROVED, problems_found, unproved
from clause_library.releases import canonical, hashed, shipped_release

NEVER = {"any": []}


def named(bundle, part, name):
    return next(row for row in bundle[part] if row["id"] == name)


def plant_faults(bundle):
    """One fault of each kind, none in the way of another."""
    named(bundle, "clauses", "HUM-02")["when"]["all"].append({"question": "pilot", "is": ["yes"]})
    named(bundle, "clauses", "SEC-01")["when"] = {"tier_at_least": 2}
    named(bundle, "clauses", "AUD-02")["when"] = {"instrument": ["tender", "request_for_information"]}
    named(bundle, "clauses", "CHG-04")["when"] = {"question": "learns_in_production", "is": ["no"]}
    named(bundle, "clauses", "FAI-08")["when"] = NEVER
    named(bundle, "triggers", "H10")["when"] = {"question": "worst_harm", "is": ["serious"]}
    bundle["exclusions"].append({"pair": ["HUM-04", "GEN-13"]})
    bundle["words"]["en"]["questions"].pop("learns_in_production")


@pytest.fixture(scope="module")
def said():
    """What is said of the edition with those faults, line by line."""
    bundle = bundle_of(*shipped_release())
    plant_faults(bundle)
    return [f"{problem.where}: {problem.what}" for problem in problems_found(bundle)]


def worker(tmp_path, *lines):
    """A process in place of the one that proves."""
    file = tmp_path / "worker.py"
    file.write_text(textwrap.dedent("\n".join(lines)), encoding="utf-8")
    return (sys.executable, str(file))


LOOKED_AT = """print('{"all": "looked at"}', flush=True)"""
FOUND = """print('{"where": "clause HUM-02", "what": "no brief reaches it"}', flush=True)"""


def test_the_shipped_edition_keeps_what_it_promises_for_every_brief(bundle):
    assert unproved(bundle) == ()


def only(said, start):
    (line,) = (line for line in said if line.startswith(start))
    return line


def test_a_broken_guarantee_names_the_requirement_and_the_brief_that_breaks_it(said):
    broken = only(said, "guarantee a-person-decides")

    assert "HUM-02.1 is not in, or not mandatory, for this brief: " in broken
    assert "Role of the system in the decision: ‘" in broken
    assert re.search(r"Pilot[^:;]*: ‘No", broken)
    assert re.search(r"; decided tier: [34]$", broken)


def test_what_does_not_matter_to_a_broken_promise_is_not_said(said):
    assert only(said, "guarantee a-person-decides").count(": ‘") == 2
    assert only(said, "guarantee basic-security").endswith("for this brief: decided tier: 1")


def test_a_clause_that_is_not_for_every_document_is_named_with_the_document(said):
    broken = only(said, "guarantee control-bodies-have-access")

    assert broken.endswith("for this brief: document: partnership agreement")


def test_a_clause_that_no_brief_brings_in_is_said(said):
    assert "clause FAI-08: no brief reaches it" in said


def test_a_clause_in_where_no_guarantee_asks_for_it_is_said(said):
    assert only(said, "clause CHG-04").startswith(
        "clause CHG-04: it is in and no guarantee asks for it, for this brief"
    )


def test_words_that_are_missing_do_not_hide_what_is_broken(said):
    assert "for this brief: learns_in_production: ‘yes’" in only(said, "guarantee learning-is-under-control")


def test_pairs_that_meet_are_said_with_the_brief_in_which_they_do(said):
    line = only(said, "exclusion HUM-04, GEN-13")

    assert "they are in together for this brief: Acting on other systems: ‘" in line


def test_a_tier_that_falls_is_said_with_the_answer_that_makes_it_fall(said):
    line = only(said, "question worst_harm")

    assert re.search(r"the tier falls from [234] to [123] when ‘[^’]*’ becomes ‘[^’]*’, in this brief: ", line)


def test_proofs_that_do_not_end_in_time_are_a_problem_and_what_was_found_is_kept(bundle, tmp_path):
    command = worker(tmp_path, FOUND, "import time", "time.sleep(60)")

    problems = unproved(bundle, seconds=1, command=command)

    assert problems[0] == Problem("clause HUM-02", "no brief reaches it")
    assert problems[1] == Problem("proofs", f"{NOT_PROVED}: there was no end within 1 seconds")


@pytest.mark.parametrize(
    "lines",
    [
        ["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"],
        ["raise SystemExit(3)"],
        ["pass"],
        ["print('{\"where\": \"half a li', end='')"],
        [LOOKED_AT, "raise SystemExit(1)"],
    ],
    ids=["killed", "failed", "silent", "cut off", "failed at the end"],
)
def test_a_process_that_proves_nothing_is_a_problem(bundle, tmp_path, lines):
    (problem,) = unproved(bundle, command=worker(tmp_path, *lines))

    assert problem.where == "proofs"
    assert problem.what.startswith(NOT_PROVED)


def test_a_library_that_cannot_be_made_is_not_proved(bundle):
    bundle["facts"]["generative"] = {"fact": "no_such_fact"}

    assert [problem.where for problem in unproved(bundle)] == ["proofs"]


@pytest.fixture
def weakened():
    """The shipped release with a guaranteed clause that applies to fewer purchases; nothing else is wrong with it."""
    release, versions = shipped_release()
    manifest = release.manifest
    for row in manifest["guarantees"]:
        if row["id"] == "the-buyer-can-stop-it":
            row["when"] = {"tier_at_least": 2}
    text = canonical(manifest)
    return type(release)(1, text, hashed("release-1", text)), versions


def test_a_check_says_what_is_not_proved_and_fails(command, monkeypatch, weakened):
    monkeypatch.setattr("clause_library.commands.release_for_commands", lambda _number: weakened)

    result = command("check")

    assert result.exit_code == 1
    assert "guarantee the-buyer-can-stop-it: HUM-04.1 is not in, or not mandatory, for this brief: " in result.output


def test_a_release_that_breaks_a_promise_is_not_imported(make_app, tmp_path, monkeypatch, weakened):
    monkeypatch.setattr("clause_library.commands.problems_in", lambda _bundle: ())
    file = tmp_path / "release.json"
    file.write_text(release_file(*weakened), encoding="utf-8")
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}")

    result = app.test_cli_runner().invoke(args=["library", "import", str(file)])

    assert result.exit_code == 1
    assert "the-buyer-can-stop-it" in result.output


def test_the_web_does_not_load_the_solver():
    look = "import sys, app; sys.exit('z3' in sys.modules or 'clause_library.proving' not in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], cwd=proving.ROOT, check=False).returncode == 0
