from itertools import product

import pytest

from accounts.people import (
    LastAdministrator,
    Organisation,
    Person,
    check_an_administrator_stays,
    is_own_address,
    written_alike,
)
from accounts.roles import Role

CITY = Organisation(
    id="city", name="A City", identifier="C", jurisdiction="ES", time_zone="UTC", number_series="C", tier_public=True
)


def _person(name: str, role: Role = Role.ADMINISTRATOR, *, active: bool = True) -> Person:
    return Person(id=name, email=f"{name}@city.example", name=name, role=role, active=active, organisation=CITY)


@pytest.mark.parametrize("typed", ["Ana@City.Example", " ana@city.example ", "ANA@CITY.EXAMPLE"])
def test_an_address_is_written_alike_however_it_is_typed(typed):
    assert written_alike(typed) == "ana@city.example"


def test_accents_in_an_address_are_written_alike():
    assert written_alike("jose\u0301@city.example") == written_alike("JOSÉ@city.example")


@pytest.mark.parametrize("changed", [_person("one", Role.OFFICER), _person("one", active=False)])
def test_the_last_administrator_stays_one(changed):
    people = [_person("one"), _person("two", Role.REVIEWER), _person("three", active=False)]

    with pytest.raises(LastAdministrator):
        check_an_administrator_stays(people, changed)


def test_an_administrator_may_leave_where_another_stays():
    check_an_administrator_stays([_person("one"), _person("two")], _person("one", Role.OFFICER))


@pytest.mark.parametrize("address", ["/es/", "/en/people/3f-2a", "/pt/tenders?page=2&sort=title", "/es/a.b/c~d/"])
def test_a_path_of_this_site_is_followed_after_signing_in(address):
    assert is_own_address(address)


ELSEWHERE = ["evil.example", "evil.example/es/", "user@evil.example", "%65vil.example"]
BEFORE = [
    *("", "/ /", "\t//", "/es\n//", "http://", "https://", "//", "///", "/\\", "\\\\", "/es//", "/es/\\"),
    *("javascript:", "data:,", "/%2f", "/es/%5c", "/es/..//", "/es/@", "http:/", "https:", "/es/;//", "es/", "/fr/"),
]
AFTER = ["", "/", "?x=1"]


@pytest.mark.parametrize("address", [f"{b}{e}{a}" for b, e, a in product(BEFORE, ELSEWHERE, AFTER)])
def test_no_other_address_is_followed_after_signing_in(address):
    assert not is_own_address(address)
