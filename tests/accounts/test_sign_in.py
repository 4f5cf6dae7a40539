import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from accounts import sign_ins, store
from accounts.passwords import password_hash
from accounts.roles import Role
from accounts.tables import SignInRow
from database import transaction

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def officer(app, add_person):
    person = add_person(Role.OFFICER, email="officer@city.example")
    with transaction(app.extensions["engine"]) as session:
        store.set_password(session, person.id, password_hash(PASSWORD))
    return person


def _sign_in(client, email="officer@city.example", password=PASSWORD, **fields):
    return client.post("/en/sign-in", data={"email": email, "password": password, **fields})


def _is_signed_in(client) -> bool:
    return client.get("/en/password").status_code == 200


def _cookie(client) -> str:
    return client.get_cookie("__Host-session").value


def _sign_ins(session) -> int:
    return session.scalar(select(func.count()).select_from(SignInRow))


def test_with_the_right_password_an_officer_is_signed_in(client, officer):
    answer = _sign_in(client, email=" Officer@CITY.example")

    assert (answer.status_code, answer.location) == (302, "/en/")
    assert officer.name in client.get("/en/").text


@pytest.mark.usefixtures("officer")
def test_after_signing_in_one_lands_on_the_page_one_wanted(client):
    wanted = client.get("/en/password?from=mail")
    form = client.get(wanted.location)
    next_page = re.search(r'name="next"[^>]*value="([^"]*)"', form.text)[1]

    answer = _sign_in(client, next=next_page)

    assert next_page == "/en/password?from=mail"
    assert answer.location == next_page


@pytest.mark.usefixtures("officer")
def test_after_signing_in_nobody_lands_on_another_site(client):
    assert _sign_in(client, next="//evil.example/").location == "/en/"


@pytest.mark.parametrize(
    ("email", "password"), [("officer@city.example", "not the password"), ("nobody@city.example", PASSWORD)]
)
@pytest.mark.usefixtures("officer")
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, email, password):
    answer = _sign_in(client, email, password)

    assert answer.status_code == 422
    assert "The e-mail address or the password is not right" in answer.text
    assert "<title>Error: " in answer.text
    assert not _is_signed_in(client)


def test_without_a_password_nobody_can_sign_in(client, add_person):
    add_person(Role.OFFICER, email="new@city.example")

    assert _sign_in(client, "new@city.example", "").status_code == 422
    assert _sign_in(client, "new@city.example", "anything at all").status_code == 422


def test_somebody_whose_account_is_closed_cannot_sign_in(app, client, officer, add_person):
    with transaction(app.extensions["engine"]) as session:
        store.change_person(session, add_person(Role.ADMINISTRATOR), role=Role.ADMINISTRATOR, active=True, actor="x")
        store.change_person(session, officer, role=Role.OFFICER, active=False, actor="x")

    assert _sign_in(client).status_code == 422


@pytest.mark.usefixtures("officer")
def test_signing_in_gives_another_cookie_and_ends_the_sign_in_before(client, look):
    _sign_in(client)
    first = _cookie(client)
    _sign_in(client)
    second = _cookie(client)
    client.set_cookie("__Host-session", first)

    assert first != second
    assert not _is_signed_in(client)
    assert look(_sign_ins) == 1


@pytest.mark.usefixtures("officer")
def test_a_form_opened_before_signing_in_cannot_be_sent_afterwards(client):
    before = client.form_token()
    _sign_in(client)

    answer = client.post("/en/sign-out", data={"csrf_token": before})

    assert answer.status_code == 400
    assert _is_signed_in(client)


@pytest.mark.usefixtures("officer")
def test_the_token_in_the_browser_is_not_what_the_database_keeps(client, look):
    _sign_in(client)
    with client.session_transaction(base_url="https://localhost") as kept:
        token = kept["sign_in"]

    kept_hash = look(lambda session: session.scalars(select(SignInRow.token_hash)).one())

    assert len(token) >= 43
    assert token not in kept_hash


@pytest.mark.usefixtures("officer")
def test_after_signing_out_the_cookie_is_good_no_longer(client, look):
    _sign_in(client)
    kept = _cookie(client)
    client.post("/en/sign-out")
    client.set_cookie("__Host-session", kept)

    assert not _is_signed_in(client)
    assert look(_sign_ins) == 0


def test_after_the_password_is_changed_only_this_browser_stays_signed_in(client, officer, signed_in_client):
    elsewhere = signed_in_client(person=officer)
    _sign_in(client)
    before = _cookie(client)

    new = "eight loud lanterns"
    client.post("/en/password", data={"password": PASSWORD, "new_password": new, "repeated": new})
    after = _cookie(client)

    assert _is_signed_in(client)
    assert not _is_signed_in(elsewhere)
    client.set_cookie("__Host-session", before)
    assert before != after
    assert not _is_signed_in(client)
    assert _sign_in(client).status_code == 422
    assert _sign_in(client, password=new).status_code == 302


@pytest.mark.usefixtures("officer")
def test_the_password_is_not_changed_without_the_current_one(client):
    _sign_in(client)

    answer = client.post(
        "/en/password", data={"password": "a guess at it", "new_password": "x" * 12, "repeated": "x" * 12}
    )

    assert "This is not your current password" in answer.text
    assert _sign_in(client).status_code == 302


@pytest.mark.usefixtures("officer")
def test_a_sign_in_ends_after_its_hours(app, client):
    _sign_in(client)
    with transaction(app.extensions["engine"]) as session:
        session.execute(update(SignInRow).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))

    assert not _is_signed_in(client)


def test_a_new_role_is_felt_at_once_and_needs_a_new_sign_in(app, client, officer, add_person):
    add_person(Role.ADMINISTRATOR)
    _sign_in(client)
    with transaction(app.extensions["engine"]) as session:
        store.change_person(session, officer, role=Role.REVIEWER, active=True, actor="x")

    assert not _is_signed_in(client)


@pytest.mark.usefixtures("officer")
def test_too_many_attempts_on_one_account_close_it_for_a_while_even_to_the_right_password(client):
    for _ in range(sign_ins.ATTEMPTS_PER_ACCOUNT):
        assert _sign_in(client, password="not the password").status_code == 422

    answer = _sign_in(client)

    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


@pytest.mark.usefixtures("officer")
def test_attempts_on_an_unknown_account_are_counted_as_well(client):
    answers = [_sign_in(client, "nobody@city.example").status_code for _ in range(sign_ins.ATTEMPTS_PER_ACCOUNT + 1)]

    assert answers[-2:] == [422, 429]


def test_too_many_attempts_from_one_address_are_stopped_whatever_the_account(app):
    def attempt(number: int, address: str) -> None:
        with transaction(app.extensions["engine"]) as session:
            sign_ins.count_attempt(session, f"{number}@city.example", address)

    for number in range(sign_ins.ATTEMPTS_PER_ADDRESS):
        attempt(number, "192.0.2.1")

    with pytest.raises(sign_ins.TooManyAttempts):
        attempt(1000, "192.0.2.1")
    attempt(1000, "192.0.2.2")


@pytest.mark.usefixtures("officer")
def test_signing_in_starts_the_count_again(client):
    for _ in range(2):
        for _ in range(sign_ins.ATTEMPTS_PER_ACCOUNT - 1):
            _sign_in(client, password="not the password")
        assert _sign_in(client).status_code == 302


def test_the_demonstration_is_entered_with_one_click(make_app):
    app = make_app(DEMONSTRATION=True)
    app.test_cli_runner().invoke(args=["people", "demonstration"])
    client = app.test_client()
    ids = re.findall(r'name="person" value="([^"]+)"', client.get("/en/sign-in").text)

    answer = client.post("/en/sign-in/demonstration", data={"person": ids[0]})

    assert len(ids) == len(Role)
    assert answer.status_code == 303
    assert "Compras (demo)" in client.get("/en/").text


def test_in_production_nobody_enters_with_one_click(app, client, officer):
    app.test_cli_runner().invoke(args=["people", "demonstration"])

    answer = client.post("/en/sign-in/demonstration", data={"person": officer.id})

    assert answer.status_code == 404
    assert "One click" not in client.get("/en/sign-in").text


def test_only_people_of_the_demonstration_are_entered_with_one_click(make_app, officer):
    demonstration = make_app(DEMONSTRATION=True)

    answer = demonstration.test_client().post("/en/sign-in/demonstration", data={"person": officer.id})

    assert answer.status_code == 404
