"""The proofs: the formulas say what the engine says, and each broken promise is found with a brief that breaks it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import z3

from rules.assessment import Assessment, assess
from rules.conditions import INSTRUMENTS, condition_from
from rules.enumeration import SMALL, conditions_in, disagreements, scope_of
from rules.findings import Finding
from rules.library import STOP, STRENGTHS, TIERS, Library, library_from
from rules.proofs import Proofs, findings
from rules.questions import read_answers
from rules.selection import MANDATORY_ROWS, SCORED_ROWS, select
from rules.solver import COMPUTED, DECIDED, SEVERITY, EveryBrief, as_formulas
from tests.rules.briefs import random_briefs
from tests.rules.made_up import clause, library, question, requirement
from tests.rules.test_planted_faults import copy_of_the_edition, row

Bundle = dict[str, Any]
NEVER: dict[str, Any] = {"any": []}
ALWAYS: dict[str, Any] = {"fact": "always"}
YES: dict[str, Any] = {"question": "one", "is": ["yes"]}
EDITION = copy_of_the_edition()


@pytest.fixture(scope="module")
def edition() -> Library:
    return library_from(EDITION, "edition")


@pytest.fixture(scope="module")
def proofs(edition: Library) -> Proofs:
    return Proofs(edition)


def codes(made: Library) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in findings(made)]


# The formulas and the engine


def rules_seen(proofs: Proofs) -> dict[Any, z3.BoolRef]:
    """What can be seen of a brief before a clause is chosen, each thing as a formula."""
    brief, edition = proofs.brief, proofs.library
    seen: dict[Any, z3.BoolRef] = {("tier", level): brief.severe(level) for level in SEVERITY}
    for trigger in edition.triggers:
        seen["trigger", trigger.id] = brief.truth(trigger.when, COMPUTED).possible
        seen["surely trigger", trigger.id] = brief.truth(trigger.when, COMPUTED).certain
    seen |= {("flag", flag.id): brief.truth(flag.when, COMPUTED).possible for flag in edition.flags}
    return seen | {("conflict", rule.id): brief.truth(rule.when, COMPUTED).certain for rule in edition.conflicts}


def rules_by_the_engine(assessment: Assessment, **_form: bool) -> dict[Any, bool]:
    """The same things as the engine says them."""
    edition, level = assessment.reading.library, assessment.computed_tier or SEVERITY[-1]
    said: dict[Any, bool] = {("tier", one): level >= one for one in SEVERITY}
    for trigger in edition.triggers:
        said["trigger", trigger.id] = trigger.id in assessment.triggers
        said["surely trigger", trigger.id] = trigger.id in set(assessment.triggers) - set(assessment.uncertain)
    said |= {("flag", flag.id): flag.id in assessment.flags for flag in edition.flags}
    return said | {("conflict", rule.id): rule.id in assessment.conflicts for rule in edition.conflicts}


def clauses_seen(proofs: Proofs) -> dict[Any, z3.BoolRef]:
    """What can be seen of the clauses and requirements chosen for a brief, each thing as a formula."""
    seen: dict[Any, z3.BoolRef] = {}
    for one in proofs.library.clauses.values():
        seen["clause", one.id], seen["surely", one.id] = reversed(proofs.brief.truth(one.when, DECIDED))
        for duty in one.requirements:
            seen |= {(strength, duty.id): proofs._stands(duty, strength) for strength in STRENGTHS}
    return seen


def clauses_by_the_engine(assessment: Assessment, *, short: bool) -> dict[Any, bool]:
    """The same things as the engine says them; nothing at stop."""
    if assessment.tier == STOP:
        return {}
    edition, said = assessment.reading.library, dict[Any, bool]()
    entries = {entry.clause.id: entry for entry in select(edition, assessment, short=short).clauses}
    strengths = {one.requirement.id: one.strength for entry in entries.values() for one in entry.requirements}
    for one in edition.clauses.values():
        said["clause", one.id] = one.id in entries
        said["surely", one.id] = one.id in entries and not entries[one.id].triggered_by_bid
        for duty in one.requirements:
            said |= {(strength, duty.id): strengths.get(duty.id) == strength for strength in STRENGTHS}
    return said


@pytest.mark.parametrize(
    ("seen_in", "by_the_engine", "count"),
    [(rules_seen, rules_by_the_engine, 2_000), (clauses_seen, clauses_by_the_engine, 200)],
    ids=["rules", "clauses"],
)
def test_the_formulas_say_what_the_engine_says_of_many_briefs(proofs, seen_in, by_the_engine, count):
    edition, chance = proofs.library, Random(11)
    seen = seen_in(proofs)
    marks = {name: z3.Bool(f"seen {name}") for name in seen}
    opposite = {name: z3.Not(mark) for name, mark in marks.items()}
    solver = z3.SolverFor("QF_FD")
    solver.add(*proofs.brief.sound, *(marks[name] == formula for name, formula in seen.items()))
    looked_at = 0

    for given in random_briefs(count, seed=17):
        read = read_answers(edition.questions, given)
        tier, instrument, short = chance.choice(TIERS), chance.choice(INSTRUMENTS), chance.random() < 0.5
        said = by_the_engine(assess(edition, read, tier, instrument), short=short)
        looked_at += bool(said)
        answers = {name: answer for name, answer in read.items() if name in proofs.brief.options}
        fixed = [*as_formulas(proofs.brief, answers).values(), proofs.brief.decided(tier)]
        fixed += [proofs.brief.instruments[instrument], proofs.brief.short == short]
        solver.push()
        solver.add(*fixed, *(marks[name] if held else opposite[name] for name, held in said.items()))
        assert solver.check() == z3.sat
        solver.pop()

    assert looked_at > count / 2


def test_small_conditions_are_answered_one_brief_after_the_other(edition, proofs):
    assert list(disagreements(proofs.brief, proofs.whatever)) == []

    small = [where for condition, where in conditions_in(edition).items() if _is_small(edition, condition)]
    assert len(small) > 80


def _is_small(edition: Library, condition: Any) -> bool:
    scope = scope_of(edition, condition)
    return not scope.score and len(scope.questions) <= 2


class Forgetful(EveryBrief):
    """Formulas that forget that a question may not be asked."""

    def asked(self, _name: str) -> z3.BoolRef:
        return z3.BoolVal(True)


class Certain(EveryBrief):
    """Formulas that take "I do not know" for no."""

    def _known(self, name: str, holds: z3.BoolRef) -> Any:
        return super()._known(name, holds)._replace(possible=super()._known(name, holds).certain)


@pytest.mark.parametrize("faulty", [Forgetful, Certain])
def test_formulas_that_are_wrong_do_not_agree_with_the_engine(edition, proofs, faulty):
    assert list(disagreements(faulty(edition), proofs.whatever))
    assert SMALL >= 50


# What is found


def test_the_edition_keeps_every_promise(edition):
    assert list(findings(edition)) == []


def test_the_edition_promises_enough_and_in_every_category(edition):
    protected = {name.split("-")[0] for one in edition.guarantees for name in one.requirements}

    assert len(edition.guarantees) >= 44
    assert protected == set(edition.edition["categories"])


def made(*clauses: Bundle, **parts: Any) -> Library:
    return library(questions=[question("one"), question("two")], clauses=list(clauses), **parts)


def test_a_clause_no_brief_brings_in_is_found():
    impossible = {"all": [YES, {"not": YES}]}

    assert codes(made(clause("AA-01", when=impossible))) == [("unreached", "clause AA-01")]


def test_a_clause_that_only_an_answer_not_known_brings_in_is_not_reached():
    asked_for_nothing = {"all": [YES, {"question": "one", "is": ["no"]}]}

    assert codes(made(clause("AA-01", when=asked_for_nothing))) == [("unreached", "clause AA-01")]


def test_a_clause_that_is_always_in_without_saying_so_is_found():
    either = {"any": [YES, {"question": "one", "is_not": "yes"}]}

    assert codes(made(clause("AA-01", when=either))) == [("always_in", "clause AA-01")]
    assert codes(made(clause("AA-01"))) == []


def test_a_clause_in_at_every_tier_is_always_in():
    assert codes(made(clause("AA-01", when={"tier_at_least": 1}))) == [("always_in", "clause AA-01")]


def test_a_requirement_that_never_applies_is_found():
    late = requirement("AA-01.2", when={"tier_at_least": 3}, strength={"1": "mandatory", "2": "mandatory"})

    assert codes(made(clause("AA-01", requirement("AA-01.1", essential=True), late))) == [
        ("unreached", "requirement AA-01.2")
    ]


def test_triggers_flags_conflicts_and_guarantees_that_never_hold_are_found():
    found = made(
        clause("AA-01", requirement("AA-01.1", essential=True)),
        triggers=[{"id": "T", "tier": 3, "when": {"score_at_least": [1, 2]}}],
        score_maximum=10,
        flags=[{"id": "F", "when": {"tier_at_least": 3}}],
        conflicts=[{"id": "C", "when": {"all": [{"trigger": "T"}, YES]}}],
        guarantees=[{"id": "G", "when": {"all": [YES, {"not": YES}]}, "requirements": ["AA-01.1"]},
                    {"id": "H", "when": ALWAYS, "requirements": ["AA-01.1"]}],
    )  # fmt: skip

    assert codes(found) == [
        ("unreached", "trigger T"), ("unreached", "flag F"), ("unreached", "conflict C"), ("unreached", "guarantee G"),
    ]  # fmt: skip


def test_what_only_a_stopped_brief_would_bring_in_is_not_reached():
    stop = {"id": "STOP", "tier": 0, "when": YES}

    assert codes(made(clause("AA-01", when=YES), triggers=[stop])) == [("unreached", "clause AA-01")]


def test_a_pair_that_may_meet_is_found_with_the_brief():
    pair = [clause("AA-01", when=YES), clause("AA-02", when={"question": "two", "is": ["yes"]})]
    (found,) = findings(made(*pair, exclusions=[{"pair": ["AA-01", "AA-02"]}]))

    assert (found.code, found.subject) == ("meet", "exclusion AA-01, AA-02")
    assert found.case
    assert set(found.case.matters) == {"one", "two"}
    assert {found.case.answers["one"], found.case.answers["two"]} <= {"yes", "do_not_know"}


def test_a_pair_of_what_does_not_exist_is_found():
    found = made(clause("AA-01"), exclusions=[{"pair": ["AA-01", "AA-09"]}])

    assert codes(found) == [("no_such", "exclusion AA-01, AA-09")]


def trigger(tier: int, when: Bundle) -> Bundle:
    return {"id": f"T{tier}", "tier": tier, "when": when}


def test_a_tier_that_falls_with_a_worse_answer_is_found():
    (found,) = findings(made(triggers=[trigger(3, {"question": "one", "is": ["no"]})]))

    assert (found.code, found.subject) == ("falls", "question one")
    assert found.blanks == {"before": 3, "after": 1, "worse": "yes"}
    assert found.case
    assert found.case.matters == ()


def test_a_stop_that_a_worse_answer_lifts_is_found():
    (found,) = findings(made(triggers=[trigger(0, {"question": "one", "is": ["no"]}), trigger(4, ALWAYS)]))

    assert (found.blanks["before"], found.blanks["after"]) == (0, 4)


def test_one_option_more_is_worse_and_none_is_best():
    several = question("several", type="multiple", options=["none", "a", "b"], order=[])

    def falls(when: Bundle) -> list[tuple[str, str]]:
        return codes(library(questions=[several], triggers=[trigger(2, when)]))

    assert falls({"question": "several", "is_not": "none"}) == []
    assert falls({"question": "several", "is_not": "b"}) == [("falls", "question several")]
    assert falls({"question": "several", "includes": ["none"]}) == [("falls", "question several")]


def test_a_score_that_falls_with_a_worse_answer_is_found():
    light = question("one", weights={"no": 2, "yes": 1})
    heavy = question("two", weights={"yes": 3})

    found = library(questions=[light, heavy], triggers=[trigger(2, {"score_at_least": [1, 1]})], score_maximum=5)

    assert codes(found) == [("falls", "question one")]


@pytest.mark.parametrize(("tier", "strength"), [(1, "mandatory"), (3, "mandatory"), (2, "scored")])
def test_more_protected_rows_than_the_budget_are_found(tier, strength):
    budget = (MANDATORY_ROWS if strength == "mandatory" else SCORED_ROWS)[tier]

    def rows(count: int) -> list[Finding]:
        duties = [
            requirement(f"AA-01.{place}", strength={str(tier): strength}, essential=place == 1)
            for place in range(1, count + 1)
        ]
        first = {"id": "G", "when": YES, "requirements": [duty["id"] for duty in duties]}
        found = findings(made(clause("AA-01", *duties), guarantees=[first]))
        return [one for one in found if one.code == "over_budget" and one.blanks["strength"] == strength]

    assert rows(budget) == []
    (over,) = rows(budget + 1)
    assert over.subject == f"tier {tier}"
    assert over.case
    assert over.case.matters == ("decided tier",)


def test_rows_the_buyer_owes_or_due_later_fill_no_budget():
    duties = [requirement(f"AA-01.{place}", moment="exit", essential=place == 1) for place in range(1, 60)]
    duties += [requirement(f"AA-01.{place}", owed_by="buyer") for place in range(60, 120)]
    promise = {"id": "G", "when": ALWAYS, "requirements": [duty["id"] for duty in duties]}

    assert codes(made(clause("AA-01", *duties), guarantees=[promise])) == []


@pytest.mark.parametrize(
    ("strength", "when"),
    [
        ({"1": "scored", "2": "mandatory", "3": "mandatory", "4": "mandatory"}, ALWAYS),
        ({"2": "mandatory", "3": "mandatory", "4": "mandatory"}, ALWAYS),
        (dict.fromkeys("1234", "mandatory"), YES),
    ],
    ids=["only scored at a lowered tier", "not there at a lowered tier", "under a condition of its own"],
)
def test_a_guarantee_that_a_requirement_does_not_keep_is_found(strength, when):
    duty = requirement("AA-01.2", strength=strength, when=when)
    promise = {"id": "G", "when": ALWAYS, "requirements": ["AA-01.2"]}

    found = codes(made(clause("AA-01", requirement("AA-01.1", essential=True), duty), guarantees=[promise]))

    assert found == [("broken", "guarantee G")]


def test_a_guarantee_holds_in_the_short_form_only_because_it_is_protected(edition, monkeypatch):
    assert not list(Proofs(edition).broken_guarantees())
    bundle = copy_of_the_edition()
    for one in row(bundle, "clauses", "AUD-01")["requirements"]:
        one["essential"] = False
    monkeypatch.setattr("rules.proofs.protected", lambda _library: frozenset())

    broken = {found.subject: found for found in Proofs(library_from(bundle, "planted")).broken_guarantees()}
    found = broken["guarantee it-can-be-audited"]

    assert found.case
    assert found.case.short
    assert "form" in found.case.matters


def test_a_guaranteed_clause_in_where_nothing_calls_for_it_is_found():
    duty = requirement("AA-01.1", essential=True)
    promise = {"id": "G", "when": {"all": [YES, {"tier_at_least": 2}]}, "requirements": ["AA-01.1"]}
    (found,) = findings(made(clause("AA-01", duty, when=YES), guarantees=[promise]))

    assert (found.code, found.subject) == ("loose", "clause AA-01")
    assert found.case
    assert found.case.tier == 1
    assert set(found.case.matters) == {"one", "decided tier"}


# Weakening what is guaranteed


def branches(when: Any) -> Iterator[Any]:
    """The condition without one of the branches of an "any" in it."""
    if not isinstance(when, dict):
        return
    for verb in ("any", "all"):
        parts = when.get(verb, [])
        for place, part in enumerate(parts):
            if verb == "any" and len(parts) > 1:
                yield {"any": parts[:place] + parts[place + 1 :]}
            yield from ({verb: [*parts[:place], less, *parts[place + 1 :]]} for less in branches(part))


def raised(when: Any) -> Iterator[Any]:
    """The condition with one of its tiers one higher, or with a tier where it has none."""
    text = repr(when)
    if "tier_at_least" not in text:
        yield {"all": [when, {"tier_at_least": 2}]}
    for tier in (2, 3):
        if f"'tier_at_least': {tier}" in text:
            yield _with_tier(when, tier)


def _with_tier(when: Any, tier: int) -> Any:
    if isinstance(when, dict):
        return {
            verb: tier + 1 if (verb, body) == ("tier_at_least", tier) else _with_tier(body, tier)
            for verb, body in when.items()
        }
    return [_with_tier(part, tier) for part in when] if isinstance(when, list) else when


def weaker(when: Any) -> Iterator[Any]:
    """Conditions that hold for fewer briefs."""
    yield NEVER
    yield {"all": [when, {"fact": "footprint_is_a_criterion"}]}
    yield {"all": [when, {"question": "sme_participation", "is": ["yes"]}]}
    yield {"all": [when, {"instrument": ["tender"]}]}
    yield from raised(when)
    yield from branches(when)


GUARANTEED = sorted({name.split(".")[0] for one in EDITION["guarantees"] for name in one["requirements"]})


class Weakened(Proofs):
    """The proofs of the edition with only one clause, which applies to fewer briefs; the rest is shared."""

    def __init__(self, whole: Proofs, name: str, when: Bundle) -> None:
        less = replace(whole.library.clauses[name], when=condition_from(when, name))
        own = {one.id for one in less.requirements}
        promises = [
            replace(one, requirements=tuple(own & set(one.requirements)))
            for one in whole.library.guarantees
            if own & set(one.requirements)
        ]
        vars(self).update(vars(whole))
        self.library = replace(whole.library, clauses={name: less}, guarantees=tuple(promises))
        self.clause_of = dict.fromkeys(own, less)


@pytest.mark.parametrize("name", GUARANTEED)
def test_weakening_the_condition_of_a_guaranteed_clause_breaks_a_guarantee(proofs, name):
    when = row(EDITION, "clauses", name)["when"]
    assert not list(Weakened(proofs, name, when).broken_guarantees())

    tried = list(weaker(when))
    for less in tried:
        weakened = Weakened(proofs, name, less)
        found = next(weakened.broken_guarantees(), None)
        assert found, f"{name} may hold only when {less}"
        assert_broken_in_the_engine(weakened.library, found)
    assert len(tried) >= 4


def assert_broken_in_the_engine(weakened: Library, found: Finding) -> None:
    """The brief the solver gives breaks the promise in the engine too."""
    assert found.case
    case = found.case
    promise = next(one for one in weakened.guarantees if found.subject == f"guarantee {one.id}")
    answers = read_answers(weakened.questions, case.answers)
    assessment = assess(weakened, answers, case.tier, case.instrument)
    assert assessment.tier == case.tier
    assert promise.when.verdict(assessment.reading) is not False
    chosen = select(weakened, assessment, short=case.short).clauses
    strengths = {one.requirement.id: one.strength for entry in chosen for one in entry.requirements}
    assert strengths.get(found.blanks["requirement"]) != "mandatory"


def test_what_matters_in_a_broken_brief_breaks_it_whatever_the_rest_is():
    bundle = deepcopy(EDITION)
    row(bundle, "clauses", "EXP-05")["when"]["all"].append({"fact": "public_users"})
    weakened = library_from(bundle, "weakened")
    (found,) = Proofs(weakened).broken_guarantees()
    assert found.case
    kept = {name: found.case.answers[name] for name in found.case.matters if name in found.case.answers}
    tendered = 0

    for answers in random_briefs(300, seed=3):
        mixed = read_answers(weakened.questions, answers | kept)
        assessment = assess(weakened, mixed, 3)
        tendered += assessment.tier != STOP
        selected = [entry.clause.id for entry in select(weakened, assessment).clauses]
        assert "EXP-05" not in selected

    assert set(kept) == {"role_in_decision", "effect_on_people", "direct_users"}
    assert tendered > 100
