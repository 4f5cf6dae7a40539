"""What a library promises for every brief there can be and every decision allowed: proved, or the brief that breaks it.

Pure; the time it may take is for whoever asks. What is asked, and what is in, is said once more here as formulas
(`solver.py`); small conditions are compared with the engine itself, answer by answer.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

import z3

from rules.conditions import ALWAYS, DO_NOT_KNOW, TENDER
from rules.enumeration import disagreements, scope_of
from rules.findings import FORM, INSTRUMENT, TIER, Case, Finding
from rules.library import STOP, TIERS, Clause, Library, Requirement
from rules.questions import NONE, Question
from rules.selection import MANDATORY_ROWS, SCORED_ROWS, protected
from rules.solver import (
    COMPUTED,
    DECIDED,
    NEVER,
    SEVERITY,
    EveryBrief,
    Formula,
    Solver,
    answers_in,
    as_formulas,
    both,
    either,
    holds,
    one_answer_apart,
)

MANDATORY, SCORED = "mandatory", "scored"
WORSE = "worse answer"


def findings(library: Library) -> Iterator[Finding]:
    """Every promise the library does not keep, in the order of its parts. Raises solver.Undecided."""
    missing = list(_names_of_nothing(library))
    yield from missing
    proofs = Proofs(library)
    for where in disagreements(proofs.brief, proofs.whatever):
        yield Finding("disagrees", where)
    yield from proofs.unreached_rules()
    yield from proofs.clauses_at_odds()
    yield from proofs.falls()
    if not missing:
        yield from proofs.meetings()
        yield from proofs.over_budget()
        yield from proofs.broken_guarantees()
        yield from proofs.loose_guarantees()


class Proofs:
    """The promises put to the solver, each as a question whether some brief breaks it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.brief = EveryBrief(library)
        self.whatever = Solver(self.brief.sound)
        self.tendered = Solver([*self.brief.sound, z3.Not(self.brief.stopped)])
        self.protected = protected(library)
        self.clause_of = {one.id: clause for clause in library.clauses.values() for one in clause.requirements}
        self.requirements = {one.id: one for clause in library.clauses.values() for one in clause.requirements}

    # Can it be reached?

    def unreached_rules(self) -> Iterator[Finding]:
        """Triggers, flags and conflicts no brief raises, and guarantees no brief calls for."""
        library, brief = self.library, self.brief
        for kind, rules in (("trigger", library.triggers), ("flag", library.flags), ("conflict", library.conflicts)):
            for rule in rules:
                if not self.whatever.example(brief.truth(rule.when, COMPUTED).certain):
                    yield Finding("unreached", f"{kind} {rule.id}")
        for guarantee in library.guarantees:
            if not self.tendered.example(brief.truth(guarantee.when, DECIDED).certain):
                yield Finding("unreached", f"guarantee {guarantee.id}")

    def clauses_at_odds(self) -> Iterator[Finding]:
        """Clauses and requirements no brief brings in, and clauses always in whose condition does not say so."""
        for clause in self.library.clauses.values():
            truth = self.brief.truth(clause.when, DECIDED)
            if not self.tendered.example(truth.certain):
                yield Finding("unreached", f"clause {clause.id}")
                continue
            if clause.when != ALWAYS and not self.tendered.example(z3.Not(truth.possible)):
                yield Finding("always_in", f"clause {clause.id}")
            for requirement in clause.requirements:
                own = self.brief.truth(requirement.when, DECIDED).certain
                if not self.tendered.example(truth.certain, own, self._at(requirement.strength)):
                    yield Finding("unreached", f"requirement {requirement.id}")

    # May it be together?

    def meetings(self) -> Iterator[Finding]:
        """Pairs declared to exclude each other that are in together."""
        for pair in self.library.exclusions:
            met = both(self._is_in(name) for name in pair)
            if case := self._case(met):
                yield Finding("meet", f"exclusion {', '.join(pair)}", {}, case)

    def over_budget(self) -> Iterator[Finding]:
        """Tiers at which guarantees protect more rows than the budget: nothing else stays beyond it."""
        for tier in TIERS:
            for strength, budgets in ((MANDATORY, MANDATORY_ROWS), (SCORED, SCORED_ROWS)):
                rows = [(self._stands(one, strength), 1) for one in self._due_at_the_bid()]
                if len(rows) <= budgets[tier]:
                    continue
                over = both([self.brief.decided(tier), z3.PbGe(rows, budgets[tier] + 1)])
                if case := self._case(over):
                    blanks = {"strength": strength, "budget": budgets[tier]}
                    yield Finding("over_budget", f"tier {tier}", blanks, case)

    def _due_at_the_bid(self) -> list[Requirement]:
        """What guarantees protect of what the supplier owes, alone or shared, with the bid."""
        kept = [self.requirements[name] for name in sorted(self.protected)]
        return [one for one in kept if one.moment == "bid" and one.owed_by != "buyer"]

    # Does a worse answer never lower the tier?

    def falls(self) -> Iterator[Finding]:
        """Answers that are worse, or not known, and yet give a lower tier."""
        for question in self._behind_the_tier():
            brief, other, rest = one_answer_apart(self.library, question.id)
            worse = _worse(question, brief, other)
            if worse.eq(NEVER):
                continue
            solver = Solver([*brief.sound, *other.sound, rest])
            lower = either(both([brief.severe(level), z3.Not(other.severe(level))]) for level in SEVERITY)
            if found := solver.example(worse, lower):
                yield _fall(question, (brief, other), solver, found)

    def _behind_the_tier(self) -> list[Question]:
        """The questions on which a trigger rests, or the score."""
        scopes = [scope_of(self.library, trigger.when) for trigger in self.library.triggers]
        named = {name for scope in scopes for name in scope.questions}
        return [one for one in self.library.questions.values() if one.options and (one.weights or one.id in named)]

    # Are the guarantees kept, and do they say all?

    def broken_guarantees(self) -> Iterator[Finding]:
        """Guarantees with a requirement that is not in, or not mandatory, in some brief that calls for it."""
        for guarantee in self.library.guarantees:
            called = self.brief.truth(guarantee.when, DECIDED).possible
            for name in guarantee.requirements:
                kept = self._stands(self.requirements[name], MANDATORY)
                if case := self._case(both([called, z3.Not(kept)])):
                    yield Finding("broken", f"guarantee {guarantee.id}", {"requirement": name}, case)

    def loose_guarantees(self) -> Iterator[Finding]:
        """Guaranteed clauses that are in, in some brief, without a guarantee that says so.

        There, its condition could be weakened and nobody would notice.
        """
        for clause in self.library.clauses.values():
            own = {one.id for one in clause.requirements}
            on_it = [guarantee for guarantee in self.library.guarantees if own & set(guarantee.requirements)]
            called = either(self.brief.truth(guarantee.when, DECIDED).possible for guarantee in on_it)
            if on_it and (case := self._case(both([self._is_in(clause.id), z3.Not(called)]))):
                yield Finding("loose", f"clause {clause.id}", {}, case)

    # What is in

    def _is_in(self, name: str) -> Formula:
        """Whether a clause, or a requirement with its clause, is in."""
        if name in self.library.clauses:
            return self.brief.truth(self.library.clauses[name].when, DECIDED).possible
        return self._stands(self.requirements[name], *sorted(set(self.requirements[name].strength.values())))

    def _stands(self, requirement: Requirement, *strengths: str) -> Formula:
        """Whether a requirement is in with one of these strengths, in the short form too."""
        clause = self.clause_of[requirement.id]
        tiers = [tier for tier, strength in requirement.strength.items() if strength in strengths]
        ways = [both([self._at(tiers), self._applies(requirement)])]
        if requirement.essential and requirement.strength[min(requirement.strength)] in strengths:
            ways.append(self._without_others(clause))
        kept = requirement.essential or requirement.id in self.protected
        form = [] if kept else [z3.Not(self.brief.short)]
        return both([self._is_in(clause.id), either(ways), *form])

    def _without_others(self, clause: Clause) -> Formula:
        """Whether no requirement of the clause applies, so that the essential one stays."""
        return both(z3.Not(both([self._at(one.strength), self._applies(one)])) for one in clause.requirements)

    def _applies(self, requirement: Requirement) -> Formula:
        return self.brief.truth(requirement.when, DECIDED).possible

    def _at(self, tiers: Iterable[int]) -> Formula:
        return either(self.brief.decided(tier) for tier in tiers)

    def _case(self, broken: Formula) -> Case | None:
        """A brief that breaks something, with the least that it takes; None where there is none."""
        found = self.tendered.example(broken)
        if found is None:
            return None
        tier = next(tier for tier in TIERS if holds(found, self.brief.decided(tier)))
        short = holds(found, self.brief.short)
        instrument = next(name for name, formula in self.brief.instruments.items() if holds(found, formula))
        answers = answers_in(self.brief, found)
        facts = as_formulas(self.brief, answers) | {
            TIER: self.brief.decided(tier),
            FORM: self.brief.short if short else z3.Not(self.brief.short),
            INSTRUMENT: self.brief.instruments[instrument],
        }
        return Case(answers, tier, short, instrument, tuple(self.tendered.needed(broken, facts)))


def _names_of_nothing(library: Library) -> Iterator[Finding]:
    """Exclusions and guarantees of a clause or requirement that does not exist."""
    requirements = {one.id for clause in library.clauses.values() for one in clause.requirements}
    for pair in library.exclusions:
        for name in set(pair) - set(library.clauses) - requirements:
            yield Finding("no_such", f"exclusion {', '.join(pair)}", {"name": name})
    for guarantee in library.guarantees:
        for name in set(guarantee.requirements) - requirements:
            yield Finding("no_such", f"guarantee {guarantee.id}", {"name": name})


def _worse(question: Question, brief: EveryBrief, other: EveryBrief) -> Formula:
    """Whether the answer in the other is worse: later in its order, one option more, or not known any more."""
    before, after = brief.options[question.id], other.options[question.id]
    doubt = after.get(DO_NOT_KNOW, NEVER)
    ways = [both([doubt, z3.Not(before.get(DO_NOT_KNOW, NEVER))])]
    if question.type == "single":
        ways += [both([before[mild], after[worse]]) for mild, worse in combinations(question.order, 2)]
    else:
        alone = [chosen[name] for chosen in (before, after) for name in (DO_NOT_KNOW,) if name in chosen]
        alone += [after[NONE]] if NONE in after else []
        more = [z3.Implies(before[option], after[option]) for option in question.options if option != NONE]
        ways.append(both([*more, z3.Not(either(alone))]))
    return either(ways)


def _level_in(brief: EveryBrief, found: z3.ModelRef) -> int:
    return max(level for level in SEVERITY if holds(found, brief.severe(level)))


def _is_level(brief: EveryBrief, level: int) -> Formula:
    higher = [brief.severe(level + 1)] if level < SEVERITY[-1] else []
    return both([brief.severe(level), *(z3.Not(one) for one in higher)])


def _tier(level: int) -> int:
    return level if level in TIERS else STOP


def _fall(question: Question, briefs: tuple[EveryBrief, EveryBrief], solver: Solver, found: z3.ModelRef) -> Finding:
    brief, worse = briefs
    before, after = _level_in(brief, found), _level_in(worse, found)
    answers, changed = answers_in(brief, found), answers_in(worse, found)[question.id]
    outcome = both([_is_level(brief, before), _is_level(worse, after)])
    facts = as_formulas(brief, answers) | {WORSE: as_formulas(worse, {question.id: changed})[question.id]}
    matters = [name for name in solver.needed(outcome, facts) if name not in (WORSE, question.id)]
    case = Case(answers, _tier(before), short=False, instrument=TENDER, matters=tuple(matters))
    blanks = {"before": _tier(before), "after": _tier(after), "worse": changed}
    return Finding("falls", f"question {question.id}", blanks, case)
