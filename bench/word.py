"""How fast the Word writer is: `python -m bench.word`.

Measured in the same run: docxtpl filling a template with the same duties and details, and the limit, which is the body,
already written, deflated and put among parts compressed before. Goal: faster than docxtpl, and linear in the clauses.
"""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
from docxtpl import DocxTemplate

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


def docxtpl_template() -> bytes:
    """A template that says what the sample's duties say, in plain paragraphs."""
    template = docx.Document()
    for line in (
        "{%p for duty in duties %}", "{{ duty.id }} {{ duty.strength }}", "{{ duty.text }}",
        "{%p for detail in duty.details %}", "{{ detail }}", "{%p endfor %}", "{%p endfor %}",
    ):  # fmt: skip
        template.add_paragraph(line)
    written = io.BytesIO()
    template.save(written)
    return written.getvalue()


def duties(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": block.id,
            "strength": block.strength_label,
            "text": "".join(run.text for run in block.runs),
            "details": [f"{label}: {''.join(run.text for run in runs)}" for label, runs in block.details],
        }
        for block in document.blocks
        if isinstance(block, Requirement)
    ]


def by_docxtpl(template: bytes, document: Document) -> bytes:
    filled = DocxTemplate(io.BytesIO(template))
    filled.render({"duties": duties(document)}, autoescape=True)
    written = io.BytesIO()
    filled.save(written)
    return written.getvalue()


def main() -> None:
    template = docxtpl_template()
    for clauses in (80, 800):
        document = long_document(clauses)
        body = WordBody(document, None, 8730).write().encode("utf-8")
        parts = [part(f"part{n}", b"x" * 4_000) for n in range(16)]
        limit = seconds(lambda parts=parts, body=body: package([part("document", body), *parts]))
        ours = seconds(lambda document=document: word_bytes(document))
        theirs = seconds(lambda document=document: by_docxtpl(template, document))
        print(f"word, {clauses} clauses: {ours / theirs:.2f} of docxtpl, {ours / limit:.1f} of the limit")


if __name__ == "__main__":
    main()
