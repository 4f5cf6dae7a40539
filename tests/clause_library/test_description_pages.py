import re
from html import unescape
from pathlib import Path

import pytest

from clause_library.describing import SUBJECTS
from clause_library.releases import shipped_library
from rules.library import LANGUAGES

DOCS = Path(__file__).parent.parent.parent / "docs" / "coverage"


def seen(answer):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


@pytest.fixture
def write(make_app, tmp_path):
    """Runs the command where there is no database, so that it describes the shipped edition."""
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite'}")
    return lambda *words: app.test_cli_runner().invoke(args=["library", "describe", *map(str, words)])


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_reads_what_the_library_covers_and_rests_on(client, language, subject):
    newest, first = (client.get(f"/{language}/library/{way}{subject}") for way in ("", "releases/1/"))

    assert newest.status_code == first.status_code == 200
    assert f'lang="{language}"' in newest.text
    assert f"/{language}/library/clauses/EXP-02" in newest.text or subject == "questions"
    assert "{{" not in newest.text


@pytest.mark.parametrize("address", ["nothing", "releases/9/coverage", "releases/1/nothing", "coverage/"])
def test_what_is_not_described_is_not_found(client, address):
    assert client.get(f"/en/library/{address}").status_code == 404


def test_the_library_and_a_release_lead_to_every_description(client):
    library, release = client.get("/pt/library"), client.get("/pt/library/releases/1")

    for subject in SUBJECTS:
        assert f'href="/pt/library/{subject}"' in library.text
        assert f'href="/pt/library/releases/1/{subject}"' in release.text


def test_the_pages_of_a_release_stay_within_it(client):
    page = client.get("/en/library/releases/1/coverage")

    assert 'href="/en/library/releases/1/sources"' in page.text
    assert 'href="/en/library/clauses/EXP-02/versions/1"' in page.text
    assert 'href="/en/library/clauses/EXP-02"' not in page.text


def test_every_place_a_page_leads_to_is_on_it(client):
    for subject in SUBJECTS:
        page = client.get(f"/en/library/{subject}").text
        places = re.findall(r'id="([^"]+)"', page)

        assert len(places) == len(set(places)), subject
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places), subject


def test_every_table_has_a_name_row_headings_and_a_frame_the_keyboard_reaches(client):
    for subject in SUBJECTS:
        page = client.get(f"/es/library/{subject}").text
        tables = page.count("<table")

        assert page.count("<caption") == tables
        assert len(re.findall(r'class="table-frame[^>]*tabindex="0" role="region" aria-label="[^"]+"', page)) == tables
        assert len(re.findall(r"<tr><th scope=\"row\"", page)) == len(re.findall(r"<tr><th scope", page)) - tables


def test_the_signs_of_the_comparison_are_said_in_words_too(client):
    page = client.get("/en/library/coverage").text

    signs = re.findall(r'<span class="mark mark-\w+" aria-hidden="true"></span>(.{60})', page, re.DOTALL)
    assert len(signs) > 100
    assert all('class="visually-hidden">' in after or 'class="mark-name">' in after for after in signs)


def test_every_clause_and_every_gap_stands_on_the_page_of_coverage(client):
    page = seen(client.get("/es/library/coverage"))

    for name in shipped_library().clauses:
        assert name in page
    for gap in shipped_library().words["es"]["gaps"].values():
        assert gap["title"] in page


def test_sources_that_nobody_verified_are_said_to_be_so_in_words(client):
    page = seen(client.get("/en/library/sources"))

    grades = [row["confidence"] for row in shipped_library().sources.values()]
    # Once more where they are counted; that line begins with a capital.
    assert page.count("not verified") >= grades.count("unverified") > 0
    assert f"Not verified {grades.count('unverified')}" in page


def test_dates_and_countries_are_said_in_the_language_of_the_page(client):
    assert "20 de noviembre de 2026" in seen(client.get("/es/library/sources"))
    assert "20 de novembro de 2026" in seen(client.get("/pt/library/sources"))
    assert "Países Bajos" in seen(client.get("/es/library/coverage"))
    assert "diciembre de 2023" in seen(client.get("/es/library/sources"))


def test_the_command_writes_a_file_for_each_subject_and_language(write, tmp_path):
    result = write(tmp_path / "deep" / "folder")

    assert result.exit_code == 0
    written = {path.name for path in (tmp_path / "deep" / "folder").iterdir()}
    assert written == {f"{subject}.{language}.md" for subject in SUBJECTS for language in LANGUAGES}


def test_the_command_writes_in_the_language_of_each_file(write, tmp_path):
    write(tmp_path)

    assert "Países Bajos" in (tmp_path / "coverage.es.md").read_text(encoding="utf-8")
    assert "Países Baixos" in (tmp_path / "coverage.pt.md").read_text(encoding="utf-8")
    assert "Netherlands" in (tmp_path / "coverage.en.md").read_text(encoding="utf-8")


def test_a_release_that_is_not_there_is_not_described(write, tmp_path):
    result = write(tmp_path / "none", "--release", "7")

    assert result.exit_code == 1
    assert not (tmp_path / "none").exists()


def test_the_documents_of_the_repository_say_what_the_edition_says(write, tmp_path):
    """Where this fails, write them anew, with DATABASE_URL naming no database:
    `flask --app app library describe docs/coverage`.
    """
    write(tmp_path / "now")

    now = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "now").iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}

    assert sorted(kept) == sorted(now)
    assert [name for name, said in now.items() if kept[name] != said] == []
