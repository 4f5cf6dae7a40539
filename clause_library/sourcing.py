"""Whether what stands behind a release holds: sources, instruments compared, what each place says of itself. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rules.library import LANGUAGES, Bundle

Faults = Iterator[tuple[str, str]]

# The schema since which a release says what stands behind it.
SOURCED_SINCE = 2
KINDS = ("law", "guideline", "standard", "contract_clauses", "founding_document")
# From the surest to the least sure.
CONFIDENCES = ("verified", "secondary", "unverified")
READ = ("in full", "in part", "second hand")
INTERNATIONAL = "international"
COUNTRY = re.compile(r"[A-Z]{2}")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
# What a place says of itself with a confidence and sources of its own, besides its bounds.
STATED = ("grounds", "business_day")
# What each thing of a group of words must say about itself.
SAID = {"grounds": ("label",), "instruments_compared": ("name", "note"), "gaps": ("title", "text")}


def faults_in_sources(bundle: Bundle) -> Faults:
    """Every fault in what stands behind the clauses, with its place. Raises KeyError for a part that is missing."""
    if bundle.get("schema", 1) < SOURCED_SINCE:
        return
    for name, source in bundle["sources"].items():
        yield from ((f"source {name}", what) for what in _faults_in_source(bundle, source))
    yield from _faults_in_support(bundle)
    for name, instrument in bundle["instruments"].items():
        yield from ((f"instrument {name}", what) for what in _faults_in_instrument(bundle, instrument))
    yield from (("grounds", what) for what in _repeated("ground", bundle["grounds"]))
    for name, place in bundle["jurisdictions"].items():
        yield from ((f"jurisdiction {name}", what) for what in _faults_in_place(bundle, place))
    yield from _faults_in_words(bundle)


# Sources


def _faults_in_source(bundle: Bundle, source: Mapping[str, Any]) -> Iterator[str]:
    yield from _not_among("kind", source.get("kind"), KINDS)
    yield from _not_among("confidence", source.get("confidence"), CONFIDENCES)
    yield from _faults_in_country(source.get("country"))
    if not _is_said(source.get("title")):
        yield "no title"
    yield from _faults_in_dates(source)
    yield from _faults_in_clauses(bundle, source.get("clauses", ()))
    if source.get("revoked") and source.get("clauses"):
        yield "it is revoked, and stands behind a clause"
    if not source.get("revoked") and not source.get("clauses"):
        yield "it stands behind no clause"


def _faults_in_dates(source: Mapping[str, Any]) -> Iterator[str]:
    if "checked_on" not in source:
        yield "it does not say when it was checked"
    for name in ("checked_on", "in_force_from"):
        if name in source and not _is_date(source[name]):
            yield f"{name} {source[name]} is no date"
    revoked = source.get("revoked")
    if revoked is not None and not (_is_date(revoked) or MONTH.fullmatch(str(revoked))):
        yield f"revoked {revoked} is neither a date nor a month"


def _is_date(value: object) -> bool:
    try:
        # Other ways of writing a date are read too, and are not the one we keep.
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _faults_in_country(country: object) -> Iterator[str]:
    if country != INTERNATIONAL and not COUNTRY.fullmatch(str(country)):
        yield f"country {country}"


def _faults_in_clauses(bundle: Bundle, names: Sequence[str]) -> Iterator[str]:
    known = {clause["id"] for clause in bundle["clauses"]}
    yield from (f"there is no clause {name}" for name in names if name not in known)
    yield from _repeated("clause", names)


def _faults_in_support(bundle: Bundle) -> Faults:
    """Every clause rests on something."""
    supported = {name for source in bundle["sources"].values() for name in source.get("clauses", ())}
    for clause in bundle["clauses"]:
        if clause["id"] not in supported:
            yield clause["id"], "no source stands behind it"


# Instruments


def _faults_in_instrument(bundle: Bundle, instrument: Mapping[str, Any]) -> Iterator[str]:
    yield from _not_among("kind", instrument.get("kind"), KINDS)
    yield from _not_among("read", instrument.get("read"), READ)
    yield from _faults_in_country(instrument.get("country"))
    yield from (f"no {part}" for part in ("name", "publisher") if not _is_said(instrument.get(part)))
    if not isinstance(instrument.get("year"), int):
        yield "no year"
    explicit, partial = instrument.get("explicit", ()), instrument.get("partial", ())
    if not explicit:
        yield "it treats no clause"
    # A clause that is in both lists is in one too many.
    yield from _faults_in_clauses(bundle, [*explicit, *partial])


# Places


def _faults_in_place(bundle: Bundle, place: Mapping[str, Any]) -> Iterator[str]:
    yield from _faults_in_its_sources(bundle, place)
    for part, names in _cited(place):
        yield from (f"{part}: {name} is not among its sources" for name in names if name not in place["sources"])
    yield from _faults_in_confidence(bundle, place)
    if not place["protected_grounds"]:
        yield "no protected ground"
    yield from _repeated("ground", place["protected_grounds"])
    yield from (f"there is no ground {name}" for name in place["protected_grounds"] if name not in bundle["grounds"])
    for language in LANGUAGES:
        if not _is_said(place.get(f"business_day_{language}")):
            yield f"it does not say what a business day is in {language}"


def _faults_in_its_sources(bundle: Bundle, place: Mapping[str, Any]) -> Iterator[str]:
    yield from _repeated("source", place["sources"])
    for name in place["sources"]:
        source = bundle["sources"].get(name)
        if source is None:
            yield f"there is no source {name}"
            continue
        if source.get("revoked"):
            yield f"{name} is revoked"
        if source.get("country") not in (INTERNATIONAL, *place["countries"]):
            yield f"{name} is of {source.get('country')}"


def _cited(place: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    for flag, names in place["flags"].items():
        yield f"flag {flag}", names
    for bound in _bounds(place):
        yield f"bound of {bound['parameter']}", bound.get("sources", ())
    for part in STATED:
        yield part, place[f"{part}_sources"]


def _bounds(place: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    bounds: Sequence[Mapping[str, Any]] = place.get("bounds", ())
    return bounds


def _faults_in_confidence(bundle: Bundle, place: Mapping[str, Any]) -> Iterator[str]:
    """What a place says is no surer than the surest source it gives for it; without one it is unverified."""
    bounds = [(f"bound of {row['parameter']}", row.get("confidence"), row.get("sources", ())) for row in _bounds(place)]
    stated = [(part, place.get(f"{part}_confidence"), place[f"{part}_sources"]) for part in STATED]
    for part, sure, names in [*bounds, *stated]:
        if sure not in CONFIDENCES:
            yield f"{part}: confidence {sure} is not one of {', '.join(CONFIDENCES)}"
        elif CONFIDENCES.index(sure) < _surest(bundle, names):
            yield f"{part}: it is said to be {sure}, which none of its sources is"


def _surest(bundle: Bundle, names: Iterable[str]) -> int:
    grades = [bundle["sources"].get(name, {}).get("confidence") for name in names]
    return min((CONFIDENCES.index(grade) for grade in grades if grade in CONFIDENCES), default=len(CONFIDENCES) - 1)


# Words


def _faults_in_words(bundle: Bundle) -> Faults:
    """The words of grounds, instruments and gaps; a gap has no other existence than its words."""
    gaps = {name for language in LANGUAGES for name in bundle["words"][language].get("gaps", {})}
    if not gaps:
        yield "gaps", "the release admits to none"
    wanted = {"grounds": set(bundle["grounds"]), "instruments_compared": set(bundle["instruments"]), "gaps": gaps}
    for language in LANGUAGES:
        for group, names in wanted.items():
            words = bundle["words"][language].get(group, {})
            yield from _faults_in_group(f"{language}, {group}", words, names, SAID[group])


def _faults_in_group(where: str, words: Mapping[str, Any], names: set[str], said: Sequence[str]) -> Faults:
    yield from ((where, f"no words for {name}") for name in sorted(names - set(words)))
    yield from ((where, f"words for {name}, which does not exist") for name in sorted(set(words) - names))
    for name in sorted(names & set(words)):
        yield from ((f"{where}, {name}", f"no {part}") for part in said if not _is_said(words[name].get(part)))


# Small checks


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _not_among(name: str, value: object, allowed: Sequence[str]) -> Iterator[str]:
    if value not in allowed:
        yield f"{name} {value} is not one of {', '.join(allowed)}"


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name} is named {times} times" for name, times in Counter(names).items() if times > 1)
