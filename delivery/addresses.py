"""Where a webhook may go: never into the network the program itself stands in."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

_INSIDE_OUT = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address behind an IPv6 one that looks public


class AddressRefused(Exception):
    """The text says what to do."""


@dataclass(frozen=True)
class Target:
    secure: bool
    host: str
    port: int
    path: str


def parse_url(url: str, *, allow_private: bool) -> Target:
    """Raises AddressRefused for anything but https (or http, where private addresses are allowed) to a plain host."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise AddressRefused(_("This is not an address that can be used.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_private):
        raise AddressRefused(_("Use an address that begins with https://."))
    if not host or parts.username is not None or parts.password is not None:
        raise AddressRefused(_("Give a host, without a name or a password in front of it."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(_("Write every sign that is not a plain letter or digit as percent and number."))
    secure = parts.scheme == "https"
    return Target(secure=secure, host=host, port=port or (443 if secure else 80), path=path)


def is_public(address: str) -> bool:
    """Whether everybody on the internet means the same machine by it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if found in _INSIDE_OUT or found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(target: Target, *, allow_private: bool) -> str:
    """The one address to connect to, looked up once. Raises OSError, and AddressRefused if any is not public."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not (allow_private or all(is_public(address) for address in addresses)):
        raise AddressRefused(_("The host does not lead to a public address."))
    return addresses[0]
