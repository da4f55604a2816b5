"""Signatures of requests: ours as others read them, and theirs as we do. The documents' own values come first."""

from __future__ import annotations

import base64
import datetime
import hashlib
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import http_message_signatures as library
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import algorithms

from chalicelib.domain.federation import signatures
from chalicelib.domain.federation.signatures import BadSignature, Incoming, Outgoing
from chalicelib.domain.federation.signing import cavage, message_signatures, public_keys
from tests.domain.federation import drafts
from tests.peers import spelling
from tests.peers.spelling import SPELLINGS, Asking, headers_of, key_pair, pem_of

HOST = "kenoma.test"
KEY_ID = "https://far.example/users/bob#main-key"
BODY = b'{"type": "Follow"}'
NOW = 1_795_953_600.0


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def read(headers: Mapping[str, str], method: str = "POST", target: str = "/inbox", body: bytes = BODY,
         **more: Any) -> signatures.Signed:
    return signatures.read(Incoming(method, target, headers, body if method == "POST" else b"",
                                    **{"arrived": NOW, **more}))


def checked(headers: Mapping[str, str], pem: str | None = None, **more: Any) -> str:
    """The id of the key, if the signature counts."""
    found = read(headers, **more)
    signatures.verify(found, pem_of(key_pair()) if pem is None else pem)
    return found.key_id


def refused(headers: Mapping[str, str], pem: str | None = None, **more: Any) -> str:
    with pytest.raises(BadSignature) as fault:
        checked(headers, pem, **more)
    return str(fault.value)


def sent(method: str = "POST", target: str = "/inbox", body: bytes = BODY, spelt: spelling.Spelling = spelling.MASTODON,
         at: float = NOW, host: str = HOST) -> dict[str, str]:
    return headers_of(Asking(method, host, target, body, at=at), key_pair(), KEY_ID, spelt)


def stated(names: str, *, algorithm: str = "hs2019", also: str = "", headers: Mapping[str, str] | None = None,
           method: str = "POST", quoted: bool = False, **values: str) -> dict[str, str]:
    """Headers with a true signature of these names. `values`: parameters of the signature, `created` and `expires`."""
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    given = {"date": "Sun, 29 Nov 2026 12:00:00 GMT", "digest": f"SHA-256={digest}", "host": HOST, **(headers or {})}
    all_values = given | {f"({name})": value for name, value in values.items()}
    all_values["(request-target)"] = f"{method.lower()} /inbox"
    text = "\n".join(f"{name}: {all_values[name].strip()}" for name in names.split())
    mark = '"' if quoted else ""
    parameters = [f'keyId="{KEY_ID}"', *([f'algorithm="{algorithm}"'] if algorithm else []),
                  *(f"{name}={mark}{value}{mark}" for name, value in values.items()), f'headers="{names}"',
                  f'signature="{spelling.signed(key_pair(), text)}"', *([also] if also else [])]
    return given | {"signature": ",".join(parameters)}


# The documents' own values.


@pytest.mark.parametrize("names", drafts.CAVAGE_SIGNATURES)
def test_the_text_is_that_of_the_drafts_own_signatures(names, monkeypatch):
    monkeypatch.setattr(cavage, "_check_signed", lambda method, names: None)  # two of them sign less than we demand
    header = f'keyId="Test",algorithm="rsa-sha256",headers="{names}",signature="{drafts.CAVAGE_SIGNATURES[names]}"'

    found = cavage.read(header, "POST", "example.com", drafts.CAVAGE_HEADERS, drafts.BODY)

    key: Any = load_pem_public_key(drafts.CAVAGE_PUBLIC.encode())
    key.verify(base64.b64decode(found.signature), found.text(drafts.CAVAGE_TARGET).encode(), padding.PKCS1v15(),
               hashes.SHA256())


def test_the_drafts_own_key_is_too_short_today():
    header = f'keyId="Test",headers="(request-target) host date content-type digest content-length",' \
             f'signature="{drafts.CAVAGE_SIGNATURES["(request-target) host date content-type digest content-length"]}"'

    assert refused(drafts.CAVAGE_HEADERS | {"signature": header}, body=drafts.BODY, target=drafts.CAVAGE_TARGET,
                   arrived=1_388_957_500.0, base="https://example.com") == "the signature has a wrong length"
    with pytest.raises(public_keys.BadKey):
        public_keys.load(drafts.CAVAGE_PUBLIC)


def test_the_text_is_that_of_the_rfcs_own_signature(monkeypatch):
    monkeypatch.setattr(message_signatures, "check_digest", lambda body, found: None)  # it has SHA-512 only

    found = message_signatures.read("POST", "https://example.com", drafts.RFC_HEADERS, drafts.BODY)

    assert found.times == (1_618_884_473.0,)
    key: Any = load_pem_public_key(drafts.RFC_PUBLIC.encode())
    key.verify(base64.b64decode(found.signature), found.text(drafts.RFC_TARGET).encode(),
               padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512())


# Ours.


def ours(request: Outgoing) -> dict[str, str]:
    def sign_bytes(text: bytes) -> bytes:
        return key_pair().sign(text, padding.PKCS1v15(), hashes.SHA256())

    return signatures.sign(request, KEY_ID, sign_bytes)


def test_a_post_of_ours_is_spelt_as_everybody_reads_it():
    headers = ours(Outgoing("POST", "far.example", "/inbox?a=b", BODY))

    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    assert headers["Digest"] == f"SHA-256={digest}"
    assert headers["Content-Type"] == "application/activity+json"
    start, _, signature = headers["Signature"].partition(',signature="')
    assert start == (f'keyId="{KEY_ID}",algorithm="rsa-sha256",'
                     'headers="(request-target) host date digest content-type"')
    text = (f"(request-target): post /inbox?a=b\nhost: far.example\ndate: {headers['Date']}\n"
            f"digest: {headers['Digest']}\ncontent-type: application/activity+json")
    key_pair().public_key().verify(base64.b64decode(signature[:-1]), text.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_a_get_of_ours_signs_what_it_accepts_and_no_digest():
    headers = ours(Outgoing("GET", "far.example:8443", "/users/bob"))

    assert headers["Accept"] == (
        'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"')
    assert 'headers="(request-target) host date accept"' in headers["Signature"]
    assert "Digest" not in headers
    text = (f"(request-target): get /users/bob\nhost: far.example:8443\ndate: {headers['Date']}\n"
            f"accept: {headers['Accept']}")
    signature = base64.b64decode(headers["Signature"].rpartition('signature="')[2][:-1])
    key_pair().public_key().verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_the_date_of_ours_is_that_of_the_moment(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)

    assert ours(Outgoing("GET", "far.example", "/"))["Date"] == "Sun, 29 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_we_sign_we_read(method, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: NOW)
    headers = ours(Outgoing(method, HOST, "/inbox?x=1", BODY if method == "POST" else None))

    lowered = {name.lower(): value for name, value in headers.items()}
    assert checked(lowered, method=method, target="/inbox?x=1") == KEY_ID


# Theirs, as each server spells it.


@pytest.mark.parametrize("spelt", SPELLINGS, ids=lambda each: each.name)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("target", ["/inbox", "/outbox?page=true&max_id=%C3%A4"])
def test_the_spelling_of_each_server_is_read(spelt, method, target):
    assert checked(sent(method, target, spelt=spelt), method=method, target=target) == KEY_ID


def test_an_old_header_authorization_is_read():
    headers = sent()
    headers["authorization"] = f"Signature {headers.pop('signature')}"

    assert checked(headers) == KEY_ID


def test_blanks_around_commas_are_taken():
    assert checked(sent(spelt=spelling.Spelling("x", spelling.MASTODON.post, "", separator=" , "))) == KEY_ID


def test_other_spellings_of_the_target_are_tried():
    headers = sent(target="/users/a%20b/inbox?q=%7e", spelt=spelling.MASTODON)

    assert checked(headers, target="/users/a b/inbox?q=~", also=("/users/a%20b/inbox?q=%7e",)) == KEY_ID
    assert refused(headers, target="/users/a b/inbox?q=~") == "the signature does not fit"


@pytest.mark.parametrize("names", [
    "(request-target) host date digest content-length", "(request-target) host date digest x-twice",
    "(request-target) (created) host digest", "(request-target) (created) (expires) host digest date",
])
@pytest.mark.parametrize("quoted", [False, True])
def test_more_may_be_signed(names, quoted):
    headers = stated(names, headers={"content-length": str(len(BODY)), "x-twice": "one, two"}, quoted=quoted,
                     created=str(int(NOW)), expires=str(int(NOW) + 60))
    headers["content-length"] = "999"  # a gateway may say something else

    assert checked(headers, arrived=NOW) == KEY_ID


# What is refused.


@pytest.mark.parametrize(("missing", "told"), [
    ("(request-target)", "not signed: (request-target)"), ("host", "not signed: host"), ("date", "not signed: date"),
    ("digest", "not signed: digest"),
])
def test_what_protects_a_post_must_be_signed(missing, told):
    names = " ".join(name for name in ("(request-target)", "host", "date", "digest") if name != missing)

    assert refused(stated(names)) == told


@pytest.mark.parametrize("missing", ["(request-target)", "host", "date"])
def test_what_protects_a_get_must_be_signed(missing):
    names = " ".join(name for name in ("(request-target)", "host", "date") if name != missing)

    assert refused(stated(names, method="GET"), method="GET") == f"not signed: {missing}"


def test_without_a_list_only_the_date_is_signed_which_is_not_enough():
    headers = stated("date")
    headers["signature"] = headers["signature"].replace('headers="date",', "")

    assert refused(headers) == "not signed: (request-target), host, digest"


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "rsa-sha1", "ecdsa-sha256", "ed25519", "rsa-sha512", "none"])
def test_other_algorithms_are_refused(algorithm):
    """The key alone says how it signs. A header that could choose would make a secret of the public key."""
    assert refused(stated("(request-target) host date digest", algorithm=algorithm)) == "unknown algorithm"


@pytest.mark.parametrize("algorithm", ["", "rsa-sha256", "hs2019", "RSA-SHA256"])
def test_known_algorithms_all_mean_the_same(algorithm):
    assert checked(stated("(request-target) host date digest", algorithm=algorithm)) == KEY_ID


@pytest.mark.parametrize("name", ["(created)", "(expires)"])
def test_draft_12_allows_its_times_with_its_algorithm_only(name):
    headers = stated(f"(request-target) host date digest {name}", algorithm="rsa-sha256", created=str(int(NOW)),
                     expires=str(int(NOW) + 9))

    assert refused(headers) == "(created) and (expires) need the algorithm hs2019"


@pytest.mark.parametrize("header", [
    "", "nonsense", 'keyId="a"', 'keyId=a,signature="b"', 'keyId="a" signature="b"', 'keyId="a",', ",",
    f'keyId="{KEY_ID}",keyId="{KEY_ID}",signature="AAAA"', 'keyId="",signature="AAAA"', 'keyId="a",signature=""',
    f'keyId="{KEY_ID}",KEYID="{KEY_ID}",signature="AAAA"', 'keyId="' + "a" * 9_000 + '",signature="AAAA"',
    'keyId="a",headers="",signature="AAAA"', 'keyId="a\nb",signature="AAAA"',
])
def test_malformed_headers_are_refused(header):
    assert refused(sent() | {"signature": header})


def test_two_signatures_are_refused():
    headers = sent()
    headers["signature"] += ", " + headers["signature"]

    assert refused(headers) == "keyId is there twice"


def test_an_unsigned_request_is_told_so():
    assert refused({"host": HOST}) == "Request not signed"
    assert refused({"authorization": "Bearer abc"}) == "Request not signed"


@pytest.mark.parametrize("signature", ["%%%", "AAAA", "A" * 400, base64.b64encode(b"x" * 1_025).decode()])
def test_signatures_of_a_wrong_form_or_length_are_refused(signature):
    headers = sent()
    headers["signature"] = headers["signature"].partition('signature="')[0] + f'signature="{signature}"'

    assert refused(headers)


def test_a_header_that_is_signed_must_be_there():
    headers = stated("(request-target) host date digest x-here", headers={"x-here": "1"})
    del headers["x-here"]

    assert refused(headers) == "x-here is signed and not there"


@pytest.mark.parametrize("name", ["date", "digest", "x-here"])
def test_a_header_that_was_changed_does_not_fit(name):
    headers = stated("(request-target) host date digest x-here", headers={"x-here": "1"})
    headers[name] = {"date": "Sun, 29 Nov 2026 12:00:01 GMT", "x-here": "2",
                     "digest": headers["digest"].replace("SHA-256", "sha-256")}[name]

    assert refused(headers) == "the signature does not fit"


def test_the_host_is_our_own_whatever_the_header_says():
    assert checked(sent() | {"host": "origin.internal"}) == KEY_ID
    assert refused(sent(host="other.example") | {"host": "other.example"}) == "the signature does not fit"


@pytest.mark.parametrize("change", [{"target": "/users/alice/inbox"}, {"method": "PUT"}])
def test_another_path_or_method_does_not_fit(change):
    """A request that was taken down cannot be sent to another inbox."""
    assert refused(sent(), **change)


# Time.


@pytest.mark.parametrize(("age", "told"), [
    (12 * 3_600 - 5, ""), (12 * 3_600 + 5, "too old"), (-3_600 + 5, ""), (-3_600 - 5, "from the future"),
])
def test_a_date_counts_for_twelve_hours_and_one_ahead(age, told):
    created = stated("(request-target) host digest (created)", created=str(int(NOW - age)))

    for headers in (sent(at=NOW - age), created):
        assert (refused(headers) if told else checked(headers)) == (told or KEY_ID)


@pytest.mark.parametrize("date", [
    "Sun, 29 Nov 2026 12:00:00 GMT", "Sunday, 29-Nov-26 12:00:00 GMT", "Sun Nov 29 12:00:00 2026",
])
def test_the_three_dates_of_http_are_read(date):
    headers = stated("(request-target) host date digest", headers={"date": date})

    assert checked(headers, arrived=NOW + 12 * 3_600 - 1) == KEY_ID
    assert refused(headers, arrived=NOW + 12 * 3_600 + 1) == "too old"


@pytest.mark.parametrize("date", ["", "yesterday", "2026-11-29T12:00:00Z", "1795953600", "Sun, 29 Nov 2026"])
def test_other_dates_are_refused(date):
    assert refused(stated("(request-target) host date digest", headers={"date": date})) == "no usable Date"


def test_a_date_that_is_not_signed_does_not_count():
    headers = stated("(request-target) host digest (created)", created=str(int(NOW - 90_000)))

    assert refused(headers | {"date": "Sun, 29 Nov 2026 12:00:00 GMT"}) == "too old"


@pytest.mark.parametrize(("expires", "told"), [(60, ""), (-3_500, ""), (-3_700, "expired")])
def test_a_signature_may_end_sooner_and_never_later(expires, told):
    headers = stated("(request-target) host digest (created)", created=str(int(NOW)), expires=str(int(NOW + expires)))

    assert (refused(headers) if told else checked(headers)) == (told or KEY_ID)
    late = stated("(request-target) host digest (created)", created=str(int(NOW - 50_000)),
                  expires=str(int(NOW + 9_000_000)))
    assert refused(late) == "too old"


@pytest.mark.parametrize("created", ["now", "-", "1e9", ""])
def test_times_that_are_no_numbers_are_refused(created):
    assert refused(stated("(request-target) host digest (created)", created=created, quoted=True))


# Digests.


def test_the_body_must_be_the_one_of_the_digest():
    assert refused(sent(), body=BODY + b" ") == "the digest does not fit the body"
    assert refused(sent(body=b""), body=b"") == "no body"


@pytest.mark.parametrize(("digest", "told"), [
    ("", "no SHA-256 digest"), ("SHA-512=AAAA", "no SHA-256 digest"), ("SHA-256=%", "the digest is no base64"),
    ("SHA-512=AAAA,sha-256=RIGHT", ""), ("SHA-256=RIGHT, SHA-256=AAAA", "the digest does not fit the body"),
    ("sha-256=RIGHT", ""), ("SHA-256=AAAA", "the digest does not fit the body"),
])
def test_the_sha_256_of_several_digests_counts(digest, told):
    right = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    headers = stated("(request-target) host date digest", headers={"digest": digest.replace("RIGHT", right)})

    assert (refused(headers) if told else checked(headers)) == (told or KEY_ID)


def test_a_digest_that_is_there_but_not_signed_does_not_count():
    assert refused(stated("(request-target) host date")) == "not signed: digest"


# Keys.


def test_another_key_does_not_fit():
    assert refused(sent(), pem_of(key_pair("another"))) == "the signature does not fit"


def test_both_forms_of_public_keys_are_taken():
    for pkcs1 in (False, True):
        pem = pem_of(key_pair(), pkcs1=pkcs1)
        assert checked(sent(), pem) == KEY_ID
        assert checked(sent(), "\n " + pem.replace("\n", "\r\n")) == KEY_ID


def elliptic() -> str:
    return ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def with_exponent(exponent: int) -> str:
    return rsa.RSAPublicNumbers(exponent, key_pair().public_key().public_numbers().n).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("pem", [
    "", "text", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", pytest.param(elliptic(), id="elliptic"),
    pytest.param(pem_of(key_pair(bits=1_024)), id="1024 bits"), pytest.param(with_exponent(2**32 + 1), id="exponent"),
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\n" + "A" * 5_000 + "\n-----END PUBLIC KEY-----",
])
def test_other_keys_are_refused(pem):
    assert refused(sent(), pem).startswith("no usable key: ")
    assert not public_keys.is_usable(pem)


def test_usable_keys_are_known():
    assert public_keys.is_usable(pem_of(key_pair()))
    assert public_keys.is_usable(with_exponent(2**32 - 1))
    assert not public_keys.is_usable(None)


# RFC 9421.


def by_the_library(covered: tuple[str, ...], *, target: str = "/inbox?a=b", method: str = "POST", body: bytes = BODY,
                   **more: Any) -> dict[str, str]:
    """Headers that the library of others has signed."""
    private = key_pair().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption())
    headers = {"Host": HOST, "Date": "Sun, 29 Nov 2026 12:00:00 GMT", "Content-Type": "application/activity+json"}
    request = SimpleNamespace(method=method, url=f"http://{HOST}{target}", headers=headers)
    signer = library.HTTPMessageSigner(
        signature_algorithm=algorithms.RSA_V1_5_SHA256,
        key_resolver=library.MappingKeyResolver(private_keys={KEY_ID: private}, public_keys={}))
    signer.sign(request, key_id=KEY_ID, label="sig1", covered_component_ids=covered,
                created=datetime.datetime.fromtimestamp(NOW, datetime.UTC),
                body=body if method == "POST" else None, **more)
    return {name.lower(): value for name, value in headers.items()}


MASTODONS = ("@method", "@target-uri", "content-digest")
FEDIFYS = ("@method", "@target-uri", "@authority", "host", "date", "content-digest")
IN_PARTS = ("@method", "@authority", "@path", "@query", "content-digest")


@pytest.mark.parametrize("covered", [MASTODONS, FEDIFYS, IN_PARTS, (*MASTODONS, "@scheme", "@request-target")])
def test_what_a_library_signs_by_rfc_9421_is_read(covered):
    assert checked(by_the_library(covered), target="/inbox?a=b") == KEY_ID


def test_a_get_needs_no_digest_by_rfc_9421():
    headers = by_the_library(("@method", "@target-uri"), method="GET", target="/users/alice")

    assert checked(headers, method="GET", target="/users/alice") == KEY_ID


@pytest.mark.parametrize(("covered", "told"), [
    (("@target-uri", "content-digest"), "not signed: @method"),
    (("@method", "content-digest"), "not signed: @target-uri"),
    (("@method", "@authority", "@path", "content-digest"), "not signed: @target-uri"),
])
def test_what_protects_must_be_covered(covered, told):
    assert refused(by_the_library(covered), target="/inbox?a=b") == told


def test_a_post_must_cover_its_digest():
    headers = by_the_library(("@method", "@target-uri"), method="GET")

    assert refused(headers, target="/inbox?a=b") == "not signed: content-digest"


@pytest.mark.parametrize(("change", "told"), [
    ({"body": b"{}"}, "the digest does not fit the body"), ({"target": "/other"}, "the signature does not fit"),
    ({"arrived": NOW + 50_000}, "too old"), ({"arrived": NOW - 4_000}, "from the future"),
    ({"base": "http://other.test"}, "the signature does not fit"), ({"method": "PUT"}, "the signature does not fit"),
])
def test_what_was_changed_does_not_fit_by_rfc_9421(change, told):
    assert refused(by_the_library(FEDIFYS), **{"target": "/inbox?a=b", **change}) == told


@pytest.mark.parametrize("input", [
    'sig1=("@method" "@target-uri" "content-digest");keyid="x"', 'sig1=("@method");created=1795953600',
    'sig1=("@method" "@target-uri" "content-digest");created=1795953600;keyid="x";alg="hmac-sha256"',
    'sig1=("@method" "@target-uri" "content-digest");created=1795953600;keyid="x";alg="rsa-pss-sha512"',
    'sig1=("@method" "@target-uri" "content-digest";sf);created=1795953600;keyid="x"',
    'sig1=("@method";req "@target-uri" "content-digest");created=1795953600;keyid="x"',
    'sig1=("@method" "@method" "@target-uri" "content-digest");created=1795953600;keyid="x"',
    'sig1=("@method" "@target-uri" "content-digest" "@status");created=1795953600;keyid="x"',
    'sig1=("@method" "@target-uri" "content-digest" "x-absent");created=1795953600;keyid="x"',
    'sig1=("@method" "@target-uri" "content-digest");created=1795953600;created=1;keyid="x"',
    'sig1=("@method" "@target-uri" "content-digest");created=1795953600;keyid="x", sig2=("@method");created=1',
    'sig2=("@method" "@target-uri" "content-digest");created=1795953600;keyid="x"', "sig1=()", "", "nonsense",
    'sig1=("@method" "@target-uri" "content-digest");created="now";keyid="x"',
    'sig1=("@method" @target-uri "content-digest");created=1795953600;keyid="x"', "sig1=(" + '"a" ' * 3_000 + ")",
])
def test_other_forms_of_rfc_9421_are_refused(input):
    assert refused(by_the_library(MASTODONS) | {"signature-input": input}, target="/inbox?a=b")


def test_a_signature_that_ended_is_refused_by_rfc_9421():
    headers = by_the_library(MASTODONS, expires=datetime.datetime.fromtimestamp(NOW - 3_700, datetime.UTC))

    assert refused(headers, target="/inbox?a=b") == "expired"


@pytest.mark.parametrize("signature", ["", "sig1=:AAAA:, sig2=:AAAA:", "sig2=:AAAA:", "AAAA", 'keyId="a"'])
def test_the_signature_has_the_label_of_the_input(signature):
    assert refused(by_the_library(MASTODONS) | {"signature": signature}, target="/inbox?a=b")


@pytest.mark.parametrize("text", ['keyId="' + "\\" * 4_000, "a=1," * 2_000, '"' * 8_000, "a = " * 2_000, "(" * 8_000,
                                  'sig1=("a"' + ' "a"' * 2_000, "sig1=()" + ";a" * 3_900])
def test_hostile_headers_take_no_time(text):
    began = time.monotonic()

    refused(sent() | {"signature": text})
    refused(sent() | {"signature-input": text, "signature": text})
    assert time.monotonic() - began < 0.5
