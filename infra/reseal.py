"""`python -m infra.reseal`: encrypt every secret with the newest key, so that older keys can be removed.

Secrets are those of MFA, the token of every push subscription, and the private key of every account. Reads the same
environment as the application (`KENOMA_ENCRYPTION_KEY`, `KENOMA_FETCHING_KEY`, the tables' prefix, AWS credentials).
"""

import sys

from chalicelib.domain.federation import keys
from chalicelib.domain.notifications import push_subscriptions
from chalicelib.domain.signing_in import mfa


def main() -> None:
    renewed = [mfa.renew_all(), push_subscriptions.renew_all(), keys.renew_all()]
    done, failed = (sum(each) for each in zip(*renewed, strict=True))
    print(f"{done} secrets put under the newest key, {failed} that no key of the list opens")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
