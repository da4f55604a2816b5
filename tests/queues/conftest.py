"""The jobs of `tests/jobs` are what is sent here."""

from tests.jobs.conftest import clock as clock
from tests.jobs.conftest import drain_with_retries as drain_with_retries
from tests.jobs.conftest import ran as ran
