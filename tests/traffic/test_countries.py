"""Where an address is: both layouts of MaxMind's format, IPv4 and IPv6, and every way in which a file or an address is none.

The addresses are those that are kept for documentation, so that no one's own stands here.
"""

import random
import subprocess
import sys

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from pipelines.collect.staging import DatasetError
from pipelines.collect.traffic.countries import Countries

NESTED = {"country": {"iso_code": "FR", "names": {"en": "France"}}, "registered_country": {"iso_code": "US"}}
REGISTERED = {"continent": {"code": "EU"}, "registered_country": {"iso_code": "DE"}}


def make(path, networks: dict, ip_version: int = 6):
    writer = MMDBWriter(ip_version, ipv4_compatible=ip_version == 6, database_type="Test")
    for network, record in networks.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    return path


@pytest.fixture
def countries(tmp_path):
    """A function that opens a database made of the networks and records given."""
    opened = []

    def open_made(networks: dict, ip_version: int = 6) -> Countries:
        path = make(tmp_path / f"{len(opened)}.mmdb", networks, ip_version)
        opened.append(Countries(path, "geo/countries.mmdb"))
        return opened[-1]

    yield open_made
    for database in opened:
        database.close()


def test_the_country_is_the_networks_else_the_registrants(countries):
    database = countries({"203.0.113.0/25": NESTED, "203.0.113.128/25": REGISTERED, "2001:db8:1::/48": NESTED})
    assert database.of(["203.0.113.7", "203.0.113.200", "2001:db8:1::7", "2001:db8:2::7", "198.51.100.1"]) == {
        "203.0.113.7": "FR", "203.0.113.200": "DE", "2001:db8:1::7": "FR", "2001:db8:2::7": "unknown",
        "198.51.100.1": "unknown"}


@pytest.mark.parametrize("record", [
    {"country_code": "BE", "country": "Belgium", "continent_code": "EU"}, {"country": "BE"}, {"country_code": "be"},
    {"country_code": "", "country": "BE"}, {"country": {"iso_code": "EU"}, "registered_country": {"iso_code": "BE"}},
])
def test_plain_layouts(countries, record):
    assert countries({"203.0.113.0/24": record}).of(["203.0.113.7"]) == {"203.0.113.7": "BE"}


@pytest.mark.parametrize("record", [
    {"country_code": ""}, {"country": "Belgium"}, {"country": {}}, {"country": {"iso_code": 32}}, {"country_code": "ZZ"},
    {"country": {"iso_code": "EU"}}, {"country_code": "A1"}, {"country": ["BE"]},
])
def test_what_is_no_code_of_a_country_is_unknown(countries, record):
    assert countries({"203.0.113.0/24": record}).of(["203.0.113.7"]) == {"203.0.113.7": "unknown"}


@pytest.mark.parametrize("address", ["[2001:db8::7]", "2001:DB8::7", " 2001:db8::7 ", "::ffff:203.0.113.7",
                                     "[::ffff:203.0.113.7]", "::ffff:cb00:7107"])
def test_addresses_as_logs_write_them(countries, address):
    assert countries({"2001:db8::/32": NESTED, "203.0.113.0/24": NESTED}).of([address]) == {address: "FR"}


@pytest.mark.parametrize("address", ["", "-", "localhost", "203.0.113", "203.0.113.300", "203.0.113.7, 203.0.113.8", "[",
                                     "[]", "é", "2001:db8::g", "\x00", "9" * 5_000, "unix:"])
def test_what_is_no_address_is_unknown(countries, address):
    assert countries({"203.0.113.0/24": NESTED}).of([address]) == {address: "unknown"}


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.1.1",
                                     "100.64.0.1", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:10.1.2.3"])
def test_a_private_address_is_unknown_whatever_the_database_says(countries, address):
    database = countries({"0.0.0.0/1": NESTED, "128.0.0.0/1": NESTED, "f000::/4": NESTED})
    assert database.of([address]) == {address: "unknown"}


def test_just_outside_the_private_networks(countries):
    database = countries({"0.0.0.0/1": NESTED, "128.0.0.0/1": NESTED})
    outside = ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
               "100.63.255.255", "100.128.0.0"]
    assert set(database.of(outside).values()) == {"FR"}


def test_a_database_of_ipv4_alone_knows_no_ipv6(countries):
    database = countries({"203.0.113.0/24": NESTED}, ip_version=4)
    assert database.of(["203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7"]) == {
        "203.0.113.7": "FR", "2001:db8::7": "unknown", "::ffff:203.0.113.7": "FR"}


def test_each_distinct_address_once_and_none_for_none(countries):
    database = countries({"203.0.113.0/24": NESTED})
    assert database.of(iter(["203.0.113.7", "203.0.113.7"])) == {"203.0.113.7": "FR"}
    assert database.of([]) == {}


def refusal(path) -> str:
    with pytest.raises(DatasetError) as refused, Countries(path, "geo/countries.mmdb"):
        pass
    return str(refused.value)


def test_a_missing_file_or_a_directory(tmp_path):
    expected = "geo/countries.mmdb is no file: put the database of countries there, or take its line out of sources.toml"
    assert refusal(tmp_path / "none.mmdb") == expected
    assert refusal(tmp_path) == expected


@pytest.mark.parametrize("body", [b"", b"not a database", b"\x1f\x8b\x08" + b"\x00" * 200, b"\xab\xcd\xefMaxMind.com",
                                  b"\x00" * 5_000 + b"\xab\xcd\xefMaxMind.com" + b"\xff" * 100])
def test_a_file_of_another_format(tmp_path, body):
    path = tmp_path / "other.mmdb"
    path.write_bytes(body)
    assert refusal(path) == ("geo/countries.mmdb is no database of MaxMind's format, or is damaged: fetch it again (.mmdb, "
                             "unpacked)")


ADDRESSES = [f"203.0.113.{n}" for n in range(50)]


def fifty(tmp_path):
    return make(tmp_path / "countries.mmdb", {f"{address}/32": NESTED | {"city": address} for address in ADDRESSES})


def test_a_database_whose_end_or_middle_is_lost(tmp_path):
    path = fifty(tmp_path)
    body = path.read_bytes()
    path.write_bytes(body[:len(body) // 2])
    assert "is damaged" in refusal(path)
    path.write_bytes(body[:200] + body[len(body) // 2:])
    with Countries(path, "geo/countries.mmdb") as database, pytest.raises(DatasetError, match="is damaged"):
        database.of(ADDRESSES)


def test_a_hole_of_zeros_does_not_hang_the_search(tmp_path):
    path = fifty(tmp_path)
    body = path.read_bytes()
    path.write_bytes(b"\0" * 600 + body[600:])
    with Countries(path, "geo/countries.mmdb") as database, pytest.raises(DatasetError, match="is damaged"):
        database.of(ADDRESSES)


def test_bytes_changed_at_random_are_answered_or_refused_and_nothing_else(tmp_path):
    path = fifty(tmp_path)
    body, chance = path.read_bytes(), random.Random(7)
    refused = 0
    for _ in range(200):
        damaged = bytearray(body)
        for place in chance.choices(range(len(body)), k=chance.choice([1, 5, 100])):
            damaged[place] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            with Countries(path, "geo/countries.mmdb") as database:
                assert set(database.of(ADDRESSES)) == set(ADDRESSES)
        except DatasetError:
            refused += 1
    assert 50 < refused < 200


def test_a_database_of_something_else_is_refused_once_it_answers(tmp_path):
    path = make(tmp_path / "asn.mmdb", {"203.0.113.0/24": {"autonomous_system_number": 64496}})
    with Countries(path, "geo/asn.mmdb") as database:
        assert database.of(["198.51.100.1"]) == {"198.51.100.1": "unknown"}
        with pytest.raises(DatasetError) as refused:
            database.of(["198.51.100.1", "203.0.113.7"])
    assert str(refused.value) == ("geo/asn.mmdb tells no countries: give a database of countries or cities "
                                  "(GeoLite2-Country, db-ip country lite, ipinfo lite)")


def test_a_place_without_a_country_is_unknown_and_no_reason_to_refuse(countries):
    database = countries({"203.0.113.0/24": {"continent": {"code": "EU"}}})
    assert database.of(["203.0.113.7"]) == {"203.0.113.7": "unknown"}


def test_the_library_is_not_imported_until_a_database_is_opened():
    script = "import sys; import pipelines.collect.traffic.countries; assert 'maxminddb' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
