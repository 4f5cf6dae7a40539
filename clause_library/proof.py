"""What a library's own rows prove: every hash computed again, every release traced to whoever approved it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clause_library.releases import Release, Version, canonical, hashed
from clause_library.review import APPROVED, REJECTED, WITHDRAWN, Proposal, content_hash

APPROVAL = "approval"


@dataclass(frozen=True)
class Approval:
    """Who approved exactly which text, and the release it went into."""

    proposal_id: str
    content_hash: str
    approver_id: str
    release: int
    approved_at: datetime


@dataclass(frozen=True)
class Act:
    """An entry of the ledger about this library."""

    kind: str
    actor: str
    subject: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """Everything a library keeps about itself. `origins` says per release number where it came from."""

    versions: tuple[Version, ...]
    releases: tuple[Release, ...]
    origins: Mapping[int, str]
    proposals: tuple[Proposal, ...]
    approvals: tuple[Approval, ...]
    acts: tuple[Act, ...]

    @property
    def intact_versions(self) -> tuple[Version, ...]:
        """The versions whose text gives their hash; what the others say is worth nothing."""
        return tuple(one for one in self.versions if hashed("clause-version-1", one.canonical) == one.hash)

    @property
    def intact_releases(self) -> tuple[Release, ...]:
        """The releases whose manifest gives their hash."""
        return tuple(one for one in self.releases if hashed("release-1", one.canonical) == one.hash)


def faults_in_evidence(evidence: Evidence) -> Iterator[str]:
    """Everything that does not agree with what it says it is."""
    yield from _faults_in_versions(evidence)
    yield from _faults_in_releases(evidence)
    yield from _faults_in_approvals(evidence)
    yield from _faults_against_ledger(evidence)


def _faults_in_versions(evidence: Evidence) -> Iterator[str]:
    intact = evidence.intact_versions
    for version in set(evidence.versions) - set(intact):
        yield f"{version.clause_id}@{version.number}: its text does not give its hash"
    released = {row["hash"] for release in evidence.intact_releases for row in release.manifest["clauses"]}
    for version in intact:
        name = f"{version.clause_id}@{version.number}"
        if (version.body["id"], version.body["version"]) != (version.clause_id, version.number):
            yield f"{name}: its text is that of {version.body['id']}@{version.body['version']}"
        if version.hash not in released:
            yield f"{name}: it is in no release"


def _faults_in_releases(evidence: Evidence) -> Iterator[str]:
    versions = {version.hash: version for version in evidence.versions}
    intact = evidence.intact_releases
    for release in set(evidence.releases) - set(intact):
        yield f"release {release.number}: its manifest does not give its hash"
    for release in intact:
        name = f"release {release.number}"
        if release.manifest["release"] != release.number:
            yield f"{name}: its manifest is that of release {release.manifest['release']}"
        for row in release.manifest["clauses"]:
            version = versions.get(row["hash"])
            if version is None or (version.clause_id, version.number) != (row["id"], row["version"]):
                yield f"{name}: {row['id']}@{row['version']} is not there"


def _faults_in_approvals(evidence: Evidence) -> Iterator[str]:
    proposals = {proposal.id: proposal for proposal in evidence.proposals}
    approved = {approval.proposal_id for approval in evidence.approvals}
    traced = {approval.release for approval in evidence.approvals}
    for proposal in evidence.proposals:
        name = f"proposal {proposal.id}"
        if content_hash(proposal.clause_id, proposal.base_hash, proposal.texts) != proposal.content_hash:
            yield f"{name}: its text does not give its hash"
        if (proposal.state == APPROVED) != (proposal.id in approved):
            yield f"{name}: it is {proposal.state}, and its approval says otherwise"
    for approval in evidence.approvals:
        yield from _faults_in_approval(approval, proposals.get(approval.proposal_id), evidence)
    for number, origin in evidence.origins.items():
        if (origin == APPROVAL) != (number in traced):
            yield f"release {number}: nobody's approval stands behind it"


def _faults_in_approval(approval: Approval, proposal: Proposal | None, evidence: Evidence) -> Iterator[str]:
    name = f"approval of release {approval.release}"
    if proposal is None:
        yield f"{name}: its proposal is not there"
        return
    if approval.content_hash != proposal.content_hash:
        yield f"{name}: another text was approved"
    if approval.approver_id == proposal.author_id:
        yield f"{name}: the author approved it"
    if not _is_released(proposal, approval.release, evidence):
        yield f"{name}: the release does not hold the text that was approved"


def _is_released(proposal: Proposal, number: int, evidence: Evidence) -> bool:
    hashes = {
        row["hash"]
        for release in evidence.intact_releases
        if release.number == number
        for row in release.manifest["clauses"]
        if row["id"] == proposal.clause_id
    }
    texts = [version.body["texts"] for version in evidence.intact_versions if version.hash in hashes]
    return [canonical(text) for text in texts] == [canonical(proposal.texts)]


def _faults_against_ledger(evidence: Evidence) -> Iterator[str]:
    """What is kept and what the ledger says was done are the same acts."""
    kept: dict[str, set[tuple[str, ...]]] = {
        "library_released": {(str(release.number), release.hash) for release in evidence.releases},
        "clause_proposed": {(one.id, one.author_id, one.content_hash) for one in evidence.proposals},
        "clause_approved": {
            (one.proposal_id, one.approver_id, one.content_hash, str(one.release)) for one in evidence.approvals
        },
        "clause_rejected": {(one.id,) for one in evidence.proposals if one.state == REJECTED},
        "clause_withdrawn": {(one.id,) for one in evidence.proposals if one.state == WITHDRAWN},
    }
    done: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in kept}
    for act in evidence.acts:
        if act.kind in done:
            done[act.kind].add(_as_kept(act))
    for kind, acts in kept.items():
        for act_kept in sorted(acts ^ done[kind]):
            side = "the ledger does not say so" if act_kept in acts else "the ledger says so, and it is not there"
            yield f"{kind} {act_kept[0]}: {side}"


def _as_kept(act: Act) -> tuple[str, ...]:
    match act.kind:
        case "library_released":
            return (act.subject, str(act.payload.get("hash")))
        case "clause_proposed":
            return (act.subject, act.actor, str(act.payload.get("content")))
        case "clause_rejected" | "clause_withdrawn":
            return (act.subject,)
    return (act.subject, act.actor, str(act.payload.get("content")), str(act.payload.get("release")))
