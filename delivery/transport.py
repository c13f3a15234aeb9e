"""One HTTP request to a stranger: to an address looked up once, in ten seconds, without following anything."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from delivery.addresses import AddressRefused, Target, parse_url, resolve

SECONDS = 10.0
_MOST_READ = 4096
_MOST_KEPT = 500


@dataclass(frozen=True)
class Answer:
    """`status` is None where there was no answer; `error` is then, and for a redirect, a key of events.WHY_NOT."""

    status: int | None
    error: str
    text: str
    duration_ms: int

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False, seconds: float = SECONDS
) -> Answer:
    """POST `body`; whatever goes wrong is told in the answer, never raised."""
    began = time.monotonic()
    status, text = None, ""
    try:
        target = parse_url(url, allow_private=allow_private)
        address = resolve(target, allow_private=allow_private)
        status, text = _exchange(target, address, body, headers, seconds)
        error = "redirect" if 300 <= status < 400 else ""
    except (AddressRefused, OSError, http.client.HTTPException, ValueError) as failure:
        error = _why(failure)
    return Answer(status, error, text, int((time.monotonic() - began) * 1000))


def _why(failure: Exception) -> str:
    if isinstance(failure, AddressRefused):
        return "address"
    if isinstance(failure, socket.gaierror | UnicodeError):
        return "name"
    if isinstance(failure, TimeoutError):
        return "timeout"
    if isinstance(failure, ssl.SSLCertVerificationError):
        return "certificate"
    return "connection" if isinstance(failure, OSError) else "protocol"


def _exchange(target: Target, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> tuple[int, str]:
    with socket.create_connection((address, target.port), timeout=seconds) as plain:
        wire = _tls().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False) \
            if target.secure else plain  # fmt: skip
        with wire, _Deadline(wire, seconds) as deadline:
            try:
                if isinstance(wire, ssl.SSLSocket):
                    wire.do_handshake()
                answer = _ask(target, wire, body, headers)
            except (OSError, http.client.HTTPException, ValueError) as failure:
                if deadline.passed:
                    raise TimeoutError from failure
                raise
            if deadline.passed:  # what was cut off looks like an answer without the rest of its headers
                raise TimeoutError
            return answer


def _ask(target: Target, wire: socket.socket, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    made = http.client.HTTPSConnection if target.secure else http.client.HTTPConnection
    connection = made(target.host, target.port)
    connection.auto_open = 0
    connection.sock = wire  # the name is not looked up again, so it cannot lead elsewhere meanwhile
    connection.request("POST", target.path, body=body, headers=dict(headers))
    response = connection.getresponse()
    said = response.read(_MOST_READ).decode("utf-8", "replace").replace("\0", "")
    return response.status, said[:_MOST_KEPT]


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Deadline:
    """Ends the exchange after `seconds` in all: a socket's own timeout begins anew with every byte that drips in."""

    def __init__(self, wire: socket.socket, seconds: float) -> None:
        self.passed = False
        self._wire = wire
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.passed = True
        with suppress(OSError, ValueError):
            self._wire.shutdown(socket.SHUT_RDWR)
