import re

import pytest
from sqlalchemy import select

from accounts import store
from accounts.people import NotFound
from accounts.roles import Role
from ledger.tables import LedgerEntry

PASSWORD = "seven quiet lanterns"
NEW = {"name": "A colleague", "email": "colleague@city.example", "role": "reviewer"}


def _kinds(session) -> list[str]:
    return list(session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq)))


def _link(page) -> str:
    return re.search(r"https://localhost(/en/password/[\w-]+)", page.text)[1]


def _choose(client, link, password=PASSWORD):
    return client.post(link, data={"new_password": password, "repeated": password})


def test_an_administrator_adds_somebody_who_chooses_a_password_and_signs_in(signed_in_client, client, look):
    administrator = signed_in_client(Role.ADMINISTRATOR)

    link = _link(administrator.post("/en/people/add", data=NEW))
    _choose(client, link)
    answer = client.post("/en/sign-in", data={"email": NEW["email"], "password": "seven quiet lanterns"})

    assert answer.status_code == 302
    assert "A colleague" in administrator.get("/en/people").text
    assert look(_kinds)[-1] == "person_added"


def test_a_link_works_once(signed_in_client, client):
    link = _link(signed_in_client(Role.ADMINISTRATOR).post("/en/people/add", data=NEW))
    _choose(client, link)

    assert client.get(link).status_code == 404
    assert _choose(client, link, "another one of them").status_code == 404


def test_a_new_link_kills_the_one_before(signed_in_client, client, look):
    administrator = signed_in_client(Role.ADMINISTRATOR)
    first = _link(administrator.post("/en/people/add", data=NEW))
    person = look(store.person_by_email, NEW["email"])
    second = _link(administrator.post(f"/en/people/{person.id}/link"))

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize(
    ("password", "repeated", "message"),
    [
        ("short", "short", "Use between 12 and 200 characters"),
        ("x" * 201, "x" * 201, "Use between 12 and 200 characters"),
        ("seven quiet lanterns", "seven quiet lantern", "Both new passwords must be the same"),
        ("", "", "Enter a new password"),
    ],
)
def test_a_password_that_will_not_do_is_asked_for_again(signed_in_client, client, password, repeated, message):
    link = _link(signed_in_client(Role.ADMINISTRATOR).post("/en/people/add", data=NEW))

    answer = client.post(link, data={"new_password": password, "repeated": repeated})

    assert answer.status_code == 422
    assert message in answer.text
    assert client.get(link).status_code == 200


def test_an_address_belongs_to_one_person(signed_in_client):
    administrator = signed_in_client(Role.ADMINISTRATOR)
    administrator.post("/en/people/add", data=NEW)

    answer = administrator.post("/en/people/add", data={**NEW, "email": "Colleague@CITY.example "})

    assert answer.status_code == 422
    assert "Somebody has this e-mail address already" in answer.text


def test_an_administrator_changes_a_role(signed_in_client, add_person, organisation, look):
    person = add_person(Role.OFFICER)

    signed_in_client(Role.ADMINISTRATOR).post(f"/en/people/{person.id}", data={"role": "approver", "active": "y"})

    assert look(store.person_of, organisation.id, person.id).role is Role.APPROVER
    assert look(_kinds)[-1] == "person_changed"


def test_the_last_administrator_cannot_step_down(signed_in_client, add_person, organisation, look):
    person = add_person(Role.ADMINISTRATOR)

    answer = signed_in_client(person=person).post(f"/en/people/{person.id}", data={"role": "officer", "active": "y"})

    assert answer.status_code == 422
    assert "Nobody else could manage the people here" in answer.text
    assert look(store.person_of, organisation.id, person.id).role is Role.ADMINISTRATOR


def test_people_of_another_city_are_not_there(signed_in_client, add_person, other_organisation, look):
    stranger = add_person(Role.OFFICER, other_organisation)
    administrator = signed_in_client(Role.ADMINISTRATOR)
    form = {"role": "administrator", "active": "y"}

    assert stranger.email not in administrator.get("/en/people").text
    assert administrator.get(f"/en/people/{stranger.id}").status_code == 404
    assert administrator.post(f"/en/people/{stranger.id}", data=form).status_code == 404
    assert administrator.post(f"/en/people/{stranger.id}/link").status_code == 404
    assert look(store.person_of, other_organisation.id, stranger.id).role is Role.OFFICER
    with pytest.raises(NotFound):
        look(store.person_of, other_organisation.id, "nobody")


def test_nothing_but_what_the_form_asks_is_taken_from_it(signed_in_client, add_person, other_organisation, look):
    person = add_person(Role.OFFICER)
    form = {"role": "officer", "active": "y", "organisation_id": other_organisation.id, "email": "x@x", "id": "1"}

    signed_in_client(Role.ADMINISTRATOR).post(f"/en/people/{person.id}", data=form)

    assert look(store.person_by_email, person.email) == person


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER, Role.APPROVER])
def test_nobody_else_manages_people(signed_in_client, role):
    client = signed_in_client(role)

    assert client.get("/en/people").status_code == 403
    assert client.post("/en/people/add", data=NEW).status_code == 403


def test_the_first_administrator_is_added_from_the_command_line(app, client):
    run = app.test_cli_runner().invoke
    organisation = ["CITY", "--name", "A City", "--jurisdiction", "ES", "--time-zone", "Europe/Madrid"]
    person = ["first@city.example", "--name", "First", "--role", "administrator", "--organisation", "CITY"]

    added = run(args=["organisations", "add", *organisation, "--number-series", "CITY"])
    invited = run(args=["people", "add", *person])
    _choose(client, invited.output.strip())
    client.post("/en/sign-in", data={"email": "first@city.example", "password": "seven quiet lanterns"})

    assert (added.exit_code, invited.exit_code) == (0, 0)
    assert client.get("/en/people").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["people", "link", "nobody@city.example"], "nobody has the address nobody@city.example"),
        (
            ["people", "add", "x@city.example", "--name", "X", "--role", "officer", "--organisation", "NONE"],
            "there is no organisation NONE",
        ),
    ],
)
def test_a_command_that_cannot_be_done_says_why(app, arguments, message):
    result = app.test_cli_runner().invoke(args=arguments)

    assert result.exit_code == 1
    assert message in result.output
