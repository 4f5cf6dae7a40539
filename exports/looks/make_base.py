"""Makes base.docx, where the looks of every Word file live: `python -m exports.looks.make_base`.

The words in double braces in the header, footer and numbering are filled in by exports/word.py.
"""

import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fonttools has no types

HERE = Path(__file__).parent
FONTS = HERE.parent.parent / "static" / "fonts"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SERIF, SANS = "Source Serif 4", "Source Sans 3"
INK, NAVY, GREY, RULE = "1F2328", "1F3A56", "56606B", "C8D0D9"
OCHRE, BRICK = "7A5200", "8A2A1F"
PAGE_WIDTH, PAGE_HEIGHT, SIDE = 11906, 16838, 1588
TEXT_WIDTH = PAGE_WIDTH - 2 * SIDE
NUMBER_WIDTH = 794


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def letters(  # noqa: PLR0913 - what a run may carry
    family: str = "",
    size: float = 0,
    colour: str = "",
    *,
    bold: bool = False,
    italic: bool = False,
    capitals: bool = False,
    spacing: int = 0,
    fill: str = "",
    silent: bool = False,
) -> str:
    """Run properties in the order of the schema; size in points, spacing in twentieths of a point."""
    return "".join(
        [
            font(family) if family else "",
            "<w:b/><w:bCs/>" if bold else "",
            "<w:i/><w:iCs/>" if italic else "",
            "<w:caps/>" if capitals else "",
            "<w:noProof/>" if silent else "",
            f'<w:color w:val="{colour}"/>' if colour else "",
            f'<w:spacing w:val="{spacing}"/>' if spacing else "",
            f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "",
        ]
    )


def lines(  # noqa: PLR0913 - what a paragraph may carry
    *,
    before: int = 0,
    after: int = 0,
    line: int = 0,
    left: int = 0,
    right: int = 0,
    hanging: int = 0,
    keep: bool = False,
    together: bool = False,
    borders: str = "",
    fill: str = "",
    tabs: str = "",
    number: str = "",
    outline: int | None = None,
    tight: bool = False,
) -> str:
    """Paragraph properties in the order of the schema, in twentieths of a point."""
    leading = f' w:line="{line}" w:lineRule="auto"' if line else ""
    hang = f' w:hanging="{hanging}"' if hanging else ' w:firstLine="0"'
    return "".join(
        [
            "<w:keepNext/>" if keep else "",
            "<w:keepLines/>" if together else "",
            number,
            f"<w:pBdr>{borders}</w:pBdr>" if borders else "",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "",
            f"<w:tabs>{tabs}</w:tabs>" if tabs else "",
            f'<w:spacing w:before="{before}" w:after="{after}"{leading}/>',
            f'<w:ind w:left="{left}" w:right="{right}"{hang}/>',
            "<w:contextualSpacing/>" if tight else "",
            f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "",
        ]
    )


def paragraph_style(
    name: str, paragraph: str, run: str = "", based: str = "Normal", following: str = "", *, quick: bool = True
) -> str:
    style_id = IDS.get(name, name).replace(" ", "")
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"{kept_by(name)}><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + ("<w:qFormat/>" if quick else "")
        + f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def character_style(name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{name.replace(" ", "")}"{kept_by(name)}>'
        f'<w:name w:val="{name}"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
    )


# Word writes the names of some of its own styles in small letters, and their ids otherwise.
IDS = {f"heading {n}": f"Heading{n}" for n in range(1, 5)} | {f"toc {n}": f"TOC{n}" for n in range(1, 5)}
IDS |= {"caption": "Caption", "header": "Header", "footer": "Footer"}
WORDS_OWN = {*IDS, "Body Text", "Title", "Subtitle", "TOC Heading", "List Bullet", "List Number"}
WORDS_OWN |= {"Strong", "Emphasis", "Hyperlink"}


def kept_by(name: str) -> str:
    """The attribute that tells our own styles from Word's."""
    return "" if name in WORDS_OWN else ' w:customStyle="1"'


def border(side: str, size: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def tab(kind: str, position: int, leader: str = "") -> str:
    dots = f' w:leader="{leader}"' if leader else ""
    return f'<w:tab w:val="{kind}"{dots} w:pos="{position}"/>'


def binding(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def styles() -> str:
    side = border("left", 18, NAVY, 10)
    block: dict[str, Any] = {"left": 284, "borders": side, "together": True}
    found = [
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        + letters(SERIF, 11, INK)
        + '<w:lang w:val="es-ES" w:eastAsia="es-ES" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{lines(after=120, line=272)}</w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
        '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/>'
        "</w:style>",
        paragraph_style("Body Text", lines(after=140, line=272)),
        paragraph_style("Lead", lines(after=180, line=280), letters(size=12, colour=GREY)),
        paragraph_style("Remark", lines(after=120, line=270), letters(size=10, colour=GREY)),
        paragraph_style("Meta", lines(after=80, line=260), letters(SANS, 9.5, GREY)),
        paragraph_style("caption", lines(before=200, after=80, keep=True), letters(SANS, 9.5, NAVY, bold=True)),
        *headings(),
        *cover_styles(),
        *contents_styles(),
        paragraph_style(
            "header",
            lines(borders=border("bottom", 4, RULE, 6), tabs=tab("right", TEXT_WIDTH)),
            letters(SANS, 8.5, GREY),
            quick=False,
        ),
        paragraph_style(
            "footer",
            lines(borders=border("top", 4, RULE, 6), tabs=tab("right", TEXT_WIDTH)),
            letters(SANS, 8.5, GREY),
            quick=False,
        ),
        paragraph_style("List Bullet", lines(after=80, line=272, left=454, hanging=284, number=binding(3))),
        paragraph_style("List Number", lines(after=80, line=272, left=510, hanging=397)),
        paragraph_style(
            "Requirement Head",
            lines(before=240, after=40, keep=True, tabs=tab("right", TEXT_WIDTH), **block),
            letters(SANS, 9.5, NAVY),
            following="RequirementText",
        ),
        paragraph_style("Requirement Text", lines(after=80, line=268, **block)),
        paragraph_style("Requirement Detail", lines(after=40, line=245, **block), letters(SANS, 9.5, GREY)),
        paragraph_style(
            "Requirement Item", lines(after=60, line=268, left=624, hanging=340, borders=side, together=True)
        ),
        *note_styles(),
        paragraph_style("Table Text", lines(before=50, after=50, line=255), letters(SANS, 9.5)),
        paragraph_style(
            "Table Head",
            lines(before=60, after=60, line=250, keep=True),
            letters(SANS, 9, NAVY, bold=True),
            based="TableText",
        ),
        *character_styles(),
        table_style(),
    ]
    return DECLARATION + f'<w:styles xmlns:w="{MAIN}">' + "".join(found) + "</w:styles>"


def headings() -> list[str]:
    shapes: list[tuple[int, int, float, str, bool, bool]] = [
        (520, 180, 17, NAVY, False, False),
        (380, 110, 13, NAVY, True, False),
        (280, 90, 11.5, INK, True, False),
        (220, 80, 11, INK, False, True),
    ]
    return [
        paragraph_style(
            f"heading {level}",
            lines(
                before=before,
                after=after,
                left=NUMBER_WIDTH,
                hanging=NUMBER_WIDTH,
                keep=True,
                together=True,
                number=binding(1, level - 1),
                outline=level - 1,
            ),
            letters(SERIF, size, colour, bold=bold, italic=italic),
            following="BodyText",
        )
        for level, (before, after, size, colour, bold, italic) in enumerate(shapes, start=1)
    ]


def cover_styles() -> list[str]:
    return [
        paragraph_style("Title", lines(before=120, after=160, line=252), letters(SERIF, 27, NAVY)),
        paragraph_style("Subtitle", lines(after=400, line=276), letters(SERIF, 14, GREY)),
        paragraph_style(
            "Cover Reference",
            lines(before=3000, after=200, borders=border("bottom", 12, NAVY, 8)),
            letters(SANS, 10, NAVY, spacing=10),
        ),
        paragraph_style(
            "Cover Line",
            lines(after=90, line=264, left=3005, hanging=3005, tabs=tab("left", 3005)),
            letters(SANS, 10.5),
        ),
        paragraph_style("Opening Reference", lines(after=80), letters(SANS, 9.5, GREY)),
    ]


def contents_styles() -> list[str]:
    right = tab("right", TEXT_WIDTH, "dot")
    shapes = [(140, 40, 0, 480, "1", True), (0, 30, 480, 620, "2", False)]
    shapes += [(0, 20, 1100, 760, "3", False), (0, 20, 1860, 900, "4", False)]
    return [
        paragraph_style("TOC Heading", lines(before=440, after=160, keep=True), letters(SERIF, 17, NAVY)),
        *(
            paragraph_style(
                f"toc {level}",
                lines(
                    before=before,
                    after=after,
                    line=260,
                    left=left + hanging,
                    hanging=hanging,
                    tabs=tab("left", left + hanging) + right,
                ),
                letters(SANS, 10, NAVY if bold else INK, bold=bold),
                quick=False,
            )
            for before, after, left, hanging, level, bold in shapes
        ),
        paragraph_style("Contents End", lines(line=120), letters(size=2), quick=False),
    ]


def note_styles() -> list[str]:
    found = []
    for tone, colour, fill in (
        ("Neutral", NAVY, "F3F6F9"),
        ("Caution", OCHRE, "FBF6E9"),
        ("Stop", BRICK, "FAF0EE"),
    ):
        side = border("top", 4, fill, 6) + border("left", 18, colour, 10) + border("bottom", 4, fill, 6)
        side += border("right", 4, fill, 6)
        block: dict[str, Any] = {"left": 284, "right": 170, "borders": side, "fill": fill, "together": True}
        found += [
            paragraph_style(
                f"Note {tone} Title",
                lines(before=220, after=50, keep=True, **block),
                letters(SANS, 10, colour, bold=True),
                following=f"Note{tone}Text",
            ),
            paragraph_style(f"Note {tone} Text", lines(after=60, line=270, **block), letters(SANS, 10)),
        ]
    return found


def character_styles() -> list[str]:
    return [
        character_style("Strong", letters(bold=True)),
        character_style("Emphasis", letters(italic=True)),
        character_style("Value", letters(fill="E9EFF5")),
        character_style("Unfilled", letters(bold=True, fill="FFE58A")),
        character_style("Reference", letters(colour=NAVY)),
        character_style("Hyperlink", letters(colour=NAVY)),
        character_style("Requirement Id", letters(SANS, 10.5, NAVY, bold=True, silent=True)),
        character_style("Strength Mandatory", letters(SANS, 8, NAVY, bold=True, capitals=True, spacing=12)),
        character_style("Strength Scored", letters(SANS, 8, OCHRE, bold=True, capitals=True, spacing=12)),
        character_style("Strength Other", letters(SANS, 8, GREY, bold=True, capitals=True, spacing=12)),
        character_style("Detail Label", letters(SANS, 9.5, INK, bold=True)),
        character_style("Cover Label", letters(SANS, 10.5, GREY)),
    ]


def table_style() -> str:
    edges = border("top", 8, NAVY) + border("bottom", 8, NAVY) + border("insideH", 4, RULE)
    return (
        '<w:style w:type="table" w:customStyle="1" w:styleId="TenderTable"><w:name w:val="Tender Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
        '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders>'
        f'{border("bottom", 6, NAVY)}</w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="F3F6F9"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
    )


def level(number: int, form: str, text: str, left: int, hanging: int, extra: str = "", run: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr>'
        f"<w:rPr>{run}</w:rPr></w:lvl>"
    )


def abstract(number: int, kind: str, levels: list[str]) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="5A1C{number:04X}"/>'
        f'<w:multiLevelType w:val="{kind}"/><w:tmpl w:val="7B3E{number:04X}"/>{"".join(levels)}</w:abstractNum>'
    )


def numbering() -> str:
    """1 headings, 2 annexes, 3 bullets; 4 is the pattern that each ordered list gets a copy of."""
    decimal = [
        level(
            n,
            "decimal",
            ".".join(f"%{i}" for i in range(1, n + 2)),
            NUMBER_WIDTH,
            NUMBER_WIDTH,
            f'<w:pStyle w:val="Heading{n + 1}"/>',
        )
        for n in range(4)
    ]
    annex = [level(0, "upperLetter", "{{annex_label}}", 0, 0, '<w:suff w:val="space"/>')]
    annex += [
        level(n, "decimal", ".".join(f"%{i}" for i in range(1, n + 2)), NUMBER_WIDTH, NUMBER_WIDTH) for n in range(1, 4)
    ]
    bullets = [level(0, "bullet", "•", 454, 284, run=font(SERIF) + f'<w:color w:val="{NAVY}"/>')]
    ordered = [level(0, "lowerLetter", "(%1)", 510, 397), level(1, "lowerRoman", "(%2)", 964, 454)]
    patterns = [abstract(1, "multilevel", decimal), abstract(2, "multilevel", annex)]
    patterns += [abstract(3, "hybridMultilevel", bullets), abstract(4, "multilevel", ordered)]
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, 5))
    return DECLARATION + f'<w:numbering xmlns:w="{MAIN}">{"".join(patterns)}{numbers}</w:numbering>'


def edge(tag: str, style: str, left: str, right: str) -> str:
    return (
        DECLARATION + f'<w:{tag} xmlns:w="{MAIN}"><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{left}</w:t></w:r><w:r><w:tab/></w:r>{right}</w:p></w:{tag}>'
    )


def empty_edge(tag: str) -> str:
    return DECLARATION + f'<w:{tag} xmlns:w="{MAIN}"><w:p><w:pPr><w:pStyle w:val="Meta"/></w:pPr></w:p></w:{tag}>'


def document() -> str:
    return (
        DECLARATION + f'<w:document xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}"><w:body>'
        "<w:p><w:r><w:t>{{body}}</w:t></w:r></w:p><w:sectPr>"
        '<w:headerReference w:type="default" r:id="rId5"/><w:headerReference w:type="first" r:id="rId6"/>'
        '<w:footerReference w:type="default" r:id="rId7"/><w:footerReference w:type="first" r:id="rId8"/>'
        f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/><w:pgMar w:top="1644" w:right="{SIDE}" w:bottom="1588" '
        f'w:left="{SIDE}" w:header="794" w:footer="680" w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    )


def settings() -> str:
    return (
        DECLARATION + f'<w:settings xmlns:w="{MAIN}"><w:zoom w:percent="100"/>'
        "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>"
        '<w:defaultTabStop w:val="709"/><w:hyphenationZone w:val="425"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="es-ES"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


# Family, face of Word's four, file. The semibold weight stands for bold, as in the style sheet of the PDF.
FACES = [
    (SERIF, "Regular", "source-serif-4-latin-400-normal.woff2"),
    (SERIF, "Bold", "source-serif-4-latin-600-normal.woff2"),
    (SERIF, "Italic", "source-serif-4-latin-400-italic.woff2"),
    (SANS, "Regular", "source-sans-3-latin-400-normal.woff2"),
    (SANS, "Bold", "source-sans-3-latin-600-normal.woff2"),
    (SANS, "Italic", "source-sans-3-latin-400-italic.woff2"),
]


def key(number: int) -> str:
    """The key under which Word hides an embedded font: any GUID, always the same one for the same face."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, FACES[number - 1][2])).upper()


def fonts() -> str:
    described = []
    for name, other, family in ((SERIF, "Cambria", "roman"), (SANS, "Calibri", "swiss")):
        embedded = "".join(
            f'<w:embed{face} r:id="rId{n}" w:fontKey="{{{key(n)}}}"/>'
            for n, (owner, face, _) in enumerate(FACES, start=1)
            if owner == name
        )
        described.append(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="00"/><w:family w:val="{family}"/>'
            f'<w:pitch w:val="variable"/>{embedded}</w:font>'
        )
    return DECLARATION + f'<w:fonts xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}">{"".join(described)}</w:fonts>'


def face(number: int) -> bytes:
    """The face as TrueType under the name Word asks for, its first 32 bytes hidden with the key (ECMA-376, 17.8.1)."""
    family, style, file = FACES[number - 1]
    font = TTFont(FONTS / file, recalcTimestamp=False)
    font.flavor = None
    for record, text in (
        (1, family),
        (2, style),
        (4, f"{family} {style}"),
        (6, f"{family}-{style}".replace(" ", "")),
    ):
        font["name"].setName(text, record, 3, 1, 0x409)
    for record in (16, 17):
        font["name"].removeNames(nameID=record)
    if style == "Bold":
        font["OS/2"].usWeightClass, font["OS/2"].fsSelection = 700, 0x20
        font["head"].macStyle = 1
    written = io.BytesIO()
    font.save(written)
    content = written.getvalue()
    mask = bytes.fromhex(key(number).replace("-", ""))[::-1] * 2
    return bytes(a ^ b for a, b in zip(content[:32], mask, strict=True)) + content[32:]


TYPES = {
    "document": "main",
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "fontTable": "fontTable",
    "header1": "header",
    "header2": "header",
    "footer1": "footer",
    "footer2": "footer",
}


def content_types() -> str:
    office = "application/vnd.openxmlformats-officedocument"
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{office}.wordprocessingml.'
        f'{"document.main" if kind == "main" else kind}+xml"/>'
        for name, kind in TYPES.items()
    )
    return (
        DECLARATION + f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="odttf" ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>'
        f'{parts}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{office}.extended-properties+xml"/>'
        f'<Override PartName="/docProps/custom.xml" ContentType="{office}.custom-properties+xml"/></Types>'
    )


def relationships(entries: list[tuple[str, str]]) -> str:
    return (
        DECLARATION
        + f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(entries, start=1)
        )
        + "</Relationships>"
    )


def parts() -> dict[str, str | bytes]:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    words = [(f"{office}/{kind}", f"{kind}.xml") for kind in ("styles", "numbering", "settings", "fontTable")]
    words += [(f"{office}/header", "header1.xml"), (f"{office}/header", "header2.xml")]
    words += [(f"{office}/footer", "footer1.xml"), (f"{office}/footer", "footer2.xml")]
    package = [
        (f"{office}/officeDocument", "word/document.xml"),
        (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{office}/extended-properties", "docProps/app.xml"),
        (f"{office}/custom-properties", "docProps/custom.xml"),
    ]
    right = '<w:r><w:t xml:space="preserve">{{reference}}</w:t></w:r>'
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(package),
        "docProps/core.xml": DECLARATION + f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"/>',
        "docProps/app.xml": DECLARATION + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><DocSecurity>0</DocSecurity></Properties>',
        "docProps/custom.xml": DECLARATION + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'custom-properties"/>',
        "word/document.xml": document(),
        "word/_rels/document.xml.rels": relationships(words),
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": fonts(),
        "word/_rels/fontTable.xml.rels": relationships(
            [(f"{office}/font", f"fonts/font{n}.odttf") for n in range(1, len(FACES) + 1)]
        ),
        "word/header1.xml": edge("hdr", "Header", "{{header_text}}", right),
        "word/header2.xml": empty_edge("hdr"),
        "word/footer1.xml": edge("ftr", "Footer", "{{stamp}}", "<w:r><w:t>{{page_label}}</w:t></w:r>"),
        "word/footer2.xml": empty_edge("ftr"),
        **{f"word/fonts/font{n}.odttf": face(n) for n in range(1, len(FACES) + 1)},
    }


def main(target: Path = HERE / "base.docx") -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts().items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main()
