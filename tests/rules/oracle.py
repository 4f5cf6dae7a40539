"""The tier rule written a second time, straight from its text and sharing nothing with the engine.

A verdict is a number: NO, UNKNOWN or YES. So "and" is the least, "or" the greatest, and "not" what is left to YES.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

NO, UNKNOWN, YES = 0.0, 0.5, 1.0
DATA = Path(__file__).parent / "data"
QUESTIONS: dict[str, dict[str, Any]] = {row["id"]: row for row in json.loads((DATA / "questions.json").read_text())}
CLAUSE_RULES = {row["id"]: row["rule"] for row in json.loads((DATA / "clause_rules.json").read_text())}
HIGHEST_SCORE = 48

MAKES_TEXT = (
    "generate_content", "synthetic_media", "converse", "extract_data", "transcribe_translate", "search_retrieve",
)  # fmt: skip
EXCEPTION_KNOWN = {"realtime_rbi", "biometric_categorisation_sensitive", "emotion_work_education"}
DOMAINS_OF_LISTED_AREAS = (
    "social_benefits", "education", "employment", "law_enforcement", "justice", "migration",
    "critical_infrastructure", "democracy",
)  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the rule says of one brief."""

    tier: int
    score: int
    triggers: tuple[str, ...]
    flags: tuple[str, ...]
    conflicts: tuple[str, ...]
    clauses: tuple[str, ...]
    by_bid: tuple[str, ...]


class Brief:
    """The answers that count, and the tests of them."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = {name: [value] if isinstance(value, str) else value for name, value in answers.items()}
        for name, asked in {
            "output_use": self.has("functions", *MAKES_TEXT) or self.has("techniques", "generative"),
            "languages_of_use": self.has("direct_users", "public", "both"),
            "legal_exception": self.other_than("red_lines", "none")
            or self.has("biometrics", "remote_realtime", "categorisation", "emotion"),
            "narrow_task": self.other_than("listed_areas", "none"),
            "training_on_buyer_data": self.has("vendor_holds_data", "yes"),
        }.items():
            if not asked:
                self.answers.pop(name, None)

    def has(self, question: str, *options: str) -> float:
        given = self.answers.get(question, [])
        if given == ["do_not_know"]:
            return UNKNOWN
        return YES if set(given) & set(options) else NO

    def other_than(self, question: str, option: str) -> float:
        return 1 - self.has(question, option) if question in self.answers else NO

    def at_least(self, question: str, option: str) -> float:
        order = QUESTIONS[question]["order"]
        return self.has(question, *order[order.index(option) :])

    @property
    def score(self) -> int:
        total = 0
        for name, given in self.answers.items():
            weights = QUESTIONS[name].get("weights", {})
            if given == ["do_not_know"]:
                total += max(weights.values(), default=0)
            elif weights:
                total += max(weights.get(option, 0) for option in given)
        return total


def facts_of(brief: Brief) -> dict[str, float]:
    has, other_than = brief.has, brief.other_than
    children = has("personal_data", "children")
    return {
        "processes_personal_data": other_than("personal_data", "none"),
        "processes_sensitive_data": has("personal_data", "sensitive", "health", "biometric", "children", "criminal"),
        "vulnerable_people_affected": max(has("vulnerable_people", "yes"), children),
        "generative": max(has("techniques", "generative"), has("functions", "generate_content", "synthetic_media")),
        "uses_foundation_model": max(has("foundation_model", "yes"), has("acquisition", "foundation_api")),
        "public_users": has("direct_users", "public", "both"),
        "converses": has("functions", "converse"),
        "recommends_or_decides": has("role_in_decision", "recommends", "decides_reviewed", "decides_alone"),
        "affects_people": other_than("effect_on_people", "none"),
        "significant_effect": has("effect_on_people", "significant"),
        "limited_or_significant_effect": has("effect_on_people", "limited", "significant"),
        "biometric": max(other_than("biometrics", "none"), has("personal_data", "biometric")),
        "remote_biometrics": has("biometrics", "remote_post", "remote_realtime"),
        "hosted_by_vendor": other_than("processing_location", "on_premises"),
        "processing_abroad_possible": has("processing_location", "approved_region", "anywhere"),
        "acts_as_agent": other_than("agent_autonomy", "no"),
        "made_for_the_buyer": has("acquisition", "bespoke", "customised"),
        "services_using_ai": has("acquisition", "services_using_ai"),
        "vendor_holds_buyer_data": has("vendor_holds_data", "yes"),
        "confidential_information": has("confidentiality", "confidential", "secret"),
        "pilot_wanted": has("pilot", "yes"),
        "profiles_people": has("profiling", "yes"),
        "safety_related": max(has("safety_component", "yes"), has("regulated_product", "yes")),
        "eu_buyer": has("buyer_jurisdiction", "ES", "PT", "EU-other"),
        "affects_staff": max(has("staff_impact", "yes"), has("policy_domains", "employment")),
        "footprint_is_a_criterion": has("footprint", "yes"),
        "uses_sensors": other_than("sensors", "none"),
        "synthetic_media": has("functions", "synthetic_media"),
        "conversation_or_speech": has("functions", "converse", "transcribe_translate"),
        "has_user_interface": min(
            other_than("direct_users", "none_background"), other_than("acquisition", "services_using_ai")
        ),
        "output_in_official_documents": has("output_use", "official_documents"),
        "output_shown_to_public": has("output_use", "shown_to_public"),
        "decides_alone": has("role_in_decision", "decides_alone"),
        "high_availability": has("availability", "high_24x7"),
        "openness_wanted": has("openness", "escrow", "open_source"),
        "new_award": other_than("procedure", "renewal_amendment"),
        "learning_in_production": has("learns_in_production", "yes"),
        "register_wanted": has("algorithm_register", "yes"),
        "own_fine_tune": has("training_on_buyer_data", "only_for_our_instance"),
        "individual_explanation_wanted": has("explanation_needed", "individual"),
        "open_government": has("policy_domains", "democracy", "procurement_integrity", "info_services"),
        # A brief alone is that of a tender.
        "partnership": NO,
        "always": YES,
    }


def triggers_of(brief: Brief, fact: Mapping[str, float]) -> dict[str, float]:
    has, other_than, at_least, score = brief.has, brief.other_than, brief.at_least, brief.score
    lines = set(brief.answers["red_lines"]) - {"none"}
    if has("biometrics", "remote_realtime") and has("policy_domains", "law_enforcement"):
        lines.add("realtime_rbi")
    at_work_or_school = has("policy_domains", "employment", "education") or has("staff_impact", "yes")
    if has("biometrics", "emotion") and at_work_or_school:
        lines.add("emotion_work_education")
    documented = has("legal_exception", "yes_documented") == YES
    serious = at_least("worst_harm", "serious")
    gravest = has("worst_harm", "very_serious")
    hard = has("reversibility", "hard", "irreversible")
    significant, alone = fact["significant_effect"], fact["decides_alone"]
    has_a_role = other_than("role_in_decision", "none")
    exempt = min(has("narrow_task", "yes"), 1 - fact["profiles_people"], 1 - fact["recommends_or_decides"])
    many_or_police = max(at_least("people_affected", "10k_100k"), has("policy_domains", "law_enforcement", "migration"))
    return {
        "STOP": float(bool(lines) and (not documented or bool(lines - EXCEPTION_KNOWN))),
        "H1": min(other_than("listed_areas", "none"), 1 - exempt),
        "H2": fact["safety_related"],
        "H3": min(
            significant,
            max(
                fact["recommends_or_decides"],
                min(has("role_in_decision", "informs"), max(serious, fact["profiles_people"])),
            ),
        ),
        "H4": min(
            fact["profiles_people"],
            max(
                min(
                    fact["vulnerable_people_affected"], max(fact["affects_people"], at_least("worst_harm", "moderate"))
                ),
                min(fact["affects_people"], has_a_role),
            ),
        ),
        "H5": min(
            has("sensors", "identifiable_non_public", "public_space_identifiable"),
            fact["processes_personal_data"],
            many_or_police,
        ),
        "H6": has("biometrics", "remote_post", "remote_realtime", "categorisation", "emotion"),
        "H7": min(
            has("policy_domains", "law_enforcement", "justice", "migration"),
            has_a_role,
            max(serious, fact["affects_people"]),
        ),
        "H8": float(bool(lines) and documented),
        "H9": float(2 * score >= HIGHEST_SCORE),
        "H10": max(gravest, min(has("worst_harm", "serious"), hard)),
        "H11": min(alone, fact["affects_people"], other_than("reversibility", "easy")),
        "V1": min(alone, significant),
        "V2": min(gravest, hard),
        "V3": fact["remote_biometrics"],
        "V4": float(4 * score >= 3 * HIGHEST_SCORE),
        "L1": min(fact["public_users"], max(fact["generative"], fact["converses"])),
        "L2": min(fact["generative"], has("output_use", "official_documents", "shown_to_public")),
        "L3": max(
            min(has("effect_on_people", "limited"), has_a_role),
            min(has("effect_on_people", "indirect"), fact["recommends_or_decides"]),
            significant,
        ),
        "L4": fact["processes_sensitive_data"],
        "L5": float(4 * score >= HIGHEST_SCORE),
    }


def tier_from(triggers: Mapping[str, float]) -> int:
    held = [name for name, verdict in triggers.items() if verdict]
    if "STOP" in held:
        return 0
    high = any(name.startswith("H") for name in held)
    if high and any(name.startswith("V") for name in held):
        return 4
    if high:
        return 3
    return 2 if any(name.startswith("L") for name in held) else 1


def flags_of(brief: Brief, fact: Mapping[str, float], trigger: Mapping[str, float], tier: int) -> dict[str, float]:
    has = brief.has
    personal, european = fact["processes_personal_data"], fact["eu_buyer"]
    high = float(tier >= 3)
    many_sensitive = min(fact["processes_sensitive_data"], brief.at_least("people_affected", "10k_100k"))
    listed = min(trigger["H1"], european)
    return {
        "eu-prohibited": min(trigger["STOP"], european),
        "eu-annex-iii": listed,
        "eu-annex-i": min(has("regulated_product", "yes"), european),
        "eu-art-50": min(
            european, max(trigger["L1"], fact["synthetic_media"], has("biometrics", "emotion", "categorisation"))
        ),
        "eu-fria": min(listed, fact["affects_people"]),
        "dpia": min(
            personal,
            max(high, many_sensitive, has("sensors", "public_space_identifiable"), fact["profiles_people"]),
        ),
        "automated-decision": min(fact["decides_alone"], personal, fact["limited_or_significant_effect"]),
        "register": max(fact["register_wanted"], high),
        "staff-information": fact["affects_staff"],
        "pba-res-9-2025": has("buyer_jurisdiction", "AR-PBA"),
        "international-transfer": min(personal, fact["processing_abroad_possible"]),
    }


def conflicts_of(brief: Brief, fact: Mapping[str, float], tier: int) -> dict[str, float]:
    has, other_than = brief.has, brief.other_than
    narrow, high = has("narrow_task", "yes"), float(tier >= 3)
    watched = has("sensors", "identifiable_non_public", "public_space_identifiable")
    has_no_role = has("role_in_decision", "none")
    return {
        "decides-alone-significant": min(fact["decides_alone"], fact["significant_effect"]),
        "people-without-personal-data": min(
            has("personal_data", "none"), max(has("functions", "classify_people", "predict_person"), watched)
        ),
        "biometrics-without-data": min(other_than("biometrics", "none"), 1 - has("personal_data", "biometric")),
        "narrow-with-profiling": min(narrow, fact["profiles_people"]),
        "narrow-with-recommendation": min(narrow, fact["recommends_or_decides"]),
        "training-on-confidential": min(other_than("training_on_buyer_data", "no"), fact["confidential_information"]),
        "generative-without-model": min(fact["generative"], has("foundation_model", "no")),
        "low-capacity-high-tier": min(has("supervision_capacity", "low"), high),
        "no-other-channel-high-tier": min(has("non_ai_channel", "no"), high),
        "harm-without-effect": min(has("effect_on_people", "none"), brief.at_least("worst_harm", "serious")),
        "autonomous-without-role": min(has("agent_autonomy", "autonomous"), has_no_role),
        "significant-without-role": min(fact["significant_effect"], has_no_role),
        "prediction-without-profiling": min(has("functions", "predict_person"), has("profiling", "no")),
        "children-not-vulnerable": min(has("personal_data", "children"), has("vulnerable_people", "no")),
        "domain-without-listed-area": min(has("listed_areas", "none"), has("policy_domains", *DOMAINS_OF_LISTED_AREAS)),
        "public-without-language": min(fact["public_users"], has("languages_of_use", "none")),
        "biometrics-without-red-line": min(
            has("biometrics", "remote_realtime", "emotion", "categorisation"), has("red_lines", "none")
        ),
        "services-with-system": min(fact["services_using_ai"], other_than("role_in_decision", "none")),
    }


def rule_verdict(rule: str, fact: Mapping[str, float], tier: int) -> float:
    """The verdict of a rule such as "generative and (public_users or tier>=2)"."""
    return _verdict(_parsed(rule), fact, tier)


@cache
def _parsed(rule: str) -> ast.expr:
    return ast.parse(rule, mode="eval").body


def _verdict(node: ast.expr, fact: Mapping[str, float], tier: int) -> float:
    match node:
        case ast.BoolOp(op=ast.And()):
            return min(_verdict(part, fact, tier) for part in node.values)
        case ast.BoolOp(op=ast.Or()):
            return max(_verdict(part, fact, tier) for part in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return 1 - _verdict(node.operand, fact, tier)
        case ast.Compare(left=ast.Name(id="tier"), ops=[ast.GtE()], comparators=[ast.Constant(value=int(least))]):
            return float(tier >= least)
        case ast.Name():
            return fact[node.id]
    raise AssertionError(ast.dump(node))


def expected_of(answers: Mapping[str, Any], decided_tier: int | None = None) -> Expected:
    """What the rule says of a complete brief; clauses follow the decided tier."""
    brief = Brief(answers)
    fact = facts_of(brief)
    triggers = triggers_of(brief, fact)
    tier = tier_from(triggers)
    decided = tier if decided_tier is None or tier == 0 else decided_tier
    clauses = {name: rule_verdict(rule, fact, decided) if tier else NO for name, rule in CLAUSE_RULES.items()}
    return Expected(
        tier,
        brief.score,
        tuple(name for name, verdict in triggers.items() if verdict),
        tuple(name for name, verdict in flags_of(brief, fact, triggers, tier).items() if verdict),
        tuple(name for name, verdict in conflicts_of(brief, fact, tier).items() if verdict == YES),
        tuple(name for name, verdict in clauses.items() if verdict),
        tuple(name for name, verdict in clauses.items() if verdict == UNKNOWN),
    )
