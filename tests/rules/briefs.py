"""Complete briefs at random: from a seeded generator for many, from hypothesis for small ones that fail."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from hypothesis import strategies

from tests.rules.oracle import QUESTIONS

HARMLESS: dict[str, Any] = {
    "policy_domains": ["internal_admin"], "functions": ["optimise"], "techniques": ["rules"], "direct_users": "staff",
    "output_use": "internal_only", "languages_of_use": ["es"], "red_lines": ["none"], "biometrics": "none",
    "sensors": "none", "legal_exception": "no", "buyer_jurisdiction": "AR-CABA", "buyer_type": "municipality",
    "procedure": "open_tender", "acquisition": "saas", "value_band": "low", "contract_months": 12,
    "tender_languages": ["es"], "sme_participation": "no", "effect_on_people": "none", "people_affected": "lt1k",
    "vulnerable_people": "no", "worst_harm": "negligible", "reversibility": "easy", "staff_impact": "no",
    "role_in_decision": "none", "discretion": "no", "profiling": "no", "agent_autonomy": "no",
    "explanation_needed": "none", "non_ai_channel": "yes", "listed_areas": ["none"], "narrow_task": "no",
    "safety_component": "no", "regulated_product": "no", "personal_data": ["none"], "confidentiality": "public",
    "vendor_holds_data": "no", "training_on_buyer_data": "no", "processing_location": "on_premises",
    "foundation_model": "no", "learns_in_production": "no", "training_data_sources": ["vendor"], "openness": "no",
    "availability": "low", "supervision_capacity": "high", "pilot": "no", "algorithm_register": "no",
    "footprint": "no",
}  # fmt: skip


def brief(**answers: Any) -> dict[str, Any]:
    """A harmless purchase with every question answered, asked or not, but for what is said."""
    return HARMLESS | answers


def random_brief(chance: Random) -> dict[str, Any]:
    """A brief with every question answered, asked or not. How daring and how doubtful it is differs."""
    daring, doubtful = chance.random(), chance.choice((0.0, 0.0, 0.1, 0.4))
    return {name: _random_answer(chance, row, daring, doubtful) for name, row in QUESTIONS.items() if name != "problem"}


def _random_answer(chance: Random, row: Mapping[str, Any], daring: float, doubtful: float) -> Any:
    if row["type"] == "integer":
        return chance.randint(1, 120)
    options = row["options"]
    many = row["type"] == "multiple"
    if row.get("do_not_know") and chance.random() < doubtful:
        return ["do_not_know"] if many else "do_not_know"
    if chance.random() > daring:
        return HARMLESS[row["id"]]
    if not many:
        return chance.choice(options)
    # Most purchases cross no red line, or four in ten of these would stop there.
    if "none" in options and chance.random() < (0.8 if row["id"] == "red_lines" else 0.3):
        return ["none"]
    some = [option for option in options if option != "none"]
    return chance.sample(some, min(len(some), chance.choice((1, 1, 2, 3))))


def random_briefs(count: int, seed: int = 2026) -> Iterator[dict[str, Any]]:
    """Many of them, the same ones every time."""
    chance = Random(seed)
    return (random_brief(chance) for _ in range(count))


def _answers_to(row: Mapping[str, Any]) -> strategies.SearchStrategy[Any]:
    if row["type"] == "integer":
        return strategies.integers(1, 120)
    options = list(row["options"])
    if row["type"] == "single":
        return strategies.sampled_from(options + ["do_not_know"] * row.get("do_not_know", False))
    several = strategies.lists(
        strategies.sampled_from([option for option in options if option != "none"]), min_size=1, unique=True
    )
    alone = [["none"]] * ("none" in options) + [["do_not_know"]] * row.get("do_not_know", False)
    return strategies.one_of([strategies.just(one) for one in alone] + [several])


briefs = strategies.fixed_dictionaries({name: _answers_to(row) for name, row in QUESTIONS.items() if name != "problem"})
