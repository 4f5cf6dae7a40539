import json

import pytest

from clause_library import store
from clause_library.bundles import release_file
from clause_library.releases import canonical, hashed, shipped_release
from database import engine_for, migrate


@pytest.fixture
def empty(make_app, tmp_path):
    """The commands on a database that was migrated and holds no release."""
    address = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    engine = engine_for(address)
    migrate(engine)
    engine.dispose()
    app = make_app(DATABASE_URL=address)
    return lambda *words: app.test_cli_runner().invoke(args=["library", *words])


@pytest.fixture
def nothing(make_app, tmp_path):
    """The commands where there is no database at all."""
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite'}")
    return lambda *words: app.test_cli_runner().invoke(args=["library", *words])


def test_the_newest_release_is_checked_and_counted(command):
    result = command("check")

    assert result.exit_code == 0
    assert result.output.startswith("release 1: ")
    assert "0 problems" in result.output


def test_the_shipped_edition_is_checked_where_there_is_no_database(nothing):
    result = nothing("check")

    assert result.exit_code == 0
    assert "0 problems" in result.output


def test_a_release_with_a_problem_fails_the_check(command, monkeypatch):
    release, versions = shipped_release()
    manifest = release.manifest
    del manifest["words"]["pt"]["categories"]["HUM"]
    text = canonical(manifest)
    broken = type(release)(1, text, hashed("release-1", text))
    monkeypatch.setattr("clause_library.commands.release_for_commands", lambda _number: (broken, versions))

    result = command("check")

    assert result.exit_code == 1
    assert "pt, categories: no words for HUM" in result.output


def test_a_release_that_is_not_there_cannot_be_checked_or_exported(command, tmp_path):
    assert command("check", "--release", "7").exit_code == 1
    assert command("export", "--release", "7", str(tmp_path / "file")).exit_code == 1


def test_where_there_is_nothing_to_verify_that_is_no_success(empty, nothing):
    for run in (empty, nothing):
        result = run("verify")

        assert result.exit_code == 2
        assert "nothing to check" in result.output


def test_an_exported_release_is_imported_with_the_same_hash_where_there_is_none(command, empty, tmp_path):
    file = tmp_path / "release.json"

    assert command("export", str(file)).exit_code == 0
    result = empty("import", str(file))

    assert result.exit_code == 0
    assert shipped_release()[0].hash in result.output
    assert empty("verify").exit_code == 0
    assert empty("release").output.startswith("1\t")
    assert file.read_text(encoding="utf-8") == release_file(*shipped_release())


def test_a_release_is_not_imported_over_another(command, tmp_path):
    file = tmp_path / "release.json"
    command("export", str(file))

    result = command("import", str(file))

    assert result.exit_code == 1
    assert "has a release already" in result.output


def test_an_altered_file_is_not_imported(empty, tmp_path):
    data = json.loads(release_file(*shipped_release()))
    next(iter(data["versions"].values()))["texts"]["es"]["title"] += "!"
    file = tmp_path / "release.json"
    file.write_text(json.dumps(data), encoding="utf-8")

    result = empty("import", str(file))

    assert result.exit_code == 1
    assert "not a release that holds" in result.output
    assert empty("verify").exit_code == 2


def test_a_file_whose_release_has_problems_is_not_imported(empty, tmp_path):
    data = json.loads(release_file(*shipped_release()))
    data["manifest"]["words"]["pt"]["categories"]["HUM"] = " {% x %}"
    data["hash"] = hashed("release-1", canonical(data["manifest"]))
    file = tmp_path / "release.json"
    file.write_text(json.dumps(data), encoding="utf-8")

    result = empty("import", str(file))

    assert result.exit_code == 1
    assert "pt, categories, HUM: the mark {%" in result.output
    assert empty("release").output == "there is no release\n"


def test_an_imported_release_is_that_of_a_fresh_database(command, look):
    assert command("release").output.split("\t")[1] == shipped_release()[0].hash
    assert look(store.newest_release).hash == shipped_release()[0].hash
