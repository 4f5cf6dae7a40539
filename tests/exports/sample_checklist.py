"""A checklist as the writer gets it, made of the duties of the sample specification."""

import datetime as dt

from exports.checklist import AnswerKind, ChecklistRow, ChecklistSheet, Deliverable, Duty
from exports.checklist_texts import checklist_texts
from tests.exports.sample_document import CLAUSES, LABELS

ANSWERS: dict[str, AnswerKind] = {"mandatory": "yes_no", "scored": "number", "informative": "text"}


BRACKETS = str.maketrans("", "", "[]<>")


def sample_checklist(language: str = "es", extra: tuple[ChecklistRow, ...] = ()) -> ChecklistSheet:
    rows = tuple(
        ChecklistRow(
            id=given["id"],
            clause_title=clause["title"],
            text=given["duty"].translate(BRACKETS),
            strength=given["strength"],
            strength_label=LABELS[given["strength"]],
            evidence=given["evidence"].translate(BRACKETS),
            answer=ANSWERS[given["strength"]],
            machine=f"{given['id']}@3",
            digest="ab" * 32,
            most_words=0 if given["strength"] == "mandatory" else 120,
        )
        for clause in CLAUSES
        for given in clause["requirements"]
    )
    return ChecklistSheet(
        language=language,
        title="Sistema de apoyo a la priorización de solicitudes",
        reference="EX-2026-01234567-GCABA",
        date=dt.date(2026, 3, 12),
        author="Dirección General de Compras",
        texts=checklist_texts(language),
        read_me=("Las respuestas se reciben hasta el 30 de abril de 2026 a las 12.00.",),
        rows=rows + extra,
        acceptance=(Duty("EXI-02.1", "Devolver los datos en formato abierto dentro de los 30 días corridos."),),
        deliverables=(Deliverable("TRN-01.1", "Documentación técnica al día.", "Operación", "Cada 6 meses"),),
        machine={"release": "1", "sha256": "9f" * 32},
    )
