"""Which tests are run: those that need nothing but Python, unless more is asked for.

Tests in a browser, in an office suite or of several minutes are skipped, each with its reason. `--all` runs those in
a browser and in an office suite too and makes a skipped test a failure; `--long` runs those that take minutes too.
"""

from collections.abc import Iterator

import pytest

TOOLS = {"browser": "Chromium", "office": "LibreOffice"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="Run browser and office tests too, and forbid skips.")
    parser.addoption("--long", action="store_true", help="Run the tests that take minutes too.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what was not asked for. With --all, long tests are deselected instead: counted, but no skip."""
    complete = config.getoption("--all")
    if complete and not config.getoption("--long"):
        put_off = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=put_off)
        items[:] = [item for item in items if item not in put_off]
    for item in items:
        for reason in _reasons_to_skip(item, config):
            item.add_marker(pytest.mark.skip(reason=reason))


def _reasons_to_skip(item: pytest.Item, config: pytest.Config) -> Iterator[str]:
    if not config.getoption("--all"):
        for marker, tool in TOOLS.items():
            if item.get_closest_marker(marker):
                yield f"needs {tool}; run with --all"
    if item.get_closest_marker("long") and not config.getoption("--long"):
        yield "takes minutes; run with --long"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under --all, a run that skipped anything has failed. The summary names what was skipped, and why."""
    if _forbidden_skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(config: pytest.Config, terminalreporter: pytest.TerminalReporter) -> None:
    if count := _forbidden_skips(config):
        terminalreporter.section("skips are forbidden")
        terminalreporter.line(f"{count} skipped, though --all forbids it: install what the reasons name.")


def _forbidden_skips(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if config.getoption("--all") and reporter else 0
