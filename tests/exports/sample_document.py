"""A tender specification as the writers get it: ten clauses, a table, values, gaps, an annex, a redline."""

import datetime

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
    Runs,
    Table,
)


def words(text: str) -> Runs:
    """Runs of plain text, with [value] and <gap> between brackets."""
    runs: list[Run] = []
    for piece in text.replace("[", "\0v").replace("<", "\0u").replace("]", "\0p").replace(">", "\0p").split("\0"):
        kinds = {"v": "value", "u": "unfilled", "p": "plain"}
        kind = kinds.get(piece[:1], "plain") if runs or piece[:1] in "vu" and text[:1] in "[<" else "plain"
        runs.append(Run(piece if not runs else piece[1:], kind))  # type: ignore[arg-type]
    return tuple(run for run in runs if run.text)


CLAUSES: list[tuple[str, str, str, list[tuple[str, str, str, str, str]]]] = [
    ("GOV-01", "Responsable designado del proveedor",
     "Alguien con nombre y cargo debe responder por el sistema durante todo el contrato.",
     [("GOV-01.1", "mandatory", "El proveedor debe designar por escrito, dentro de los [5] días hábiles de la firma, a "
       "una persona responsable del sistema y a su suplente.",
       "Carta de designación con nombre, cargo y datos de contacto.",
       "La unidad de gestión del contrato la archiva y la contrasta en la primera reunión de seguimiento.")]),
    ("USE-01", "Finalidad prevista, usuarios y límites",
     "El sistema se compra para un uso concreto; lo que queda fuera de ese uso no está permitido.",
     [("USE-01.1", "mandatory", "El proveedor debe entregar una descripción de la finalidad prevista, de los usuarios y "
       "de las condiciones en las que el sistema no debe utilizarse.",
       "Documento de finalidad prevista, de no más de <número de páginas> páginas.",
       "El organismo contratante lo compara con el Anexo A antes de la adjudicación.")]),
    ("DQ-03", "Representatividad de la población y del territorio",
     "Si los datos no se parecen a la gente a la que se aplica el sistema, el sistema se equivoca más con unos que con otros.",
     [("DQ-03.1", "mandatory", "El proveedor debe demostrar que cada grupo del cuadro 2 está representado en los datos de "
       "ensayo con no menos de [300] casos, o indicar para cuáles no lo está.",
       "Informe de composición de los datos, por grupo y por distrito.",
       "El equipo evaluador repite el recuento sobre una muestra de [1.000] registros."),
      ("DQ-03.2", "scored", "El oferente puede acreditar una cobertura territorial mayor que la mínima, en número de "
       "distritos con más de [100] casos.", "Cuadro de cobertura firmado.", "Fórmula del criterio C-4.")]),
    ("ACC-01", "Desempeño mínimo y diferencias entre grupos",
     "El sistema debe acertar lo suficiente, y acertar parecido para todos.",
     [("ACC-01.1", "mandatory", "El proveedor debe alcanzar, en el ensayo de aceptación, una sensibilidad no inferior al "
       "[92] % y una diferencia entre grupos cuyo intervalo de confianza del 95 % no supere los <puntos> puntos.",
       "Protocolo y resultados del ensayo de aceptación.",
       "Ensayo conjunto sobre el conjunto reservado por el organismo contratante, que el proveedor no conoce.")]),
    ("DP-10", "Aviso de incidentes con datos personales",
     "Cuanto antes se sepa, antes se puede avisar a las personas y limitar el daño.",
     [("DP-10.1", "mandatory", "El proveedor debe avisar al organismo contratante de todo incidente con datos personales "
       "dentro de las [24] horas de haberlo conocido.", "Procedimiento de aviso y registro de incidentes.",
       "Simulacro anual con hora de inicio registrada.")]),
    ("IPR-02", "Los datos del organismo no se usan para otros fines",
     "Los datos de la ciudadanía no entrenan productos de terceros.",
     [("IPR-02.1", "mandatory", "El proveedor no debe usar los datos del organismo contratante para entrenar, ajustar o "
       "evaluar modelos ajenos a este contrato.", "Declaración jurada y configuración del servicio.",
       "Revisión de la configuración en la puesta en marcha y cada [6] meses.")]),
    ("TRN-02", "Ficha del sistema",
     "Quien decide debe poder leer en dos páginas qué hace el sistema y en qué falla.",
     [("TRN-02.1", "informative", "El oferente informa, en una ficha de no más de [2] páginas, de los límites y de los fallos "
       "conocidos del sistema.", "Ficha del sistema (modelo del Anexo B).", "Lectura por el comité de evaluación.")]),
    ("HUM-01", "Supervisión humana efectiva",
     "Una persona con tiempo, formación y autoridad debe poder corregir al sistema.",
     [("HUM-01.1", "mandatory", "El proveedor debe entregar un sistema en el que ninguna denegación se comunique sin que una "
       "persona autorizada la haya confirmado.", "Demostración y registro de confirmaciones.",
       "Prueba con [50] expedientes en el ensayo de aceptación.")]),
    ("SEC-04", "Pruebas de seguridad del sistema",
     "Los sistemas de inteligencia artificial se atacan también con palabras.",
     [("SEC-04.1", "mandatory", "El proveedor debe corregir las vulnerabilidades críticas dentro de los [15] días corridos de "
       "su notificación.", "Informe de pruebas de un tercero, o equivalente.", "Nueva prueba tras la corrección.")]),
    ("EXI-02", "Devolución de los datos al terminar",
     "El contrato termina algún día; los datos vuelven a casa.",
     [("EXI-02.1", "mandatory", "El proveedor debe devolver los datos, en formato abierto y documentado, dentro de los [30] "
       "días corridos del fin del contrato.", "Acta de devolución.", "Carga de prueba en el entorno del organismo.")]),
]

LABELS = {"mandatory": "Obligatorio", "scored": "Puntuable", "informative": "Informativo"}


def clause_blocks() -> list[Block]:
    blocks: list[Block] = []
    for clause, title, purpose, requirements in CLAUSES:
        blocks.append(Heading(2, title, anchor=clause))
        blocks.append(Paragraph((Run(purpose),), "note"))
        for requirement, strength, duty, evidence, verification in requirements:
            continued: tuple[ItemList, ...] = ()
            if requirement == "DQ-03.1":
                continued = (ItemList((words("por edad y sexo;"), words("por distrito, con [15] distritos como mínimo."))),)
            details = (("Prueba", words(evidence)), ("Verificación", words(verification)))
            blocks.append(
                Requirement(requirement, LABELS[strength], strength, words(duty), details, continued)
            )
    return blocks


def sample_document(blocks: tuple[Block, ...] = (), language: str = "es-AR") -> Document:
    """The whole specification; `blocks` are added at its end."""
    groups = Table(
        "Cuadro 2. Grupos para el ensayo de aceptación",
        (Column("Grupo", 3), Column("Fuente de los datos", 4), Column("Casos mínimos", 2)),
        tuple(
            (words(group), words("Padrón de trámites, muestra estratificada"), words("[300]"))
            for group in ("Mujeres de 18 a 34 años", "Varones de 18 a 34 años", "Personas de 65 años o más",
                          "Personas con discapacidad", "Residentes en barrios populares")
        ),
    )
    return Document(
        title="Pliego de especificaciones técnicas",
        subtitle="Sistema de apoyo a la priorización de solicitudes de subsidio habitacional",
        language=language,
        date=datetime.date(2026, 3, 12),
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
            ((words("1.0"), words("02/02/2026"), words("Compras"), words("Primera versión para consulta.")),
             (words("1.2"), words("12/03/2026"), words("Compras"), words("Plazos de devolución y cuadro de grupos."))),
        ),
        contents_title="Contenido",
        header_text="Pliego de especificaciones técnicas",
        annex_label="Anexo {letter}.",
        machine={"release": "1", "sha256": "9f" * 32},
        blocks=(
            Heading(1, "Objeto y alcance", anchor="scope"),
            Paragraph(words("La ciudad compra un sistema que ordena las solicitudes para que una persona las resuelva."), "lead"),
            Paragraph((Run("El presente pliego rige junto con el "), Run("Pliego Único de Bases y Condiciones Generales", "emphasis"),
                       Run(". Los plazos se cuentan como indica la cláusula "), Run("Devolución de los datos", "reference", target="EXI-02"),
                       Run(". Consultas en "), Run("buenosaires.gob.ar/compras", "reference", target="https://buenosaires.gob.ar/compras"),
                       Run("."))),
            ItemList((words("Recepción de solicitudes en línea y presenciales;"), words("propuesta de orden, con sus razones;"),
                      words("registro de cada intervención humana.")), ordered=True),
            Note("Valores por completar", (Paragraph(words("Quedan <2> valores sin completar en las cláusulas USE-01 y ACC-01.")),
                                          ItemList((words("USE-01.1: número de páginas"), words("ACC-01.1: puntos de diferencia")))), "caution"),
            Heading(1, "Requisitos", anchor="requirements"),
            *clause_blocks(),
            groups,
            Note("Importante", (Paragraph(words("Los requisitos obligatorios no admiten cumplimiento parcial.")),)),
            Heading(1, "Finalidad prevista", anchor="annex-a", annex=True),
            Heading(2, "Usuarios"),
            Paragraph(words("Personal de la Gerencia de Créditos, con un mínimo de [6] horas de formación por persona.")),
            Heading(2, "Límites"),
            Heading(3, "Usos excluidos"),
            ItemList((words("Denegar solicitudes sin intervención humana;"), words("perfilar a personas fuera del programa.")), ordered=True),
            Heading(1, "Ficha del sistema", anchor="annex-b", annex=True),
            Heading(2, "Datos generales"),
            Paragraph((Run("El plazo de respuesta es de "), Run("diez", change="deleted"), Run("cinco", change="inserted"), Run(" días hábiles."))),
            Paragraph((Run("Este párrafo se agrega entero.", change="inserted"),)),
            Requirement("OPS-07.1", "Obligatorio", "mandatory", (Run("El proveedor debe publicar la ficha."),), change="deleted"),
            *blocks,
        ),
    )
