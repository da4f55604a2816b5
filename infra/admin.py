"""`make admin STAGE=prod NAME=root EMAIL=root@example.org`: the first administrator of a stage, or another one.

Prints a link to a page for choosing the password. The link works once, for a day. With `ASK=1` the password is typed in
the terminal, or is the first line of what is piped in. It is never an argument, because everybody on the machine could
read it there.

The local stage is the data folder while no server runs, or `make aws`. The environment of a deployed stage is read from
AWS (`lambda:GetFunctionConfiguration`), and its tables are written directly: whoever may do that may appoint.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BASE_URL = "http://127.0.0.1:8000"


def main() -> None:
    options = _options()
    password = _asked() if options.ask else None
    with environment_of(options.stage):
        from chalicelib.domain.refusals import Refusal
        from chalicelib.domain.staff import appointing
        from chalicelib.settings import settings

        settings.load(os.environ)
        try:
            appointed = appointing.appoint(options.name, options.email or None, password)
        except Refusal as refusal:
            raise SystemExit(f"Not possible: {refusal.message}") from None
        name = appointed.account.nickname
        print(f"{name} is {'now ' if appointed.is_new else ''}an administrator of {settings.base_url}")
        if appointed.link:
            hours = settings.password_reset_token_validity // 3600
            print(f"A password can be set within {hours} hours, once, at {appointed.link}")


@contextlib.contextmanager
def environment_of(stage: str) -> Iterator[None]:
    """Set the environment of a stage, before anything of the application is imported."""
    if stage != "local":
        _deployed(stage)
        yield
    elif _is_served(_of_chalice()["AWS_ENDPOINT_URL_DYNAMODB"]):
        os.environ.update(_of_chalice())
        yield
    else:
        from infra.local.ending import CannotStart
        from infra.local.environment import data_folder
        from infra.local.stage import local_stage

        try:
            with local_stage(data_folder(), os.environ.get("KENOMA_BASE_URL", BASE_URL)):
                yield
        except CannotStart as reason:
            raise SystemExit(f"{reason}. Stop it first; `make run` has an account `admin` already.") from None


def _deployed(stage: str) -> None:
    """Set the environment of the function that answers the API."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        session = boto3.Session()
        name = f"kenoma-{stage}-api_handler"
        found = session.client("lambda").get_function_configuration(FunctionName=name)
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(f"Stage {stage} cannot be asked for its environment: {error}") from None
    os.environ.update(found["Environment"]["Variables"])
    os.environ["AWS_DEFAULT_REGION"] = session.region_name


def _of_chalice() -> dict[str, str]:
    """The environment of `make aws`."""
    stages = json.loads((CHECKOUT / ".chalice" / "config.json").read_text())["stages"]
    environment: dict[str, str] = stages["local"]["environment_variables"]
    return environment


def _is_served(url: str) -> bool:
    host, _, port = url.rpartition("/")[2].partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise SystemExit("That was not the same")
    return password


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.admin", description="Make an administrator.")
    parser.add_argument("--stage", default="local")
    parser.add_argument("--name", required=True, help="nickname, of an existing account or a new one")
    parser.add_argument("--email", default="", help="address of an account to be made")
    parser.add_argument("--ask", action="store_true", help="take the password from the terminal or from stdin")
    options = parser.parse_args()
    if not options.name:
        raise SystemExit("Who? make admin NAME=… EMAIL=…")
    return options


if __name__ == "__main__":
    main()
