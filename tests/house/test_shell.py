import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from flask import abort
from flask_babel import format_datetime
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from accounts.policy import POLICY, PUBLIC, PolicyConflict, allow
from accounts.roles import Role
from app import ERROR_PAGES, HEADERS, UnsafeSettings, create_app, serving
from database import WriteDuringRead, transaction

ROOT = Path(__file__).parents[2]
VOID = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order, every id is there once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self.open]
        ids = [attributes["id"] for _, attributes in self.elements if attributes.get("id")]
        self.faults += [f"id {name} twice" for name in ids if ids.count(name) > 1]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes what is not open")

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


def _faults(text: str) -> list[str]:
    page = Page(text)
    labelled = {label.get("for") for label in page.all("label")}
    fields = [field for field in page.all("input", "select", "textarea") if field.get("type") != "hidden"]
    ids = {attributes.get("id") for _, attributes in page.elements}
    pointed = [
        name
        for _, attributes in page.elements
        for key in ("aria-describedby", "aria-labelledby")
        for name in (attributes.get(key) or "").split()
    ]
    faults = list(page.faults)
    faults += [f"no label for {field.get('name')}" for field in fields if field.get("id") not in labelled]
    faults += [f"{name} is described nowhere" for name in pointed if name not in ids]
    faults += ["no language"] * (not page.all("html")[0].get("lang"))
    faults += ["not one main heading"] * (len(page.all("h1")) != 1)
    faults += ["a style or script inside the page"] * bool(page.all("style", "script"))
    faults += [f"style on <{tag}>" for tag, attributes in page.elements if "style" in attributes]
    return faults


PAGES = ["/", "/sign-in", "/password", "/people", "/people/add", "/nowhere"]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_sound(signed_in_client, language, page):
    answer = signed_in_client(Role.ADMINISTRATOR).get(f"/{language}{page}")

    assert _faults(answer.text) == []
    assert re.search(f'<html lang="{language}">', answer.text)
    assert re.search(r"<title>\s*\S.+ – \S", answer.text)


@pytest.mark.parametrize("page", ["/sign-in", "/password", "/people/add"])
def test_a_page_that_says_what_is_wrong_is_sound_and_leads_to_it(signed_in_client, page):
    answer = signed_in_client(Role.ADMINISTRATOR).post(f"/en{page}", data={})
    parsed = Page(answer.text)
    targets = re.findall(r'<li><a href="#([^"]+)"', answer.text)
    fields = {field["id"]: field for field in parsed.all("input") if "id" in field}

    assert answer.status_code == 422
    assert _faults(answer.text) == []
    assert "<title>Error: " in answer.text
    assert targets
    assert set(targets) <= set(fields)
    assert [summary for summary in parsed.all("div") if "autofocus" in summary]


def test_a_page_without_a_label_or_with_an_open_element_is_not_sound():
    assert _faults("<html lang=es><body><h1>x</h1><input name=a></body></html>") == ["no label for a"]
    assert "<p> stays open" in _faults("<html lang=es><h1>x</h1></html><p>")


# Languages


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("pt-BR,pt;q=0.9", "pt"), ("en-GB", "en"), ("es-AR", "es"), ("fr", "es"), ("fr, en;q=0.5", "en"), ("", "es")],
)
def test_the_front_door_leads_to_the_language_of_the_reader(client, wanted, given):
    answer = client.get("/", headers={"Accept-Language": wanted})

    assert (answer.status_code, answer.location) == (302, f"/{given}/")
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/fr/", "/ES/", "/de/sign-in", "/sign-in"])
def test_there_are_no_pages_in_another_language(client, path):
    assert client.get(path).status_code == 404


def test_the_language_switch_keeps_the_page(client):
    answer = client.get("/en/sign-in?next=/en/people&_external=1&_scheme=ftp")
    switch = [link for link in Page(answer.text).all("a") if link.get("hreflang")]

    assert [(link["hreflang"], link["lang"]) for link in switch] == [("es", "es"), ("pt", "pt"), ("en", "en")]
    assert switch[1]["href"] == "/pt/sign-in?next=/en/people&_external=1&_scheme=ftp"


def test_after_a_form_was_sent_the_language_switch_leads_to_a_page_that_can_be_opened(signed_in_client, add_person):
    person = add_person(Role.OFFICER)
    client = signed_in_client(Role.ADMINISTRATOR)

    answer = client.post(f"/en/people/{person.id}/link")
    switch = [link["href"] for link in Page(answer.text).all("a") if link.get("hreflang")]

    assert [client.get(address).status_code for address in switch] == [200, 200, 200]


def test_the_words_of_a_catalogue_are_on_the_page(make_app, tmp_path):
    catalogue = tmp_path / "translations" / "pt" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\nmsgid "Sign in"\nmsgstr "Entrar"\n'
    )

    app = make_app(TRANSLATIONS=str(tmp_path / "translations"))

    assert "<h1>Entrar</h1>" in app.test_client().get("/pt/sign-in").text
    assert "<h1>Sign in</h1>" in app.test_client().get("/en/sign-in").text


def test_a_moment_is_shown_in_the_zone_of_the_organisation(signed_in_client):
    client = signed_in_client(Role.OFFICER)

    with client:
        client.get("/en/")
        shown = format_datetime(datetime(2026, 1, 2, 1, tzinfo=UTC), "yyyy-MM-dd HH")

    assert shown == "2026-01-01 22"


# Who may do what


def test_every_address_and_method_has_its_row_in_the_policy_and_every_row_its_address(app):
    addresses = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert addresses == {row for row in POLICY if row[0].split(".")[0] in {*app.blueprints, *app.view_functions}}
    assert addresses >= {("accounts.sign_in", "POST"), ("health", "GET")}


def test_an_address_without_a_row_is_refused_to_everybody(app, client, signed_in_client):
    app.add_url_rule("/en/forgotten", "forgotten", lambda: "secret")

    assert client.get("/en/forgotten").status_code == 403
    assert signed_in_client(Role.ADMINISTRATOR).get("/en/forgotten").status_code == 403


def test_a_row_is_not_said_twice_in_two_ways():
    allow("accounts.sign_in", "GET", PUBLIC)

    with pytest.raises(PolicyConflict):
        allow("accounts.sign_in", "GET", Role.OFFICER)
    with pytest.raises(PolicyConflict):
        allow("accounts.nothing", "GET")


def test_nobody_gets_past_a_page_for_people_without_signing_in(app, client):
    private = [row for row, callers in POLICY.items() if PUBLIC not in callers and row[0] in app.view_functions]
    form = {"data": {"csrf_token": client.form_token()}, "headers": {"Referer": "https://localhost/"}}

    answers = {row: client.open(_address(app, *row), method=row[1], **form) for row in private}

    assert private
    assert {row: answer.status_code for row, answer in answers.items()} == dict.fromkeys(private, 303)
    assert {answer.location.split("?")[0] for answer in answers.values()} == {"/en/sign-in"}


def _address(app, endpoint, method):
    """An address that leads to this endpoint, whether or not there is anything there."""
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if method in rule.methods)
    kinds = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1, "AnyConverter": "en"}
    values = {name: kinds.get(type(kind).__name__, "x") for name, kind in rule._converters.items()}
    return app.url_map.bind("localhost").build(endpoint, values, method=method)


def test_nothing_is_posted_without_the_token_of_a_page(app, client):
    posts = [rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods]

    answers = {endpoint: client.post(_address(app, endpoint, "POST"), token=False) for endpoint in posts}

    assert posts
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(posts, 400)


def test_a_request_that_reads_cannot_write(app):
    with app.test_request_context("/en/"), pytest.raises(WriteDuringRead), transaction():
        pass


# Answers


@pytest.mark.parametrize("code", sorted(ERROR_PAGES))
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_error_has_a_page_in_the_language_of_the_reader(app, client, code, language):
    app.add_url_rule(f"/{language}/wrong", "wrong", lambda: abort(code))
    app.view_functions["front_door"] = app.view_functions["wrong"]

    answer = client.get("/", headers={"Accept-Language": language})

    assert answer.status_code == code
    assert f'<html lang="{language}">' in answer.text
    assert _faults(answer.text) == []


def test_a_fault_of_ours_tells_nothing_of_how_we_are_made(make_app):
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    app.view_functions["front_door"] = lambda: 1 / 0

    answer = app.test_client().get("/")

    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


ANSWERS = ["/", "/en/", "/en/sign-in", "/en/people", "/en/nowhere", "/static/style.css", "/static/none", "/healthz"]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_the_headers_that_protect_it(client, path):
    answer = client.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_page_for_somebody_signed_in_is_kept_by_no_cache(signed_in_client):
    client = signed_in_client(Role.ADMINISTRATOR)

    kept = {path: client.get(path).headers["Cache-Control"] for path in ("/en/", "/en/people", "/en/nowhere")}

    assert set(kept.values()) == {"no-store"}
    assert "Cookie" in client.get("/en/").headers["Vary"]
    assert client.get("/static/style.css").headers["Cache-Control"].startswith("public")


def test_the_cookie_is_for_this_host_and_out_of_reach_of_scripts(client):
    cookie = client.get("/en/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_host_that_is_not_ours_is_not_answered(client):
    answer = client.get("/en/", base_url="https://evil.example")

    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_too_large_is_not_read(client):
    token = client.form_token()
    small = client.post("/en/sign-in", data={"csrf_token": token, "email": "x" * 1_000_000})
    large = client.post("/en/sign-in", data={"csrf_token": token, "email": "x" * 3_000_000})

    assert small.status_code == 422
    assert large.status_code == 413


def test_health_is_told_while_the_database_answers(client):
    assert client.get("/healthz").text == "ok\n"


def test_no_page_asks_another_site_for_anything(client):
    for page in ("/en/", "/en/sign-in"):
        loaded = [a.get("src") or a.get("href") for a in Page(client.get(page).text).all("link", "img", "script")]
        assert loaded
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    assert "http" not in re.sub(r'attr\(href\)|href\^="http"', "", (ROOT / "static" / "style.css").read_text())


def test_every_file_a_page_or_a_style_names_is_there(client):
    page = Page(client.get("/en/").text)
    named = [a.get("src") or a["href"] for a in page.all("link", "img")]
    named += [f"/static/{name}" for name in re.findall(r'url\("([^"]+)"\)', (ROOT / "static/style.css").read_text())]

    assert [address for address in named if client.get(address).status_code != 200] == []


# Starting


SAFE = {"SECRET_KEY": "0123456789abcdef" * 2, "TRUSTED_HOSTS": ["city.example"], "DEMONSTRATION": False}


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must have"),
        ({"SECRET_KEY": "0123456789abcdef"}, "SECRET_KEY must have"),
        ({"SECRET_KEY": "secret" * 8}, "SECRET_KEY must be random"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS"),
        ({"DEBUG": True}, "debug"),
    ],
)
def test_the_site_does_not_start_unsafe(database_url, make_app, settings, fault):
    with pytest.raises(UnsafeSettings, match=fault):
        serving({**SAFE, "DATABASE_URL": database_url, **settings})

    answer = make_app(**{**SAFE, "TRUSTED_HOSTS": ["localhost"], **settings}).test_client().get("/en/")
    assert answer.status_code == 503


def test_the_site_starts_safe(database_url):
    app = serving({**SAFE, "DATABASE_URL": database_url})

    app.extensions["engine"].dispose()


def test_the_site_does_not_start_on_a_database_that_was_not_migrated(tmp_path):
    with pytest.raises(UnsafeSettings, match="newest revision"):
        serving({**SAFE, "DATABASE_URL": f"sqlite:///{tmp_path}/new/library.sqlite"})


def test_the_site_does_not_start_where_a_guard_is_gone(sqlite_engine):
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_entries_no_delete")

    with pytest.raises(UnsafeSettings, match="rows of ledger_entries could be changed"):
        serving({**SAFE, "DATABASE_URL": sqlite_engine.url.render_as_string(hide_password=False)})


def test_a_demonstration_answers_only_this_machine(make_app):
    client = make_app(DEMONSTRATION=True, SECRET_KEY="x", TRUSTED_HOSTS=["localhost"]).test_client()

    here = [client.get("/en/", environ_overrides={"REMOTE_ADDR": peer}).status_code for peer in ("127.0.0.1", "::1")]
    elsewhere = [
        client.get("/en/", environ_overrides={"REMOTE_ADDR": peer}).status_code
        for peer in ("192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "")
    ]

    assert here == [200, 200]
    assert set(elsewhere) == {403}


def test_the_command_line_needs_no_settings(monkeypatch, tmp_path):
    for name in ("SECRET_KEY", "TRUSTED_HOSTS", "DEMONSTRATION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/library.sqlite")
    app = create_app()

    migrated = app.test_cli_runner().invoke(args=["migrate"])
    served = app.test_cli_runner().invoke(args=["serve"])
    app.extensions["engine"].dispose()

    assert migrated.exit_code == 0
    assert served.exit_code == 1
    assert "SECRET_KEY" in served.output


@pytest.mark.parametrize("fault", [OperationalError("SELECT 1", {}, Exception("database is locked")), PoolTimeout()])
def test_a_database_that_does_not_answer_gives_a_page_that_says_to_try_again(app, client, monkeypatch, fault):
    def refuse() -> None:
        raise fault

    monkeypatch.setitem(app.view_functions, "home", refuse)

    answer = client.get("/en/")

    assert answer.status_code == 503
    assert "<h1" in answer.text
    assert "SELECT" not in answer.text
