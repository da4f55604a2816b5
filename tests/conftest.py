"""What every test uses: an AWS in this process, which is emptied before each test, and the people of `cast.py`."""

from __future__ import annotations

import os

# Settings are read at import, so they are set before anything of ours is loaded.
os.environ.update({
    "KENOMA_BASE_URL": "http://kenoma.test",
    "KENOMA_STAGE": "local",
    "KENOMA_SECRET_KEY": "a key for tests, and for tests only, 0123456789",
    "KENOMA_ENCRYPTION_KEY": "tests:" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "KENOMA_FETCHING_KEY": "tests:" + "OTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTBmZWRjYmE=",
    "KENOMA_CAPTCHA": "none",
    "KENOMA_RATE_LIMITS": "off",
    "KENOMA_FIGURES": "capacity" if os.environ.get("KENOMA_TEST_DYNAMODB") == "dynamodb-local" else "calls",
    "KENOMA_UPLOAD_LIMIT": "16000000",
    "KENOMA_LOG_LEVEL": "WARNING",
    "KENOMA_METRICS": "off",
    "KENOMA_STREAMING": "off",
    "KENOMA_FRONT_KEY": "the key of the CDN of these tests",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
})

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain import hosts
from chalicelib.domain.federation import fetching, foreign_keys, nodeinfo
from chalicelib.domain.federation.receiving import accepting
from chalicelib.domain.frontends import serving
from chalicelib.domain.instance import about
from chalicelib.domain.streaming import listening
from chalicelib.domain.tags import trends
from chalicelib.settings import settings
from chalicelib.store.emoji import rows
from chalicelib.store.federation import presence
from infra.local import pump
from tests import policing
from tests.cast import Cast, Person
from tests.simulated_aws import LocalAws, local_aws, stay_on_this_machine
from tests.sockets import sockets  # noqa: F401  (a fixture)

stay_on_this_machine()


@pytest.fixture(scope="session")
def whole_aws() -> Iterator[LocalAws]:
    with local_aws() as aws:
        yield aws


@pytest.fixture(autouse=True)
def aws(whole_aws: LocalAws) -> LocalAws:
    """An empty AWS: tables, bucket and queues exist, and nothing is in them."""
    whole_aws.wipe()
    rows.forget()
    about.forget()
    hosts.forget()
    fetching.forget()
    presence.forget()
    accepting.forget()
    foreign_keys.forget()
    nodeinfo.forget()
    trends.forget()
    listening.forget()
    serving.forget()
    return whole_aws


@pytest.fixture
def setting() -> Iterator[Callable[..., None]]:
    """Change settings for one test: `setting(registrations_open=False)`."""
    before = dict(vars(settings))

    def change(**values: object) -> None:
        for name, value in values.items():
            assert name in before, f"there is no setting {name}"
            setattr(settings, name, value)

    yield change
    vars(settings).update(before)


@pytest.fixture
def drain(aws: LocalAws) -> Callable[[], object]:
    """Run everything that is queued, and everything that this queues, until nothing is left."""
    from app import app

    return lambda: pump.drain(app, has_messages=aws.has_messages)


@pytest.fixture
def cast(aws: LocalAws) -> Cast:
    return Cast()


@pytest.fixture
def alice(cast: Cast) -> Person:
    """A local account without followers, signed in with every user scope."""
    return cast.person("alice")


@pytest.fixture
def bob(cast: Cast) -> Person:
    """A local account without followers, signed in with every user scope."""
    return cast.person("bob")


@pytest.fixture
def carol(cast: Cast) -> Person:
    """A local account without followers, signed in with every user scope."""
    return cast.person("carol")


@pytest.fixture
def admin(cast: Cast) -> Person:
    """An administrator, signed in with every scope."""
    return cast.person("admin", is_admin=True, scopes="read write follow push admin")


@pytest.fixture
def anonymous() -> Person:
    """Nobody: requests without credentials."""
    return Person()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors: some tests wait for servers that they have started."""
    return (os.cpu_count() or 1) + 1


# All tests run under the policies of the functions. A permission that a whole run does not use is one too many.


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["policies"] = policing.told()
    elif _is_whole(config) and not session.testsfailed and policing.unused():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    policing.learn(getattr(node, "workeroutput", {}).get("policies", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if _is_whole(config) and not terminalreporter.stats.get("failed"):
        for line in policing.unused():
            terminalreporter.line(f"infra/deploy/policies.py allows what nobody needs: {line}", red=True)


def _is_whole(config: pytest.Config) -> bool:
    """Whether all tests run, and not only some."""
    chosen = config.option
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (
        chosen.keyword or chosen.markexpr or getattr(chosen, "lf", False) or chosen.maxfail or chosen.collectonly)
