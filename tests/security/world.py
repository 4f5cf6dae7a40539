"""Two cities with people of every role and tenders in every state, and every address of the site with sound arguments.

`ROWS` is written apart from the policy of the site on purpose: it says who should be able to do what, so that a row
of the policy that is too wide, too narrow or missing shows.
"""

import json
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts import sign_ins
from accounts import store as people_store
from accounts.people import Organisation, new_id
from accounts.roles import Role
from accounts.signed_in import KEPT_AS
from app import create_app
from clause_library import store as library_store
from clause_library.releases import shipped_library
from database import reading, transaction
from procurement import store
from procurement.draft import CLAUSE, CONFLICT, TIER, ground
from procurement.store import Change
from procurement.worked import worked_purchases
from publication import store as publication_store
from publication.publishing import digest, prepare

SITE = "https://localhost"
SETTINGS = {
    "TESTING": True,
    "DEMONSTRATION": False,
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "TRUSTED_HOSTS": ["localhost"],
}
ROLES = tuple(role.value for role in Role)
OFFICER, REVIEWER, APPROVER, ADMINISTRATOR = ROLES
NOBODY = "nobody"
CALLERS = (NOBODY, *ROLES)
EVERYBODY = frozenset(CALLERS)
PEOPLE = frozenset(ROLES)
READERS = frozenset({OFFICER, REVIEWER, APPROVER})
WRITERS = frozenset({OFFICER})
EDITORS = frozenset({REVIEWER})
JUDGES = frozenset({REVIEWER, APPROVER})
ADMINISTRATORS = frozenset({ADMINISTRATOR})

HOME, ELSEWHERE = "home", "elsewhere"
READY, UNDECIDED, STOPPED, PUBLISHED = "ready", "undecided", "stopped", "published"
CITIES = {HOME: "A City", ELSEWHERE: "Another City"}
LINK = "a-link-for-choosing-a-password"
CLAUSE_ID, EDITED_CLAUSE, DROPPED_CLAUSE = "EXP-02", "EXP-02", "DQ-01"
CONFLICT_ID, STEP = "low-capacity-high-tier", 9
PARTICULARS = {
    "title": "Asistente de redacción",
    "reference": "EX-2026/7",
    "buyer": "Ciudad de Prueba",
    "date": "2026-11-20",
    "bids_until": "2026-12-20",
}
PARAMETERS = {
    "primary_metric": "precision",
    "primary_metric_threshold": "90",
    "consumption_cap": "1000",
    "max_false_positive_rate": "2",
    "max_false_negative_rate": "2",
}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE|VACUUM)\b", re.IGNORECASE)


# Making the world


def draft_entries(worked: str, **more: Any) -> dict[tuple[str, str], Any]:
    """The entries of a worked purchase that has everything publishing needs; `more` as kind__subject=value."""
    entries: dict[tuple[str, str], Any] = {
        ("answer", name): value for name, value in worked_purchases()[worked].answers_in("es").items()
    }
    entries |= {("particular", name): value for name, value in PARTICULARS.items()}
    entries |= {("parameter", name): value for name, value in PARAMETERS.items()}
    given = {tuple(name.split("__")): value for name, value in more.items()}
    return entries | {(kind, subject): value for (kind, subject), value in given.items()}


def proposed_texts(clause_id: str = EDITED_CLAUSE, **changed: str) -> dict[str, Any]:
    """The texts of a clause of the edition with another title in each language."""
    texts = json.loads(json.dumps(shipped_library().texts[clause_id]))
    for language, text in texts.items():
        text["title"] = changed.get(language, text["title"] + " *")
    found: dict[str, Any] = texts
    return found


def make_world(address: str, files: Path) -> dict[str, Any]:
    """Fill a migrated, empty database; gives every id and token that was made."""
    app = create_app({**SETTINGS, "DATABASE_URL": address, "FILES": str(files)})
    engine = app.extensions["engine"]
    made: dict[str, Any] = {}
    with transaction(engine) as session:
        library_store.enter_edition(session)
        made["cities"] = {name: _city(session, name, title) for name, title in CITIES.items()}
    with app.app_context(), transaction(engine) as session:
        made["proposal"] = _propose(session, made["cities"][HOME]["people"]["author"]["id"])
    for city in made["cities"].values():
        with app.app_context():
            city["tenders"] = _tenders(engine, files, city)
    engine.dispose()
    return made


def _city(session: Session, name: str, title: str) -> dict[str, Any]:
    city = people_store.add_organisation(
        session,
        Organisation(
            id=new_id(),
            name=title,
            identifier=name.upper(),
            jurisdiction="AR-CABA",
            time_zone="America/Argentina/Buenos_Aires",
            number_series="TEST",
            tier_public=True,
        ),
    )
    people = {role: _person(session, city.id, name, role, Role(role)) for role in ROLES}
    people["author"] = _person(session, city.id, name, "author", Role.REVIEWER)
    people["colleague"] = _person(session, city.id, name, "colleague", Role.OFFICER)
    return {"id": city.id, "people": people}


def _person(session: Session, city_id: str, city: str, name: str, role: Role) -> dict[str, str]:
    person = people_store.add_person(
        session, organisation_id=city_id, email=f"{name}@{city}.example", name=f"The {name}", role=role
    )
    link = people_store.give_link(session, person.id) if name == "colleague" else ""
    return {"id": person.id, "token": sign_ins.open_sign_in(session, person.id), "link": link}


def _propose(session: Session, author_id: str) -> dict[str, str]:
    made = library_store.propose(
        session,
        clause_id=EDITED_CLAUSE,
        base_hash=shipped_library().clauses[EDITED_CLAUSE].hash,
        texts=proposed_texts(),
        reason="It reads better",
        author_id=author_id,
    )
    return {"id": made.id, "content_hash": made.content_hash}


def _tenders(engine: Engine, files: Path, city: Mapping[str, Any]) -> dict[str, Any]:
    officer = city["people"][OFFICER]["id"]
    shapes = {
        READY: draft_entries("S11", answer__tender_languages=["es"]),
        UNDECIDED: draft_entries("S02", answer__supervision_capacity="low"),
        STOPPED: draft_entries("S05"),
        PUBLISHED: draft_entries("S11", answer__tender_languages=["es"]),
    }
    with transaction(engine) as session:
        ids = {
            name: store.start(session, organisation_id=city["id"], person_id=officer, entries=entries)
            for name, entries in shapes.items()
        }
    with transaction(engine) as session:
        found = store.draft(session, city["id"], ids[UNDECIDED], for_update=True)
        grounds = _decide(session, found, officer)
    return ids | {"ground": grounds} | {"page": publish(engine, files, city["id"], officer, ids[PUBLISHED])}


def _decide(session: Session, found: Any, officer: str) -> str:
    """A lower tier that waits for approval, and a clause left out."""
    computed = found.assessment
    rests_on = {
        kind: ground(found.library, computed, kind, name) for kind, name in ((TIER, TIER), (CLAUSE, DROPPED_CLAUSE))
    }
    store.save(session, found, TIER, {TIER: Change({"tier": 2, "reason": "Webcam only"}, 0, rests_on[TIER])}, officer)
    out = {"way": "out", "reason": "No data of ours"}
    store.save(session, found, CLAUSE, {DROPPED_CLAUSE: Change(out, 0, rests_on[CLAUSE])}, officer)
    return rests_on[TIER]


def publish(engine: Engine, files: Path, city_id: str, officer: str, tender_id: str) -> str:
    """Publish a tender; gives the id of its page."""
    from exports.storage import Storage  # noqa: PLC0415  # the folder is this test's own

    with reading(engine) as session:
        found = store.draft(session, city_id, tender_id)
        organisation = people_store.organisation(session, _identifier(session, city_id))
    prepared = prepare(found.drawn_up(), organisation)
    for made in prepared.files:
        Storage(files).keep(made.content)
    with transaction(engine) as session:
        found = store.draft(session, city_id, tender_id, for_update=True)
        return publication_store.publish(session, found, prepared, officer)


def _identifier(session: Session, city_id: str) -> str:
    return next(one.identifier for one in people_store.organisations(session) if one.id == city_id)


# Using it


@dataclass
class World:
    """A copy of the world that one module of tests uses, and puts back as it was after each change."""

    app: Flask
    made: dict[str, Any]
    template: Path
    path: Path
    writes: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, template: Path, made: dict[str, Any], folder: Path, **settings: Any) -> "World":
        """A copy of the world in a folder of its own."""
        path = folder / "library.sqlite"
        shutil.copy(template / "library.sqlite", path)
        shutil.copytree(template / "files", folder / "files")
        return cls._at(f"sqlite:///{path}", folder, deepcopy(made), template, path, settings)

    @classmethod
    def at(cls, address: str, folder: Path, **settings: Any) -> "World":
        """A world made anew in a migrated, empty database, which is never put back."""
        made = make_world(address, folder / "files")
        return cls._at(address, folder, made, folder, folder, settings)

    @classmethod
    def _at(  # each says where something is
        cls, address: str, folder: Path, made: dict[str, Any], template: Path, path: Path, settings: Mapping[str, Any]
    ) -> "World":
        app = create_app({**SETTINGS, "DATABASE_URL": address, "FILES": str(folder / "files"), **settings})
        world = cls(app, made, template, path)
        event.listen(world.engine, "before_cursor_execute", world._seen)
        return world

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["engine"]
        return engine

    def _seen(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if WRITES.match(statement):
            self.writes.append(statement)

    def close(self) -> None:
        self.engine.dispose()

    def put_back(self) -> None:
        """Everything as it was before the first change."""
        self.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copy(self.template / "library.sqlite", self.path)
        self.writes.clear()

    def content(self) -> str:
        """What the database and the files hold, hashed."""
        with self.engine.connect() as connection:
            held = sha256(connection.connection.dbapi_connection.serialize())
        for file in sorted((self.path.parent / "files").rglob("*")):
            held.update(str(file).encode() + (file.read_bytes() if file.is_file() else b""))
        return held.hexdigest()

    def person(self, name: str, city: str = HOME) -> str:
        found: str = self.made["cities"][city]["people"][name]["id"]
        return found

    def tender(self, shape: str, city: str = HOME) -> str:
        found: str = self.made["cities"][city]["tenders"][shape]
        return found

    def page(self, city: str = HOME) -> str:
        """The id of the page of the published tender."""
        return self.tender("page", city)

    def draft(self, tender_id: str, city: str = HOME) -> Any:
        with reading(self.engine) as session:
            return store.draft(session, self.made["cities"][city]["id"], tender_id)

    def headers(self, caller: str, city: str = HOME) -> dict[str, str]:
        """What the browser of this person sends with each request."""
        kept = {"csrf_token": self._raw_token}
        if caller != NOBODY:
            kept[KEPT_AS] = self.made["cities"][city]["people"][caller]["token"]
        serializer: Any = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"Cookie": f"{name}={serializer.dumps(kept)}", "Referer": f"{SITE}/"}

    @cached_property
    def _raw_token(self) -> str:
        return secrets.token_hex(20)

    @cached_property
    def token(self) -> str:
        """The token of a form, good for every browser of this world."""
        made = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(self._raw_token)
        return str(made)

    def ask(
        self, caller: str, method: str, address: str, form: Any = None, *, city: str = HOME, **more: Any
    ) -> TestResponse:
        """One request as this person sends it; a form goes with its token. Nothing is followed."""
        options = {"method": method, "headers": self.headers(caller, city) | more.pop("headers", {})}
        if method == "POST" and isinstance(form, (dict, type(None))) and "data" not in more:
            options["data"] = {"csrf_token": self.token, **(form or {})}
        elif form is not None:
            options["data"] = form
        client = self.app.test_client(use_cookies=False)
        answer: TestResponse = client.open(address, base_url=SITE, buffered=True, **options | more)
        return answer

    def address(self, endpoint: str, values: Mapping[str, Any], language: str = "en", method: str | None = None) -> str:
        rules = self.app.url_map.iter_rules(endpoint)
        known = {"language": language} if any("language" in rule.arguments for rule in rules) else {}
        made: str = self.app.url_map.bind("localhost").build(endpoint, {**known, **values}, method=method)
        return made


# Every address, who may use it, and sound arguments

Form = Callable[[World, Any], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """An address and a method: who may, its arguments, and what a sound form sends.

    `shape` is the state of the tender it makes sense for. `status` is the answer to whoever may, `published` that on
    a published tender.
    """

    endpoint: str
    method: str
    callers: frozenset[str]
    values: Callable[[World], dict[str, Any]] = lambda _world: {}
    form: Form = lambda _world, _tender: {}
    shape: str = ""
    status: int = 200
    published: int = 200

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"


def _gets(callers: frozenset[str], *endpoints: str, **more: Any) -> list[Row]:
    return [Row(endpoint, "GET", callers, **more) for endpoint in endpoints]


def _of_tender(name: str, callers: frozenset[str] = READERS, shape: str = UNDECIDED, **more: Any) -> Row:
    endpoint = name if "." in name else f"procurement.{name}"
    return Row(endpoint, "GET", callers, shape=shape, **more)


def _act(name: str, form: Form, callers: frozenset[str] = WRITERS, shape: str = UNDECIDED, **more: Any) -> Row:
    endpoint = name if "." in name else f"procurement.{name}"
    return Row(endpoint, "POST", callers, shape=shape, form=form, status=303, published=409, **more)


def _fixed(**values: Any) -> Callable[[World], dict[str, Any]]:
    return lambda _world: values


def _entries(kind: str, **typed: Any) -> Form:
    def form(_world: World, tender: Any) -> dict[str, Any]:
        return typed | {f"revision-{name}": str(tender.entry(kind, name).revision) for name in typed}

    return form


def _decision(kind: str, subject: str, prefix: str, /, **typed: str) -> Form:
    def form(_world: World, tender: Any) -> dict[str, Any]:
        sent = {"revision": str(tender.entry(kind, subject).revision), "reason": "Because it is so"} | typed
        return {f"{prefix}{name}": value for name, value in sent.items()}

    return form


def _approval(world: World, tender: Any) -> dict[str, Any]:
    return {
        "approval-revision": str(tender.entry(TIER, TIER).revision),
        "approval-ground": tender.entry(TIER, TIER).ground or world.tender("ground"),
    }


def _newest(world: World, _tender: Any) -> dict[str, Any]:
    with reading(world.engine) as session:
        return {"release": library_store.newest_release(session).hash}


def edit_form(_world: World | None = None, _tender: Any = None, **typed: str) -> dict[str, str]:
    """What a browser sends for the form of a clause with another title in each language."""
    sent = {"base_hash": shipped_library().clauses[EDITED_CLAUSE].hash, "reason": "It reads better so"}
    for language, text in proposed_texts(es="Otro título", pt="Outro título", en="Another title").items():
        sent |= {f"{language}-title": text["title"], f"{language}-summary": text["summary"]}
        for name, parts in text["requirements"].items():
            sent |= {f"{language}-{name}-{part}": written for part, written in parts.items()}
    return sent | typed


def _proposal(world: World) -> dict[str, Any]:
    return {"proposal_id": UUID(world.made["proposal"]["id"])}


def _link(world: World) -> dict[str, Any]:
    return {"link": world.made["cities"][HOME]["people"]["colleague"]["link"]}


def _person_here(world: World) -> dict[str, Any]:
    return {"person_id": world.person("colleague")}


PASSWORDS = {"new_password": "a long enough password", "repeated": "a long enough password"}
ROWS: tuple[Row, ...] = (
    Row("front_door", "GET", EVERYBODY, status=302),
    *_gets(EVERYBODY, "health", "home", "accounts.sign_in", "publication.tenders", "publication.verify"),
    *_gets(EVERYBODY, "clause_library.library", "clause_library.releases"),
    *_gets(EVERYBODY, "clause_library.release", "clause_library.release_file", values=_fixed(number=1)),
    *_gets(EVERYBODY, "clause_library.description", values=_fixed(subject="coverage")),
    *_gets(EVERYBODY, "clause_library.release_description", values=_fixed(number=1, subject="questions")),
    Row("static", "GET", EVERYBODY, _fixed(filename="style.css")),
    Row("bootstrap.static", "GET", EVERYBODY, _fixed(filename="css/bootstrap.min.css")),
    Row("clause_library.clause", "GET", EVERYBODY, _fixed(clause_id=CLAUSE_ID)),
    Row("clause_library.version", "GET", EVERYBODY, _fixed(clause_id=CLAUSE_ID, number=1)),
    Row("publication.tender", "GET", EVERYBODY, lambda world: {"published_id": UUID(world.page())}),
    Row(
        "publication.file",
        "GET",
        EVERYBODY,
        lambda world: {"published_id": UUID(world.page()), "name": "tender-es.docx"},
    ),
    Row(
        "accounts.sign_in",
        "POST",
        EVERYBODY,
        form=lambda _world, _tender: {"email": "officer@home.example", "password": "not the password"},
        status=422,
    ),
    # There are no people of the demonstration in production.
    Row(
        "accounts.sign_in_to_demonstration",
        "POST",
        EVERYBODY,
        form=lambda world, _tender: {"person": world.person(ADMINISTRATOR)},
        status=404,
    ),
    Row("accounts.sign_out", "POST", EVERYBODY, status=303),
    Row("accounts.choose_password", "GET", EVERYBODY, _link),
    Row("accounts.choose_password", "POST", EVERYBODY, _link, lambda _world, _tender: dict(PASSWORDS), status=303),
    Row("accounts.change_password", "GET", PEOPLE),
    Row(
        "accounts.change_password",
        "POST",
        PEOPLE,
        form=lambda _world, _tender: {"password": "not the password", **PASSWORDS},
        status=422,
    ),
    *_gets(ADMINISTRATORS, "accounts.people", "accounts.add_person"),
    Row("accounts.person", "GET", ADMINISTRATORS, _person_here),
    Row(
        "accounts.add_person",
        "POST",
        ADMINISTRATORS,
        form=lambda _world, _tender: {"name": "Somebody new", "email": "new@home.example", "role": REVIEWER},
    ),
    Row(
        "accounts.person",
        "POST",
        ADMINISTRATORS,
        _person_here,
        lambda _world, _tender: {"role": REVIEWER, "active": "y"},
        status=303,
    ),
    Row("accounts.give_link", "POST", ADMINISTRATORS, _person_here),
    *_gets(PEOPLE, "clause_library.proposals"),
    Row("clause_library.proposal", "GET", PEOPLE, _proposal),
    Row("clause_library.edit", "GET", EDITORS, _fixed(clause_id=EDITED_CLAUSE)),
    Row("clause_library.edit", "POST", EDITORS, _fixed(clause_id=EDITED_CLAUSE), edit_form, status=303),
    Row(
        "clause_library.approve",
        "POST",
        JUDGES,
        _proposal,
        lambda world, _tender: {"read_hash": world.made["proposal"]["content_hash"]},
        status=303,
    ),
    Row("clause_library.reject", "POST", JUDGES, _proposal, status=303),
    # Only whoever wrote it withdraws it, whatever their role.
    Row("clause_library.withdraw", "POST", JUDGES, _proposal, status=403),
    *_gets(READERS, "procurement.tenders"),
    *_gets(WRITERS, "procurement.new"),
    Row("procurement.start", "POST", WRITERS, form=lambda _world, _tender: {"title": "A purchase"}, status=303),
    _of_tender("tender"),
    _of_tender("answers"),
    _of_tender("risk"),
    _of_tender("selection"),
    _of_tender("burden"),
    _of_tender("particulars"),
    _of_tender("parameters"),
    _of_tender("release"),
    _of_tender("step", values=_fixed(step=STEP)),
    _of_tender("clause", values=_fixed(clause_id=CLAUSE_ID)),
    _of_tender("exports.preview"),
    _of_tender("exports.draft_file", values=_fixed(name="checklist.xlsx"), published=404),
    _of_tender("exports.stop_file", shape=STOPPED, values=_fixed(name="stop.docx"), published=303),
    _of_tender("publication.publish", WRITERS, READY, published=303),
    _act("particulars", _entries("particular", title="Another title", lots="One lot")),
    _act("step", _entries("answer", pilot="yes"), values=_fixed(step=STEP)),
    _act("parameters", _entries("parameter", consumption_cap="2000"), shape=READY),
    _act("release", _newest),
    _act("clause", _decision(CLAUSE, CLAUSE_ID, ""), values=_fixed(clause_id=CLAUSE_ID)),
    _act("conflict", _decision(CONFLICT, CONFLICT_ID, f"{CONFLICT_ID}-"), values=_fixed(conflict=CONFLICT_ID)),
    _act("tier", _decision(TIER, TIER, "tier-", tier="4")),
    _act("tier_approval", _approval, frozenset({APPROVER})),
    _act("withdrawal", _decision(CLAUSE, DROPPED_CLAUSE, "", kind=CLAUSE, subject=DROPPED_CLAUSE)),
    _act("form", _decision("form", "form", "", form="full")),
    _act("publication.publish", lambda _world, tender: {"confirmed": "y", "read": digest(tender)}, shape=READY),
)
TENDER_ROWS = tuple(row for row in ROWS if row.shape)
OTHER_ROWS = tuple(row for row in ROWS if not row.shape)
GETS = tuple(row for row in ROWS if row.method == "GET")
POSTS = tuple(row for row in ROWS if row.method == "POST")


def fired(world: World, row: Row, caller: str, tender_id: str = "", *, city: str = HOME, **more: Any) -> TestResponse:
    """The answer to a sound request, `form` and other options as in `World.ask`. `city` is that of the tender."""
    values = row.values(world) | ({"tender_id": UUID(tender_id)} if tender_id else {})
    address = world.address(row.endpoint, values, method=row.method)
    form = more.pop("form", None) or (sound_form(world, row, tender_id, city) if row.method == "POST" else None)
    world.writes.clear()
    return world.ask(caller, row.method, address, form, **more)


def sound_form(world: World, row: Row, tender_id: str = "", city: str = HOME) -> dict[str, Any]:
    """What whoever may would send, also for a tender that is not there."""
    known = tender_id in world.made["cities"][city]["tenders"].values()
    tender = world.draft(tender_id, city) if known else world.draft(world.tender(row.shape)) if row.shape else None
    return row.form(world, tender)
