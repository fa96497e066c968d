from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from oms_portal.erp import signatures


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = signatures.decode(SECRET)
# The vector of the Standard Webhooks libraries.
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
BODY = b'{"test": 2432232314}'


def is_signed(headers: dict[str, str], body: bytes = BODY, key: bytes = KEY) -> bool:
    signed = signatures.read(headers, body)
    return signed is not None and signatures.matches(key, signed)


def test_the_published_vector_is_accepted():
    assert is_signed(VECTOR)


def test_what_we_sign_is_the_published_vector():
    assert signatures.sign(SECRET, VECTOR["webhook-id"], 1614265330, BODY) == VECTOR


def test_what_we_sign_the_reference_verifies():
    now = int(datetime.now(UTC).timestamp())
    headers = signatures.sign(SECRET, "msg_1", now, BODY)

    assert Webhook(SECRET).verify(BODY, headers) == {"test": 2432232314}


def test_what_the_reference_signs_we_accept():
    moment = datetime(2026, 11, 21, 18, tzinfo=UTC)
    signature = Webhook(SECRET).sign("msg_2", moment, "schön")
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }

    assert is_signed(headers, "schön".encode())


def test_one_of_several_signatures_is_enough():
    several = f"v1,AAAA v1a,xyz {VECTOR['webhook-signature']} v2,zzz"

    assert is_signed({**VECTOR, "webhook-signature": several})


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("webhook-id", "msg_other"),
        ("webhook-timestamp", "1614265331"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="),
        ("webhook-signature", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ("webhook-timestamp", "1614265330.0"),
        ("webhook-timestamp", " 1614265330 "),
        ("webhook-timestamp", "١٦١٤٢٦٥٣٣٠"),
        ("webhook-timestamp", "9" * 5000),
    ],
)
def test_any_change_breaks_the_signature(part, changed):
    assert not is_signed({**VECTOR, part: changed})


def test_another_body_or_another_secret_breaks_the_signature():
    assert not is_signed(VECTOR, BODY + b" ")
    assert not is_signed(VECTOR, key=b"x" * 32)


@pytest.mark.parametrize("missing", list(VECTOR))
def test_each_header_is_needed(missing):
    assert not is_signed({name: v for name, v in VECTOR.items() if name != missing})


@pytest.mark.parametrize(
    "signature",
    ["nocomma", "v1,  v1,", "v1,%%%", "v1,é", "v1,\udcff", "v1", ",", "v1," * 5000, "v1,\x00"],
)
def test_hostile_signatures_are_only_wrong(signature):
    assert not is_signed({**VECTOR, "webhook-signature": signature})


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"", b"\x00"])
def test_hostile_bodies_are_only_wrong(body):
    assert not is_signed(VECTOR, body)


@settings(max_examples=200)
@given(st.text(), st.text(), st.text(), st.binary())
def test_nothing_a_stranger_sends_raises(name, stamp, signature, body):
    headers = {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}

    assert not is_signed(headers, body)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_é", "whsec_AAAA", "whsec_%%%", "x" * 200])
def test_a_malformed_secret_is_refused(secret):
    with pytest.raises(ValueError, match="webhook secret"):
        signatures.decode(secret)


def test_a_secret_survives_its_text_form():
    key = bytes(range(32))

    assert signatures.decode(signatures.encode(key)) == key
    assert signatures.encode(key) == "whsec_" + base64.b64encode(key).decode()
