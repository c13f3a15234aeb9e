"""Signatures of webhooks after the Standard Webhooks specification 1.0, symmetric scheme `v1`."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300


class SignatureRefused(Exception):
    """The headers do not prove that the holder of the secret has sent this body just now."""


def make_secret() -> str:
    """A new secret: 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature: HMAC-SHA256 over "id.timestamp.body" with the decoded secret."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(mac).decode()


def signed_headers(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; while a secret is being replaced both secrets sign."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(key, message_id, timestamp, body) for key in keys),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """What a receiver does; `headers` by their names in lower case. Raises SignatureRefused."""
    try:
        sent_at = int(headers["webhook-timestamp"])
        expected = sign(secret, headers["webhook-id"], sent_at, body)
        given = headers["webhook-signature"].split(" ")
    except (KeyError, ValueError, binascii.Error) as error:
        raise SignatureRefused("headers are missing or malformed") from error
    if abs(now - sent_at) > TOLERANCE_SECONDS:
        raise SignatureRefused("too old, or from the future")
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise SignatureRefused("no signature fits")
