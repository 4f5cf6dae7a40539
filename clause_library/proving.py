"""The proofs of a release, in a process of its own: `python -m clause_library.proving`, a bundle in, problems out.

On stdout comes a line of JSON for each promise that is not kept, and one that says that all were looked at.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from clause_library.checks import Problem
from rules.errors import BrokenLibrary
from rules.findings import FORM, INSTRUMENT, TIER, Case, Finding
from rules.library import Bundle, Library, library_from
from rules.questions import Answer
from rules.sentences import Speaker

ROOT = Path(__file__).parent.parent
PROVER = (sys.executable, "-m", "clause_library.proving")
SECONDS = 120
MEMORY = 4 * 2**30
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
ALL_LOOKED_AT = {"all": "looked at"}
# What older releases were not yet held to: a kind of finding, and the schema since which it counts.
HELD_SINCE = {"loose": 2}
NOT_PROVED = "what is promised for every brief is not proved"


def unproved(bundle: Bundle, seconds: float = SECONDS, command: Iterable[str] = PROVER) -> tuple[Problem, ...]:
    """The promises a release does not keep for every brief; and a problem where that could not be found out in time."""
    written, end = _run(json.dumps(bundle).encode(), seconds, tuple(command))
    found = [json.loads(line) for line in written.splitlines(keepends=True) if line.endswith(b"\n")]
    problems = tuple(Problem(row["where"], row["what"]) for row in found if row != ALL_LOOKED_AT)
    if ALL_LOOKED_AT in found and not end:
        return problems
    return (*problems, Problem("proofs", f"{NOT_PROVED}: {end or 'the process fell silent'}"))


def _run(bundle: bytes, seconds: float, command: tuple[str, ...]) -> tuple[bytes, str]:
    """What the process wrote, and how it ended where it did not end well."""
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        command,
        cwd=ROOT,
        env=surroundings | {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            written, _ = child.communicate(bundle, timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(child)
            written, _ = child.communicate()
            return written, f"there was no end within {seconds:g} seconds"
        finally:
            _end(child)
    return written, f"the process ended with status {child.returncode}" if child.returncode else ""


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing of the child is left running, whatever happened."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def main() -> int:
    """Reads a bundle and writes what is not kept. The exit status is not 0 where the proofs could not be made."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for problem in problems_found(json.load(sys.stdin.buffer)):
            _write(asdict(problem))
    except (BrokenLibrary, KeyError):
        return 1
    _write(ALL_LOOKED_AT)
    return 0


def _write(row: Mapping[str, str]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def problems_found(bundle: Bundle) -> Iterator[Problem]:
    """The promises a release does not keep, one after the other. Raises what a broken library raises."""
    library = library_from(bundle, "")
    # The solver is loaded here and not with the module: the web reads the commands too, and never proves.
    proofs = importlib.import_module("rules.proofs")
    for finding in proofs.findings(library):
        if bundle.get("schema", 1) < HELD_SINCE.get(finding.code, 1):
            continue
        yield Problem(finding.subject, sentence(library, finding))


_SAID = {
    "no_such": "there is no {kind} {name}",
    "unreached": "no brief reaches it",
    "always_in": "it is in whatever the answers are, and its condition does not say so",
    "meet": "they are in together for this brief: {case}",
    "falls": "the tier falls from {before} to {after} when {better} becomes {worse}, in this brief: {case}",
    "over_budget": "guarantees protect more than {budget} {strength} rows due at the bid, for this brief: {case}",
    "broken": "{requirement} is not in, or not mandatory, for this brief: {case}",
    "loose": "it is in and no guarantee asks for it, for this brief: {case}",
    "disagrees": "the formula of its condition does not say what the engine says",
}


def sentence(library: Library, finding: Finding) -> str:
    """A finding in words, with the brief that breaks the promise."""
    blanks = dict(finding.blanks)
    if finding.case:
        blanks["case"] = "; ".join(_in_words(library, finding.case)) or "any"
    if finding.case and "worse" in blanks:
        name = finding.subject.removeprefix("question ")
        blanks["better"] = _answer(library, name, finding.case.answers[name])
        blanks["worse"] = _answer(library, name, blanks["worse"])
    return _SAID[finding.code].format(**blanks)


def _in_words(library: Library, case: Case) -> Iterator[str]:
    """What matters of a brief and of what was decided."""
    for name, answer in case.answers.items():
        if name in case.matters:
            yield f"{_question(library, name)}: {_answer(library, name, answer)}"
    said = {
        TIER: f"decided tier: {case.tier}",
        FORM: f"form: {'short' if case.short else 'full'}",
        INSTRUMENT: f"document: {case.instrument.replace('_', ' ')}",
    }
    yield from (words for name, words in said.items() if name in case.matters)


def _question(library: Library, name: str) -> str:
    try:
        return Speaker(library, "en").question(name)
    except KeyError:
        return name


def _answer(library: Library, name: str, answer: Answer) -> str:
    try:
        return f"‘{Speaker(library, 'en').answer(name, answer)}’"
    except KeyError:
        return f"‘{', '.join(answer) if isinstance(answer, tuple) else answer}’"


if __name__ == "__main__":
    sys.exit(main())
