"""Peers on this machine, which send to our inboxes as other servers do."""

from tests.domain.federation.conftest import far as far
from tests.domain.federation.conftest import third as third
