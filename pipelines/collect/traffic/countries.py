"""Countries: where an address is, by a database of MaxMind's format that the operator brings; nothing is asked of anyone.

Two layouts are read: GeoLite2's (`country.iso_code`, else `registered_country.iso_code`), which db-ip follows, and ipinfo's
(`country_code`, or `country` as text). The library's reader in Python is used, on a copy in memory: the one in C is eight
times as fast, but a damaged file makes it write where it must not, and a file cut short while it is mapped ends the process.
Measured on two cores: 45,000 addresses a second.
"""

import re
import struct
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

from pipelines.collect.staging import DatasetError

UNKNOWN = "unknown"
ALPHA_2 = re.compile(r"[A-Z]{2}")
NOT_COUNTRIES = {"AP", "EU", "XX", "ZZ"}  # "somewhere in Asia", "somewhere in Europe", and two ways to say nowhere
DIRECT = "country_code"
NESTED = ("country", "registered_country")
# What records of places have, even those whose country is not known; records of providers or proxies have none of it.
OF_PLACES = {DIRECT, *NESTED, "continent", "continent_code", "represented_country", "location", "traits"}
# What the library raises on a damaged file (its own error is a RuntimeError), found by damaging one at random.
DAMAGE = (RuntimeError, ValueError, TypeError, LookupError, OverflowError, struct.error)
# Addresses that many networks have at once: whatever a database says of them, it is not where the visitor is.
PRIVATE_4 = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
                                    "169.254.0.0/16")))
PRIVATE_6 = tuple(map(IPv6Network, ("fc00::/7", "fe80::/10", "::1/128")))


class Countries:
    """A database of countries, open until `close` (or the end of `with`).

    `shown` is the file's name in messages. DatasetError if the file is missing or is no such database.
    """

    def __init__(self, path: Path, shown: str):
        self._shown = shown
        self._reader = _opened(path, shown)
        self._has_ipv6 = self._reader.metadata().ip_version == 6

    def __enter__(self) -> "Countries":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._reader.close()

    def of(self, addresses: Iterable[str]) -> dict[str, str]:
        """Each distinct address, as it was given, and its country: ISO 3166 alpha-2, or 'unknown'.

        IPv6 may stand in brackets; what is no address is unknown. DatasetError if the database is damaged, or of something
        else than places: every visitor would seem to come from nowhere.
        """
        records = {address: self._record(parsed(address)) for address in dict.fromkeys(addresses)}
        found = [record for record in records.values() if record is not None]
        if found and not any(isinstance(record, dict) and OF_PLACES & record.keys() for record in found):
            raise DatasetError(f"{self._shown} tells no countries: give a database of countries or cities "
                               "(GeoLite2-Country, db-ip country lite, ipinfo lite)")
        return {address: _code(record) for address, record in records.items()}

    def _record(self, address: IPv4Address | IPv6Address | None):
        if address is None or is_private(address) or (address.version == 6 and not self._has_ipv6):
            return None
        try:
            return self._reader.get(address)
        except DAMAGE:
            raise _damaged(self._shown) from None


def _opened(path: Path, shown: str):
    """The reader of a file; its library is imported only here: a run without a database needs none of it."""
    from maxminddb import MODE_MEMORY, open_database

    if not path.is_file():
        raise DatasetError(f"{shown} is no file: put the database of countries there, or take its line out of sources.toml")
    try:
        return open_database(path, MODE_MEMORY)
    except OSError as error:
        raise DatasetError(f"{shown} cannot be read ({error.strerror}): let the job's user read it") from None
    except DAMAGE:
        raise _damaged(shown) from None


def _damaged(shown: str) -> DatasetError:
    return DatasetError(f"{shown} is no database of MaxMind's format, or is damaged: fetch it again (.mmdb, unpacked)")


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is, an IPv4 one where it is mapped into IPv6; None for anything else."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_private(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in (PRIVATE_4 if address.version == 4 else PRIVATE_6))


def _code(record) -> str:
    """The first code of a country in a record."""
    if not isinstance(record, dict):
        return UNKNOWN
    places = [record.get(DIRECT), *(_iso_code(record.get(key)) for key in NESTED)]
    codes = [place.upper() for place in places if isinstance(place, str)]
    return next((code for code in codes if ALPHA_2.fullmatch(code) and code not in NOT_COUNTRIES), UNKNOWN)


def _iso_code(place):
    return place.get("iso_code") if isinstance(place, dict) else place
