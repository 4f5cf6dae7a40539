"""How far the Word writer is from its limit: `python -m bench.word`.

The limit, measured in the same run: the body, already written, deflated and put among parts compressed before.
Goal: at most 10 times the limit, for 80 clauses as for 800, and so linear; cleaning, escaping and linking each run
is the rest.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from exports.document import Block, Document, Heading, Requirement
from exports.package import package, part
from exports.word import word_bytes
from exports.word_body import WordBody
from tests.exports.sample_document import clause_blocks, sample_document

ROUNDS = 7


def long_document(clauses: int) -> Document:
    """The sample specification with that many clauses, ten different ones again and again."""
    blocks: list[Block] = [Heading(1, "Requisitos")]
    for turn in range(clauses // 10):
        for block in clause_blocks():
            match block:
                case Heading():
                    blocks.append(replace(block, anchor=f"{block.anchor}-{turn}"))
                case Requirement():
                    blocks.append(replace(block, id=f"{block.id}.{turn}"))
                case _:
                    blocks.append(block)
    return replace(sample_document(), blocks=tuple(blocks))


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> None:
    for clauses in (80, 800):
        document = long_document(clauses)
        body = WordBody(document, None, 8730).write().encode("utf-8")
        parts = [part(f"part{n}", b"x" * 4_000) for n in range(16)]
        limit = seconds(lambda parts=parts, body=body: package([part("document", body), *parts]))
        ours = seconds(lambda document=document: word_bytes(document))
        print(f"{clauses} clauses: {ours * 1000:.1f} ms, limit {limit * 1000:.1f} ms, ratio {ours / limit:.1f}")


if __name__ == "__main__":
    main()
