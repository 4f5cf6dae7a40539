"""A tender specification as the writers get it: ten clauses, a table, values, gaps, an annex, a redline."""

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

from exports.document import (
    Block,
    Column,
    Document,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Requirement,
    Run,
    RunKind,
    Runs,
    Table,
)


def words(text: str) -> Runs:
    """Runs of plain text, with [value] and <gap> between brackets."""
    kinds: dict[str, RunKind] = {"[": "value", "<": "unfilled"}
    pieces = re.split(r"(\[[^]]*\]|<[^>]*>)", text)
    return tuple(Run(one.strip("[]<>"), kinds.get(one[0], "plain")) for one in pieces if one)


CLAUSES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("sample_clauses.toml").read_text("utf-8"))[
    "clauses"
]

LABELS = {"mandatory": "Obligatorio", "scored": "Puntuable", "informative": "Informativo"}


def clause_blocks() -> list[Block]:
    blocks: list[Block] = []
    for clause in CLAUSES:
        blocks.append(Heading(2, clause["title"], anchor=clause["id"]))
        blocks.append(Paragraph((Run(clause["purpose"]),), "note"))
        blocks += [requirement(given) for given in clause["requirements"]]
    return blocks


def requirement(given: dict[str, str]) -> Requirement:
    districts = words("por distrito, con [15] distritos como mínimo.")
    groups = (ItemList((words("por edad y sexo;"), districts)),) if given["id"] == "DQ-03.1" else ()
    return Requirement(
        given["id"],
        LABELS[given["strength"]],
        given["strength"],
        words(given["duty"]),
        (("Prueba", words(given["evidence"])), ("Verificación", words(given["verification"]))),
        groups,
    )


def sample_document(blocks: tuple[Block, ...] = (), language: str = "es-AR") -> Document:
    """The whole specification; `blocks` are added at its end."""
    groups = Table(
        "Cuadro 2. Grupos para el ensayo de aceptación",
        (Column("Grupo", 3), Column("Fuente de los datos", 4), Column("Casos mínimos", 2)),
        tuple(
            (words(group), words("Padrón de trámites, muestra estratificada"), words("[300]"))
            for group in (
                "Mujeres de 18 a 34 años",
                "Varones de 18 a 34 años",
                "Personas de 65 años o más",
                "Personas con discapacidad",
                "Residentes en barrios populares",
            )
        ),
    )
    return Document(
        title="Pliego de especificaciones técnicas",
        subtitle="Sistema de apoyo a la priorización de solicitudes de subsidio habitacional",
        language=language,
        date=dt.date(2026, 3, 12),
        page_label="Página {page} de {pages}",
        reference="EX-2026-01234567-GCABA",
        version_label="Versión 1.2",
        author="Dirección General de Compras",
        subject="Contratación de un sistema de inteligencia artificial",
        keywords=("inteligencia artificial", "contratación pública"),
        cover=(
            ("Organismo contratante", "Instituto de Vivienda de la Ciudad"),
            ("Expediente", "EX-2026-01234567-GCABA"),
            ("Procedimiento", "Licitación pública de etapa única"),
            ("Fecha", "12 de marzo de 2026"),
            ("Nivel de riesgo", "3, alto"),
        ),
        control=Table(
            "Control del documento",
            (Column("Versión", 1), Column("Fecha", 2), Column("Autor", 3), Column("Cambios", 5)),
            (
                (
                    words("1.0"),
                    words("02/02/2026"),
                    words("Compras"),
                    words("Primera versión para consulta."),
                ),
                (
                    words("1.2"),
                    words("12/03/2026"),
                    words("Compras"),
                    words("Plazos de devolución y cuadro de grupos."),
                ),
            ),
        ),
        contents_title="Contenido",
        header_text="Pliego de especificaciones técnicas",
        annex_label="Anexo {letter}.",
        machine={"release": "1", "sha256": "9f" * 32},
        blocks=(
            Heading(1, "Objeto y alcance", anchor="scope"),
            Paragraph(
                words("La ciudad compra un sistema que ordena las solicitudes para que una persona las resuelva."),
                "lead",
            ),
            Paragraph(
                (
                    Run("El presente pliego rige junto con el "),
                    Run("Pliego Único de Bases y Condiciones Generales", "emphasis"),
                    Run(". Los plazos se cuentan como indica la cláusula "),
                    Run("Devolución de los datos", "reference", target="EXI-02"),
                    Run(". Consultas en "),
                    Run("buenosaires.gob.ar/compras", "reference", target="https://buenosaires.gob.ar/compras"),
                    Run("."),
                )
            ),
            ItemList(
                (
                    words("Recepción de solicitudes en línea y presenciales;"),
                    words("propuesta de orden, con sus razones;"),
                    words("registro de cada intervención humana."),
                ),
                ordered=True,
            ),
            Note(
                "Valores por completar",
                (
                    Paragraph(words("Quedan <2> valores sin completar en las cláusulas USE-01 y ACC-01.")),
                    ItemList((words("USE-01.1: número de páginas"), words("ACC-01.1: puntos de diferencia"))),
                ),
                "caution",
            ),
            Heading(1, "Requisitos", anchor="requirements"),
            *clause_blocks(),
            groups,
            Note(
                "Importante",
                (Paragraph(words("Los requisitos obligatorios no admiten cumplimiento parcial.")),),
            ),
            Heading(1, "Finalidad prevista", anchor="annex-a", annex=True),
            Heading(2, "Usuarios"),
            Paragraph(
                words("Personal de la Gerencia de Créditos, con un mínimo de [6] horas de formación por persona.")
            ),
            Heading(2, "Límites"),
            Heading(3, "Usos excluidos"),
            ItemList(
                (
                    words("Denegar solicitudes sin intervención humana;"),
                    words("perfilar a personas fuera del programa."),
                ),
                ordered=True,
            ),
            Heading(1, "Ficha del sistema", anchor="annex-b", annex=True),
            Heading(2, "Datos generales"),
            Paragraph(
                (
                    Run("El plazo de respuesta es de "),
                    Run("diez", change="deleted"),
                    Run("cinco", change="inserted"),
                    Run(" días hábiles."),
                )
            ),
            Paragraph((Run("Este párrafo se agrega entero.", change="inserted"),)),
            Requirement(
                "OPS-07.1",
                "Obligatorio",
                "mandatory",
                (Run("El proveedor debe publicar la ficha."),),
                change="deleted",
            ),
            *blocks,
        ),
    )
