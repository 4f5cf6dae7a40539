"""The application: settings, database, languages, answers to everything that goes wrong, and the rooms.

Started three ways: `flask --app app COMMAND` for the command line, which needs no settings; `flask --app app serve`
and `app:serving()` for the web, which refuse to start unsafe.
"""

import hashlib
import io
import ipaddress
import logging
import os
import secrets
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004  # the pool's, raised when it stays empty
from waitress import serve as serve_with_waitress
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BuildError
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from accounts.commands import organisations, people
from accounts.demonstration import set_up_demonstration
from accounts.people import NotFound, TooManyAttempts
from accounts.policy import PUBLIC, allow, enforce, permits
from accounts.signed_in import signed_in
from accounts.views import accounts
from clause_library.commands import library
from clause_library.store import enter_edition
from clause_library.views import clause_library
from database import connect, current_engine, is_migrated, migrate, missing_guards, reading, transaction
from exports.commands import tender_group
from exports.views import exports
from procurement.commands import assess_command
from procurement.views import procurement
from publication.views import publication

# What the other rooms add: their blueprints, their commands, and their place in the navigation.
BLUEPRINTS: tuple[Blueprint, ...] = (accounts, procurement, clause_library, exports, publication)
COMMANDS: tuple[click.Command, ...] = (organisations, people, assess_command, tender_group, library)
NAVIGATION = (
    (_("Tenders"), "procurement.tenders"),
    (_("Published tenders"), "publication.tenders"),
    (_("Clause library"), "clause_library.library"),
    (_("People"), "accounts.people"),
)

LANGUAGES = {"es": "Español", "pt": "Português", "en": "English"}
SHORTEST_KEY = 32
FEWEST_DIFFERENT = 10
FORM_TYPES = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
LARGEST_REQUEST = 2 * 1024 * 1024
ERROR_PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

log = logging.getLogger("app")


class UnsafeSettings(Exception):
    """The site must not be served like this."""


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application, with settings from the environment and those given here over them.

    DATABASE_URL, SECRET_KEY, DEMONSTRATION (1 or 0), TRUSTED_HOSTS (comma-separated), PROXIES (how many are in front).
    """
    app = Flask(__name__)
    app.config.from_mapping(_from_environment(app))
    app.config.from_mapping(settings or {})
    _set_cookies(app)
    connect(app, app.config["DATABASE_URL"])
    if app.config["PROXIES"]:
        count = app.config["PROXIES"]
        # Replacing the method is how Flask says to do it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    _set_languages(app)
    Bootstrap5(app)
    app.before_request(_refuse_unsafe)
    app.before_request(_refuse_what_no_page_sends)
    CSRFProtect(app)
    enforce(app)
    _add_pages(app)
    app.after_request(_add_headers)
    for command in (*COMMANDS, migrate_database, prepare, serve):
        app.cli.add_command(command)
    return app


# Settings


def _from_environment(app: Flask) -> dict[str, Any]:
    environment = os.environ
    demonstration = environment.get("DEMONSTRATION", "") in ("1", "true", "yes")
    hosts = [host.strip() for host in environment.get("TRUSTED_HOSTS", "").split(",") if host.strip()]
    return {
        "DATABASE_URL": environment.get("DATABASE_URL") or f"sqlite:///{app.instance_path}/library.sqlite",
        "DEMONSTRATION": demonstration,
        "FILES": environment.get("FILES") or None,
        "SECRET_KEY": environment.get("SECRET_KEY") or (secrets.token_hex() if demonstration else ""),
        "TRUSTED_HOSTS": hosts or (["127.0.0.1", "localhost", "[::1]"] if demonstration else None),
        "PROXIES": int(environment.get("PROXIES") or 0),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "TRANSLATIONS": str(Path(app.root_path) / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "PROVIDE_AUTOMATIC_OPTIONS": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _set_cookies(app: Flask) -> None:
    public = not app.config["DEMONSTRATION"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if public else "session",
        SESSION_COOKIE_SECURE=public,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )


def unsafe_settings(app: Flask) -> tuple[str, ...]:
    """What stands against serving these settings to the world; nothing in a demonstration, which answers only here."""
    if app.config["DEMONSTRATION"]:
        return ()
    faults = {
        f"SECRET_KEY must have at least {SHORTEST_KEY} characters": len(app.config["SECRET_KEY"] or "") < SHORTEST_KEY,
        "SECRET_KEY must be random": len(set(app.config["SECRET_KEY"] or "")) < FEWEST_DIFFERENT,
        "TRUSTED_HOSTS must name the hosts the site is reached under": not app.config["TRUSTED_HOSTS"],
        "debug mode must be off": app.debug,
    }
    return tuple(fault for fault, present in faults.items() if present)


def _refuse_unsafe() -> None:
    if current_app.config["DEMONSTRATION"]:
        if not _is_loopback(request.remote_addr):
            abort(403)
    elif faults := unsafe_settings(current_app):
        log.error("not served: %s", "; ".join(faults))
        abort(503)


def _refuse_what_no_page_sends() -> None:
    """Our forms send named texts, and our addresses hold no sign that nobody can see."""
    if not request.path.isprintable():
        abort(404)
    if request.method == "POST" and request.mimetype not in FORM_TYPES:
        abort(415)
    if request.method == "POST" and (request.files or None in request.form):
        abort(400)


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


# Languages


def _set_languages(app: Flask) -> None:
    babel = Babel(app, default_locale="en", locale_selector=_language, timezone_selector=_time_zone)
    catalogues = Path(app.config["TRANSLATIONS"])
    # Compiled here, so that no binary catalogue is ever out of date.
    with app.app_context():
        kept = babel.domain_instance.cache
    for language in LANGUAGES:
        if (source := catalogues / language / "LC_MESSAGES" / "messages.po").exists():
            kept[language, "messages"] = _catalogue(source, language)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.url_defaults(_give_fingerprint)


def _catalogue(source: Path, language: str) -> Translations:
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _language() -> str:
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "es")


def _time_zone() -> str | None:
    person = signed_in()
    return person.organisation.time_zone if person else None


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("language", None)


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values.setdefault("language", _language())


def _give_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        inside = safe_join(current_app.static_folder or "", values["filename"])
        values.setdefault("v", _fingerprint(Path(inside)) if inside else None)


@cache
def _fingerprint(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None


def _this_page_in(language: str) -> str:
    """The address of this page in another language, or of the first page where this one has no address."""
    try:
        rule = request.url_rule
        if request.endpoint and rule and "language" in rule.arguments and "GET" in (rule.methods or ()):
            query = request.query_string.decode("ascii", "replace")
            address = url_for(request.endpoint, **{**(request.view_args or {}), "language": language})
            return f"{address}?{query}" if query else address
    except BuildError:
        pass
    return f"/{language}/"


# Pages


def _add_pages(app: Flask) -> None:
    app.add_url_rule("/", "front_door", _front_door)
    app.add_url_rule("/healthz", "health", _health)
    app.add_url_rule("/<any(es, pt, en):language>/", "home", _home)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix="/<any(es, pt, en):language>")
    app.register_error_handler(NotFound, lambda _error: _error_page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(TooManyAttempts, lambda _error: _error_page(HTTPStatus.TOO_MANY_REQUESTS))
    for out_of_reach in (OperationalError, TimeoutError):
        app.register_error_handler(out_of_reach, _database_out_of_reach)
    app.register_error_handler(HTTPException, _error_answer)
    app.context_processor(_for_every_page)


for endpoint in ("front_door", "health", "home"):
    allow(endpoint, "GET", PUBLIC)


def _front_door() -> ResponseReturnValue:
    answer = redirect(f"/{_language()}/")
    answer.vary.add("Accept-Language")
    return answer


def _home() -> str:
    return render_template("home.html")


def _health() -> ResponseReturnValue:
    with reading() as session:
        session.execute(text("SELECT 1"))
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


def _for_every_page() -> dict[str, Any]:
    return {
        "languages": LANGUAGES,
        "language": _language(),
        "this_page_in": _this_page_in,
        "signed_in": signed_in,
        "navigation": _navigation,
        "demonstration": current_app.config["DEMONSTRATION"],
    }


def _navigation() -> list[tuple[str, str, bool]]:
    person = signed_in()
    return [
        (str(label), url_for(endpoint), endpoint == request.endpoint)
        for label, endpoint in NAVIGATION
        if endpoint in current_app.view_functions and permits(endpoint, "GET", person)
    ]


def _error_answer(error: HTTPException) -> ResponseReturnValue:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if isinstance(error, SecurityError):
        # Under a host that is not ours no address can be written, so this page has no links.
        page, status = render_template("errors/host.html"), code
    else:
        page, status = _error_page(code, expired=isinstance(error, CSRFError))
    answer = error.get_response()
    answer.set_data(page)
    answer.content_type = "text/html; charset=utf-8"
    answer.status_code = status
    return answer


def _database_out_of_reach(error: Exception) -> tuple[str, int]:
    log.error("the database did not answer", exc_info=error)
    return _error_page(HTTPStatus.SERVICE_UNAVAILABLE)


def _error_page(code: int, *, expired: bool = False) -> tuple[str, int]:
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Whatever failed may be the database: do not ask it again who is signed in.
        g.person = None
    nearest = HTTPStatus.BAD_REQUEST if code < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.INTERNAL_SERVER_ERROR
    page = code if code in ERROR_PAGES else nearest
    return render_template(f"errors/{int(page)}.html", expired=expired), code


def _add_headers(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if not current_app.config["DEMONSTRATION"]:
        answer.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint in ("static", "bootstrap.static"):
        lasting = "v" in request.args and answer.status_code == HTTPStatus.OK
        answer.headers["Cache-Control"] = f"public, max-age={31536000 if lasting else 3600}"
    elif g.get("person") is not None or "sign_in" in session:
        answer.headers["Cache-Control"] = "no-store"
    else:
        answer.headers.setdefault("Cache-Control", "no-cache")
    return answer


# Starting


def serving(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application for a web server. Raises UnsafeSettings rather than serve it."""
    app = create_app(settings)
    _refuse_to_start(app)
    return app


def _refuse_to_start(app: Flask) -> None:
    faults = list(unsafe_settings(app))
    engine = app.extensions["engine"]
    if not is_migrated(engine):
        faults.append("the database is not at the newest revision: run `flask --app app migrate`")
    else:
        with reading(engine) as session:
            faults += [f"rows of {table} could be changed" for table in missing_guards(session.connection())]
    if faults:
        engine.dispose()
        raise UnsafeSettings("; ".join(faults))


@click.command("migrate")
@with_appcontext
def migrate_database() -> None:
    """Bring the database to the newest revision."""
    migrate(current_engine())


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Make the database ready: the newest revision, the shipped edition, and in a demonstration its people."""
    migrate(current_engine())
    with transaction() as session:
        enter_edition(session)
        if current_app.config["DEMONSTRATION"]:
            set_up_demonstration(session)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@pass_script_info
def serve(info: ScriptInfo, host: str, port: int, threads: int) -> None:
    """Serve the site; refuses to start unsafe."""
    app = info.load_app()
    try:
        _refuse_to_start(app)
    except UnsafeSettings as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"http://{host}:{port}/")
    serve_with_waitress(app, host=host, port=port, threads=threads, ident=None)
