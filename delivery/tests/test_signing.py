"""Signatures are those of the Standard Webhooks specification."""

import pytest

from delivery.signing import SignatureRefused, make_secret, sign, signed_headers, verify

# The example of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example() -> None:
    assert sign(SECRET, ID, AT, BODY) == SIGNATURE


def test_while_a_secret_is_replaced_a_receiver_with_either_is_content() -> None:
    new, old = make_secret(), make_secret()
    headers = signed_headers([new, old], ID, AT, BODY)
    verify(new, headers, BODY, now=AT + 10)
    verify(old, headers, BODY, now=AT + 10)
    with pytest.raises(SignatureRefused):
        verify(make_secret(), headers, BODY, now=AT + 10)


@pytest.mark.parametrize(
    ("change", "body", "later"),
    [
        ({"webhook-id": "another"}, BODY, 0),
        ({"webhook-timestamp": str(AT + 1)}, BODY, 0),
        ({"webhook-signature": "v1,"}, BODY, 0),
        ({"webhook-timestamp": "soon"}, BODY, 0),
        ({}, BODY + b" ", 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
    ],
)
def test_what_was_changed_or_kept_back_is_refused(change: dict[str, str], body: bytes, later: int) -> None:
    headers = signed_headers([SECRET], ID, AT, BODY) | change
    with pytest.raises(SignatureRefused):
        verify(SECRET, headers, body, now=AT + later)
