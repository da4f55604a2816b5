"""TOTP by itself: codes, steps and the address that a QR code holds."""

import base64
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from chalicelib.domain.signing_in import totp
from tests.endpoints.signing_in.mfa_steps import code_of

KEY = "JBSWY3DPEHPK3PXP"
OF_THE_RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(("at", "code"), [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
])
def test_codes_are_those_of_rfc_6238(setting, at, code):
    setting(totp_digits=8)

    assert totp.step_of(code, OF_THE_RFC, at) == at // 30


def test_a_secret_is_twenty_random_bytes_in_base32():
    secrets = {totp.new_secret() for _ in range(50)}

    assert len(secrets) == 50
    assert all(re.fullmatch(r"[A-Z2-7]{32}", secret) for secret in secrets)
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


@pytest.mark.parametrize(("made", "asked", "fits"), [
    (3000, 3000, True), (3000, 3029.9, True), (3000, 3030, True), (3000, 3059.9, True),
    (3000, 3060, False), (3000, 2999.9, False), (3000, 2970, False), (3000, 6000, False),
])
def test_a_code_is_good_in_its_step_and_the_next(made, asked, fits):
    assert totp.step_of(code_of(KEY, made), KEY, asked) == (100 if fits else None)


@pytest.mark.parametrize("typed", [" {} ", "{:.3} {:.0}", "{}\n"])
def test_blanks_do_not_matter(typed):
    code = code_of(KEY, 3000)
    spaced = f"{code[:3]} {code[3:]}" if ":" in typed else typed.format(code)

    assert totp.step_of(spaced, KEY, 3000) == 100


@pytest.mark.parametrize("typed", [
    "", " ", "0", "{}0", "0{}", "-{}", "{}{}", "abcdef", "²²²²²²", "x" * 100_000, "\0{}", "\ud800", "None", "{}.0",
])
def test_what_is_no_code_fits_nothing(typed):
    code = code_of(KEY, 3000)

    assert totp.step_of(typed.replace("{}", code), KEY, 3000) is None


def test_digits_of_other_scripts_are_no_digits():
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in code_of(KEY, 3000))

    assert totp.step_of(wide, KEY, 3000) is None


def test_a_code_of_another_secret_does_not_fit():
    assert totp.step_of(code_of("ABCDEFGHIJKLMNOP", 3000), KEY, 3000) is None


def test_the_provisioning_address_is_exactly_this():
    assert totp.provisioning_uri(KEY, "alice@example.org") == (
        f"otpauth://totp/alice@example.org?digits=6&issuer=Kenoma&period=30&secret={KEY}")


def test_names_of_any_kind_are_escaped_in_it(setting):
    setting(totp_issuer="Ké & Co?/#", instance_name="not this")

    uri = totp.provisioning_uri(KEY, "a?b#c/d e&f@example.org")

    parts = urlsplit(uri)
    assert unquote(parts.path) == "/a?b#c/d e&f@example.org"
    assert parse_qs(parts.query) == {"digits": ["6"], "issuer": ["Ké & Co?/#"], "period": ["30"], "secret": [KEY]}
    assert "+" not in parts.query
    assert pyotp.parse_uri(uri).secret == KEY


def test_digits_and_period_follow_the_settings(setting):
    setting(totp_digits=8, totp_period=60)

    assert totp.provisioning_uri(KEY, "a").endswith(f"?digits=8&issuer=Kenoma&period=60&secret={KEY}")
    assert totp.step_of(pyotp.totp.TOTP(KEY, digits=8, interval=60).at(6000), KEY, 6059) == 100
