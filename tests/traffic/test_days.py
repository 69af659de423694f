"""What is counted of a log: each test is a table of requests and the table of counts that it gives.

Hits, bytes and visitors belong to the local day of the request; a visit and its seconds to the day on which it began.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logbook import AGENTS, CONTRACTS, KEY, LATER, PARIS, Logs, Quick, line
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from pipelines import warehouse
from pipelines.collect import collection, sources
from pipelines.collect.pseudonyms import pseudonym
from pipelines.collect.traffic import days
from pipelines.models import tables
from pipelines.models.engine import select


@pytest.fixture
def count(logs):
    """Collect a table of requests at once."""

    def counted(requests, **mapped):
        if mapped:
            logs.map(**mapped)
        logs.write("access.log", requests)
        return logs.at_once()

    return counted


# --- visits -------------------------------------------------------------------------------------------------------


def test_half_an_hour_without_a_request_is_still_the_same_visit(count):
    """1,800 seconds: the same visit, as GoAccess and Matomo count it. 1,801: another one."""
    count("""
        at                  | who
        2026-03-10 10:00:00 | anna
        2026-03-10 10:30:00 | anna
        2026-03-10 10:00:00 | bert
        2026-03-10 10:30:01 | bert
    """).expect("total", """
        day_on     | client | hits | visits | visitors | seconds | bytes
        2026-03-10 | person | 4    | 3      | 2        | 1800    | 400
    """)


@pytest.mark.parametrize(("second", "visits", "seconds"), [("10:44:59", 1, 3598), ("10:45:00", 1, 3599),
                                                           ("10:45:01", 2, 1799)])
def test_the_gap_is_measured_from_the_newest_request_wherever_the_half_hours_begin(count, second, visits, seconds):
    found = count(f"""
        at                  | who
        2026-03-10 09:45:01 | anna
        2026-03-10 10:10:00 | anna
        2026-03-10 10:15:00 | anna
        2026-03-10 {second} | anna
    """)
    assert (found.total("visits"), found.total("seconds")) == (visits, seconds)


def test_a_visitor_is_an_address_with_an_agent(count):
    """Two browsers behind one address are two; one browser on two addresses is two."""
    count("""
        at                  | who  | agent
        2026-03-10 10:00:00 | anna | firefox
        2026-03-10 10:01:00 | anna | chrome
        2026-03-10 10:02:00 | bert | firefox
        2026-03-10 10:03:00 | anna | firefox
    """).expect("total", """
        day_on     | hits | visits | visitors | seconds
        2026-03-10 | 4    | 3      | 3        | 180
    """)


def test_persons_and_robots_are_counted_apart(count):
    count("""
        at                  | who  | agent
        2026-03-10 10:00:00 | anna | firefox
        2026-03-10 10:00:00 | anna | googlebot
        2026-03-10 10:00:09 | anna | googlebot
    """).expect("total", """
        day_on     | client | hits | visits | visitors | seconds
        2026-03-10 | person | 1    | 1      | 1        | 0
        2026-03-10 | robot  | 2    | 1      | 1        | 9
    """)


def test_a_visit_over_midnight_counts_on_the_day_on_which_it_began(count):
    """Its requests and bytes are each on their own day; all its seconds are of the first; a visitor is one on either day."""
    count("""
        at                  | who  | bytes
        2026-03-10 23:50:00 | anna | 100
        2026-03-11 00:10:00 | anna | 20
        2026-03-11 00:20:00 | anna | 3
    """).expect("total", """
        day_on     | hits | bytes | visits | visitors | seconds
        2026-03-10 | 1    | 100   | 1      | 1        | 1800
        2026-03-11 | 2    | 23    | 0      | 1        | 0
    """)


def test_the_last_second_of_a_day_is_still_of_that_day(count):
    count("""
        at                  | who
        2026-03-10 23:59:59 | anna
        2026-03-11 00:00:00 | bert
    """).expect("total", """
        day_on     | hits | visits
        2026-03-10 | 1    | 1
        2026-03-11 | 1    | 1
    """)


def test_a_machine_that_never_pauses_is_one_visit_to_the_end_of_the_next_day(logs):
    """From 10 March 12:00 to 13 March 12:00, every half hour: counted are the 36 hours to the end of 11 March."""
    begun = datetime(2026, 3, 10, 12, tzinfo=PARIS)
    logs.write("access.log", [line(begun + timedelta(minutes=30 * n), agent="googlebot") for n in range(3 * 48 + 1)])
    logs.at_once().expect("total", f"""
        day_on     | client | hits | visits | visitors | seconds
        2026-03-10 | robot  | 24   | 1      | 1        | {36 * 3600 - 1800}
        2026-03-11 | robot  | 48   | 0      | 1        | 0
        2026-03-12 | robot  | 48   | 0      | 1        | 0
        2026-03-13 | robot  | 25   | 0      | 1        | 0
    """)


# --- days and hours -----------------------------------------------------------------------------------------------


def test_the_night_in_which_an_hour_is_left_out(count):
    """29 March 2026: after 01:59:59 comes 03:00:00. The half hour between is no time at all, and the day has 23 hours."""
    found = count("""
        at                  | who
        2026-03-29 00:00:00 | bert
        2026-03-29 01:59:59 | anna
        2026-03-29 03:00:00 | anna
        2026-03-29 23:59:59 | carl
    """)
    found.expect("hour", """
        day_on     | value | hits | visits | seconds
        2026-03-29 | 00    | 1    | 1      | 0
        2026-03-29 | 01    | 1    | 1      | 1
        2026-03-29 | 03    | 1    | 0      | 0
        2026-03-29 | 23    | 1    | 1      | 0
    """)


def test_the_night_in_which_an_hour_comes_twice(count):
    """25 October 2026: 02:00 to 03:00 happens twice. Both are hour 02; an hour lies between them."""
    found = count("""
        at                        | who
        2026-10-25 00:00:00       | bert
        2026-10-25 02:59:00+02:00 | anna
        2026-10-25 02:00:00+01:00 | anna
        2026-10-25 02:59:00+01:00 | anna
        2026-10-25 23:59:59       | bert
    """)
    found.expect("hour", """
        day_on     | value | hits | visits | visitors | seconds
        2026-10-25 | 00    | 1    | 1      | 1        | 0
        2026-10-25 | 02    | 3    | 2      | 1        | 60
        2026-10-25 | 23    | 1    | 1      | 1        | 0
    """)


def test_whatever_zone_the_server_logs_in_the_day_is_of_paris(count):
    """Midnight in Paris is 23:00 UTC in winter, 22:00 in summer, and 17:00 or 18:00 in New York."""
    found = count("""
        at                        | who
        2026-01-10 22:59:59+00:00 | anna
        2026-01-10 23:00:00+00:00 | anna
        2026-07-10 21:59:59+00:00 | bert
        2026-07-10 22:00:00+00:00 | bert
        2026-01-20 17:59:59-05:00 | carl
        2026-01-20 18:00:00-05:00 | carl
        2026-01-30 04:29:59+05:30 | dora
        2026-01-30 04:30:00+05:30 | dora
    """)
    found.expect("hour", """
        day_on     | value | hits | visits
        2026-01-10 | 23    | 1    | 1
        2026-01-11 | 00    | 1    | 0
        2026-07-10 | 23    | 1    | 1
        2026-07-11 | 00    | 1    | 0
        2026-01-20 | 23    | 1    | 1
        2026-01-21 | 00    | 1    | 0
        2026-01-29 | 23    | 1    | 1
        2026-01-30 | 00    | 1    | 0
    """)


# --- the origin ---------------------------------------------------------------------------------------------------


ORIGINS = [
    ("-", "direct"), ("", "direct"),
    ("https://www.google.com/search?q=x", "google.com"), ("http://WWW.Google.COM:8080", "google.com"),
    ("https://user:secret@blog.example.net/", "blog.example.net"),
    ("https://a@b@blog.example.net/", "blog.example.net"),
    ("https://jean.dupont@mail.example@blog.example.net/", "blog.example.net"),
    ("https://blog.example.net?who=a@b.example", "blog.example.net"),
    ("https://blog.example.net#x@y.example", "blog.example.net"),
    ("android-app://com.example.app/", "com.example.app"), ("https://sub.www.example.net/", "sub.www.example.net"),
    ("https://www.example.org/page", "internal"), ("http://EXAMPLE.org", "internal"),
    ("https://shop.example.fr/", "internal"),
    ("https://www.shop.example.fr/", "internal"), ("https://elsewhere.example.org/", "elsewhere.example.org"),
    ("http://203.0.113.9/", "address"), ("http://[2001:db8::9]/", "address"), ("http://[2001:db8::9]:8080/x", "address"),
    ("http://[fe80::1%25eth0]/", "address"),
    ("http://203-0-113-9.isp.example/", "address"), ("http://ip203.0.113.9.isp.example/", "address"),
    ("http://9.113.0.203.in-addr.arpa/", "address"), ("http://203_0_113_9.isp.example/", "address"),
    ("http://2001-db8-0-0-0-0-0-9.isp.example/", "address"), ("http://2001-db8--9.sslip.example/", "address"),
    ("http://h20010db8000000000000000000000009.isp.example/", "address"),
    ("http://9.0.0.f.a.b.c.d.e.f.8.b.d.0.1.0.0.2.ip6.arpa/", "address"),
    ("http://203.0.113.9.nip.example/", "address"),
    ("http://a-b-c.example.net/", "a-b-c.example.net"),
    ("http://cafe-de-paris.example.net/", "cafe-de-paris.example.net"),
    ("http://1-2-3.example.net/", "1-2-3.example.net"),
    ("http://localhost/", "malformed"), ("http://3405803785/", "malformed"), ("nonsense", "malformed"),
    ("//x.example/", "malformed"),
    ("http:///path", "malformed"), ("http://a b.example/", "malformed"), ("http://exa%6dple.net/", "malformed"),
    (f"http://{'y' * 64}.example/", "malformed"), (f"http://{'a.' * 60}example/", "malformed"),
    ("http://.example/", "malformed"),
    ("http://<script>.example/", "malformed"), ("about:blank", "malformed"), ("mailto:jean@example.net", "malformed"),
]


@pytest.mark.parametrize(("referrer", "origin"), ORIGINS)
def test_an_origin_is_a_domain_or_a_word_for_what_is_none(origins, referrer, origin):
    assert origins[referrer] == origin


@pytest.fixture(scope="module")
def origins(tmp_path_factory):
    """What becomes of every referrer of the table above, in one collection: one referrer a day."""
    referrers = [referrer for referrer, _ in ORIGINS]
    logs = Logs(tmp_path_factory.mktemp("origins"))
    logs.map(sites=["Example.ORG", "shop.example.fr"])
    found = {}
    day = datetime(2025, 1, 1, 12, tzinfo=PARIS)
    logs.write("access.log", [line(day + timedelta(days=n), referrer=referrer) for n, referrer in enumerate(referrers)])
    for row in logs.at_once().of("origin", ["day_on", "value"]):
        found[referrers[(date.fromisoformat(row[0]) - day.date()).days]] = row[1]
    return found


def test_the_site_itself_is_no_origin_where_the_log_tells_the_host(count):
    count("""
        at                  | who  | host               | referrer
        2026-03-10 10:00:00 | anna | a.example.net      | http://a.example.net/x
        2026-03-10 10:00:00 | bert | A.example.net:8443 | http://a.example.net/x
        2026-03-10 10:00:00 | carl | b.example.net      | http://a.example.net/x
        2026-03-10 10:00:00 | dora | a.example.net      | http://www.a.example.net/x
    """).expect("origin", """
        value         | visits
        internal      | 3
        a.example.net | 1
    """)


def test_a_visits_origin_is_that_of_its_first_request_and_all_its_hits_are_of_it(count):
    count("""
        at                  | who  | referrer                | bytes
        2026-03-10 23:50:00 | anna | https://search.example/ | 1
        2026-03-10 23:55:00 | anna | https://other.example/  | 10
        2026-03-11 00:05:00 | anna | -                       | 100
        2026-03-11 00:40:00 | anna | -                       | 1000
    """).expect("origin", """
        day_on     | value          | hits | bytes | visits | visitors | seconds
        2026-03-10 | search.example | 2    | 11    | 1      | 1        | 900
        2026-03-11 | search.example | 1    | 100   | 0      | 1        | 0
        2026-03-11 | direct         | 1    | 1000  | 1      | 1        | 0
    """)


def test_of_a_machine_that_never_pauses_the_origin_is_looked_for_on_the_day_before(logs):
    """So that a day depends on the days beside it alone, and comes out the same whichever files are read for it."""
    begun = datetime(2026, 3, 10, 12, tzinfo=PARIS)
    referrers = {0: "https://first.example/", 24: "https://second.example/"}
    logs.write("access.log", [line(begun + timedelta(minutes=30 * n), agent="googlebot", referrer=referrers.get(n, "-"))
                              for n in range(3 * 48)])
    logs.at_once().expect("origin", """
        day_on     | value          | hits | visits
        2026-03-10 | first.example  | 24   | 1
        2026-03-11 | first.example  | 48   | 0
        2026-03-12 | second.example | 48   | 0
        2026-03-13 | direct         | 24   | 0
    """)


@pytest.mark.parametrize("seed", range(4))
def test_of_several_requests_in_one_second_always_the_same_one_is_the_first(tmp_path, seed):
    """Whatever the order of lines and files: hosts, referrers, ciphers, accounts and answers all differ, and tie."""
    rows = [line("2026-03-10 10:00:00", host=host, referrer=referrer, cipher=cipher, status=status, account=account)
            for host in ("www.example.org", "x.example") for referrer in ("https://x.example/", "https://y.example/")
            for cipher, status in (("TLS_AES_128_GCM_SHA256", "200"), ("TLS_AES_256_GCM_SHA384", "200"), ("-", "301"))
            for account in ("one", "two")]
    outcomes = set()
    for turn in range(3):
        logs = Logs(tmp_path / str(turn))
        logs.map(fields={"account": "$http_x_account"})
        random.Random(seed * 10 + turn).shuffle(rows)
        for name in range(turn + 1):
            logs.write(f"{name}.log", rows[name::turn + 1])
        quick = Quick(logs.home)
        outcomes.add(tuple(quick.night().counts))
        quick.close()
    assert len(outcomes) == 1


# --- connections and answers --------------------------------------------------------------------------------------

CIPHERS = """
    scheme | protocol | cipher                           | tls
    https  | TLSv1.3  | TLS_AES_128_GCM_SHA256           | 128
    https  | TLSv1.3  | TLS_AES_256_GCM_SHA384           | 256
    https  | TLSv1.3  | TLS_CHACHA20_POLY1305_SHA256     | 256
    https  | TLSv1.3  | TLS_AES_128_CCM_8_SHA256         | 128
    https  | TLSv1.2  | ECDHE-RSA-AES128-GCM-SHA256      | 128
    https  | TLSv1.2  | ECDHE-RSA-AES128-SHA256          | 128
    https  | TLSv1.2  | ECDHE-ECDSA-AES256-GCM-SHA384    | 256
    https  | TLSv1.2  | ecdhe-ecdsa-aes256-gcm-sha384    | 256
    https  | TLSv1.2  | ECDHE-RSA-CHACHA20-POLY1305      | 256
    https  | TLSv1.2  | DHE-RSA-CAMELLIA256-SHA256       | 256
    https  | TLSv1.2  | ARIA128-GCM-SHA256               | 128
    https  | TLSv1.2  | TLS_RSA_WITH_AES_256_CBC_SHA     | 256
    https  | TLSv1    | DES-CBC3-SHA                     | 112
    https  | TLSv1    | TLS_RSA_WITH_3DES_EDE_CBC_SHA    | 112
    https  | SSLv3    | DES-CBC-SHA                      | 56
    https  | SSLv3    | RC4-SHA                          | 128
    https  | SSLv3    | EXP-RC4-MD5                      | 40
    https  | SSLv3    | EXP1024-RC4-SHA                  | 56
    https  | SSLv3    | TLS_RSA_EXPORT_WITH_RC4_40_MD5   | 40
    https  | TLSv1.2  | ECDHE-RSA-NULL-SHA               | 0
    https  | TLSv1.2  | TLS_NULL_WITH_NULL_NULL          | 0
    https  | TLSv1.2  | GOST2012-KUZNYECHIK-KUZNYECHIKOMAC | 256
    https  | TLSv1.3  | TLS_SM4_GCM_SM3                  | 128
    https  | TLSv1.2  | SOMETHING-NEW                    | unknown
    https  | TLSv1.2  | -                                | unknown
    https  | -        | -                                | unknown
    http   | -        | -                                | plain
"""


def test_the_bits_of_a_connection_are_those_of_its_cipher(logs):
    """AES128-GCM-SHA256 has 128: the 256 is of its digest. One suite a day, so that each shows alone."""
    rows = tables.parse(CIPHERS)
    begun = datetime(2025, 1, 1, 12, tzinfo=PARIS)
    logs.write("access.log", [line(begun + timedelta(days=n), **{k: v for k, v in row.items() if k != "tls"})
                              for n, row in enumerate(rows)])
    found = [value for _, value in logs.at_once().of("tls", ["day_on", "value"])]
    assert dict(zip((row["cipher"] + row["scheme"] for row in rows), found, strict=True)) == {
        row["cipher"] + row["scheme"]: row["tls"] for row in rows}


@pytest.mark.parametrize(("bits", "tls"), [("256", "256"), ("128", "128"), ("40", "40"), ("-", "plain"), ("0", "plain")])
def test_a_size_of_the_key_that_is_told_is_believed(logs, bits, tls):
    logs.map(form='%h %l %u %t "%r" %>s %b %{SSL_CIPHER_USEKEYSIZE}x')
    logs.write("access.log", [f'203.0.113.1 - - [10/Mar/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 5 {bits}\n'])
    logs.at_once().expect("tls", f"""
        value | hits | visits
        {tls} | 1    | 1
    """)


def test_a_log_that_tells_nothing_of_connections_says_so(logs):
    logs.map(form="common")
    logs.write("access.log", ['203.0.113.1 - - [10/Mar/2026:10:00:00 +0100] "GET / HTTP/1.1" 301 0\n'])
    logs.at_once().expect("tls", """
        value      | hits | visits
        not_logged | 1    | 1
    """)


def test_plain_requests_that_were_turned_away_are_counted_apart(count):
    """Four ways in which a request in the clear ends.

    Redirected without a body: nothing was told in the clear. Redirected with a page: nginx and Apache add a short one of
    fixed text to every redirect of their own; that it is such a page the log cannot tell, so it is neither the first nor
    plain, and what the page is shows a probe of the port. Turned away: to what is no request (a TLS hello on the plain port,
    plain HTTP on the TLS port, a scanner's bytes) nginx logs 400 with a fixed page; 408, 444, 499 and 000 with no byte are
    answers that were never given. All else is plain: an answer, however short, is an exchange in the clear. An application's
    own 400 to a plain request passes for a page of the server; its other answers do not.
    """
    count("""
        at                  | who   | scheme | status | bytes
        2026-03-10 10:00:00 | anna  | http   | 301    | 0
        2026-03-10 10:00:00 | bert  | http   | 308    | 0
        2026-03-10 10:00:00 | carl  | http   | 301    | 162
        2026-03-10 10:00:00 | cleo  | http   | 301    | 1024
        2026-03-10 10:00:00 | curt  | http   | 301    | 1025
        2026-03-10 10:00:00 | dora  | http   | 304    | 0
        2026-03-10 10:00:00 | eve   | http   | 200    | 0
        2026-03-10 10:00:00 | fred  | http   | 400    | 157
        2026-03-10 10:00:00 | gina  | http   | 400    | 5000
        2026-03-10 10:00:00 | hans  | http   | 499    | 0
        2026-03-10 10:00:00 | hedy  | http   | 499    | 1
        2026-03-10 10:00:00 | ida   | http   | 408    | 0
        2026-03-10 10:00:00 | jan   | http   | 404    | 0
        2026-03-10 10:00:00 | kurt  | http   | 000    | 0
        2026-03-10 10:00:00 | lena  | https  | 400    | 157
    """).expect("tls", """
        value               | hits | visits
        plain_redirect      | 2    | 2
        plain_redirect_page | 2    | 2
        plain_refused       | 4    | 4
        plain               | 6    | 6
        256                 | 1    | 1
    """)


def test_answers_are_counted_by_class_and_a_visit_by_its_first(count):
    count("""
        at                  | who  | status
        2026-03-10 10:00:00 | anna | 404
        2026-03-10 10:00:01 | anna | 200
        2026-03-10 10:00:02 | anna | 204
        2026-03-10 10:00:03 | anna | 304
        2026-03-10 10:00:04 | anna | 499
        2026-03-10 10:00:05 | anna | 500
        2026-03-10 10:00:06 | anna | 101
        2026-03-10 10:00:07 | anna | 000
        2026-03-10 10:00:08 | anna | 999
    """).expect("status", """
        value   | hits | bytes | visits | visitors | seconds
        1xx     | 1    | 100   | 0      | 1        | 0
        2xx     | 2    | 200   | 0      | 1        | 0
        3xx     | 1    | 100   | 0      | 1        | 0
        4xx     | 2    | 200   | 1      | 1        | 8
        5xx     | 1    | 100   | 0      | 1        | 0
        unknown | 2    | 200   | 0      | 1        | 0
    """)


# --- accounts and countries ---------------------------------------------------------------------------------------


def test_accounts_have_the_pseudonyms_that_they_have_in_every_dataset(logs):
    logs.map(fields={"account": "$http_x_account"})
    logs.write("access.log", """
        at                  | who  | account
        2026-03-10 10:00:00 | anna | 4711
        2026-03-10 10:00:00 | bert | -
    """)
    (logs.home.path / "accounts.csv").write_text("account_id,created_at,state,email\n4711,2020-01-01T00:00:00Z,active,x\n")
    toml = logs.home.path / "sources.toml"
    toml.write_text(toml.read_text() + '[app]\nkind = "files"\n[app.datasets]\naccounts = "accounts.csv"\n')
    connection = warehouse.create(logs.home.path / "all.duckdb", None, CONTRACTS)
    collection.collect(connection, logs.home, sources.load(toml, CONTRACTS), CONTRACTS, KEY, LATER)
    (account,), = connection.execute("SELECT account_id FROM source.accounts").fetchall()
    counted = connection.execute("SELECT value, hits FROM source.access_log WHERE dimension = 'account'").fetchall()
    warehouse.finish(connection)
    assert account == pseudonym(KEY, "account", "4711")
    assert sorted(counted) == sorted([(account, 1), ("none", 1)])


def test_a_visit_belongs_to_the_first_account_that_it_tells(count):
    """Who signs in during a visit was there from its beginning, also where midnight lies between."""
    one, two = (pseudonym(KEY, "account", name) for name in ("one", "two"))
    count("""
        at                  | who  | account
        2026-03-10 10:00:00 | anna | -
        2026-03-10 10:00:01 | anna | one
        2026-03-10 10:00:02 | anna | two
        2026-03-11 10:00:01 | anna | two
        2026-03-11 10:00:02 | anna | one
        2026-03-11 23:50:00 | bert | -
        2026-03-12 00:10:00 | bert | one
    """, fields={"account": "$http_x_account"}).expect("account", f"""
        day_on     | value | hits | visits
        2026-03-10 | {one} | 3    | 1
        2026-03-11 | {two} | 2    | 1
        2026-03-11 | {one} | 1    | 1
        2026-03-12 | {one} | 1    | 0
    """)


def test_accounts_and_countries_are_left_out_where_nothing_tells_them(count):
    found = count("""
        at                  | who
        2026-03-10 10:00:00 | anna
    """)
    dimensions = {row[2] for row in found.counts}
    assert dimensions == {"total", "hour", "origin", "browser", "system", "device", "status", "tls"}


def test_the_country_is_where_the_address_is(logs):
    database = MMDBWriter(6, ipv4_compatible=True, database_type="Test")
    for network, code in (("203.0.113.0/31", "FR"), ("2001:db8::/32", "BE")):
        database.insert_network(IPSet([network]), {"country": {"iso_code": code}})
    database.to_db_file(str(logs.home.path / "countries.mmdb"))
    logs.map(countries="countries.mmdb")
    logs.write("access.log", """
        at                  | who
        2026-03-10 23:59:00 | anna
        2026-03-11 00:00:00 | anna
        2026-03-10 10:00:00 | bert
        2026-03-10 10:00:00 | carl
        2026-03-10 10:00:00 | 10.0.0.1
    """)
    logs.at_once().expect("country", """
        day_on     | value   | hits | visits
        2026-03-10 | FR      | 1    | 1
        2026-03-11 | FR      | 1    | 0
        2026-03-10 | BE      | 1    | 1
        2026-03-10 | unknown | 2    | 2
    """)


# --- against a count that was written for nothing but being plain ---------------------------------------------------


@dataclass(frozen=True)
class Request:
    second: int
    who: str
    agent: str
    bytes: int
    status: int
    referrer: str

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.second, UTC).astimezone(PARIS)

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def written(self) -> str:
        return line(self.at, who=self.who, agent=self.agent, bytes=str(self.bytes), status=str(self.status),
                    referrer=self.referrer)


def visits_of(requests: list[Request]) -> list[list[Request]]:
    visits, open_visits = [], {}
    for request in sorted(requests, key=lambda request: request.second):
        visitor = (request.who, request.agent)
        visit = open_visits.get(visitor)
        if visit is None or request.second - visit[-1].second > 1800:
            visit = open_visits[visitor] = []
            visits.append(visit)
        visit.append(request)
    return visits


def expected_totals(requests: list[Request]) -> dict:
    """(day, client) -> [hits, bytes, visits, visitors, seconds]"""
    counts, visitors = defaultdict(lambda: [0, 0, 0, 0, 0]), defaultdict(set)

    def of(request):
        return request.day, "robot" if request.agent == "googlebot" else "person"

    for request in requests:
        counts[of(request)][0] += 1
        counts[of(request)][1] += request.bytes
        visitors[of(request)].add((request.who, request.agent))
    for visit in visits_of(requests):
        first = visit[0]
        counted = [request for request in visit if request.day <= first.day + timedelta(days=1)]
        counts[of(first)][2] += 1
        counts[of(first)][4] += counted[-1].second - first.second
    for key, found in visitors.items():
        counts[key][3] = len(found)
    return {key: tuple(found) for key, found in counts.items()}


def expected_origins(requests: list[Request]) -> dict:
    """(day, origin) -> [hits, visits]; a request's origin is its visit's first one that is at most a day older."""
    counts = defaultdict(lambda: [0, 0])
    for visit in visits_of(requests):
        counts[visit[0].day, visit[0].referrer][1] += 1
        for request in visit:
            first = next(one for one in visit if one.day >= request.day - timedelta(days=1))
            counts[request.day, first.referrer][0] += 1
    return {(day, referrer.removeprefix("https://").rstrip("/") if referrer != "-" else "direct"): tuple(found)
            for (day, referrer), found in counts.items()}


GAPS = st.sampled_from([0, 1, 60, 900, 1799, 1800, 1801, 3599, 3600, 3601, 20_000, 50_000])
BEGINNINGS = st.sampled_from(["2026-03-28 21:00", "2026-10-24 21:00", "2026-06-30 23:29:59", "2025-12-31 12:00"])


@st.composite
def requests(draw, at_most=60):
    second = int(tables.moment(draw(BEGINNINGS)).timestamp())
    found, by_second = [], {}
    for gap in draw(st.lists(GAPS, min_size=1, max_size=at_most)):
        second += gap
        who, agent = draw(st.sampled_from(["anna", "bert", "carl"])), draw(st.sampled_from(sorted(AGENTS)))
        referrer = draw(st.sampled_from(["-", "https://a.example/", "https://b.example/"]))
        # Which request of one second is the first is nobody's business; here they agree.
        referrer = by_second.setdefault((who, agent, second), referrer)
        size, status = draw(st.integers(0, 5000)), draw(st.sampled_from([200, 301, 404, 500]))
        found.append(Request(second, who, agent, size, status, referrer))
    return found


@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(requests(), st.randoms(use_true_random=False))
def test_random_logs_are_counted_as_a_plain_program_counts_them(tmp_path_factory, found, shuffled):
    logs = Logs(tmp_path_factory.mktemp("random") / "home")
    rows = [request.written for request in found]
    shuffled.shuffle(rows)
    logs.write("access.log", rows)
    quick = Quick(logs.home)
    night = quick.night()
    quick.close()

    totals = {(date.fromisoformat(day), client): tuple(map(int, counts)) for day, client, *counts in night.of(
        "total", ["day_on", "client", "hits", "bytes", "visits", "visitors", "seconds"])}
    assert totals == expected_totals(found)
    by_origin = defaultdict(lambda: [0, 0])
    for day, origin, hits, visits in night.of("origin", ["day_on", "value", "hits", "visits"]):
        by_origin[date.fromisoformat(day), origin][0] += int(hits)
        by_origin[date.fromisoformat(day), origin][1] += int(visits)
    assert {key: tuple(counts) for key, counts in by_origin.items()} == expected_origins(found)
    assert_every_dimension_adds_up(night)


def assert_every_dimension_adds_up(night):
    columns = ["day_on", "client", "hits", "bytes", "visits", "seconds"]
    total = night.of("total", columns)
    dimensions = {row[2] for row in night.counts}
    assert {"hour", "origin", "tls", "status", "browser", "system", "device"} <= dimensions
    for dimension in dimensions:
        sums = defaultdict(lambda: [0, 0, 0, 0])
        for day, client, *counts in night.of(dimension, columns):
            sums[day, client] = [had + int(more) for had, more in zip(sums[day, client], counts, strict=True)]
        assert sorted((*key, *map(str, counts)) for key, counts in sums.items()) == total, dimension


def test_what_is_said_outright_of_visits_is_in_their_select():
    """Where the SELECT were spelled another way, nothing would be left out, and nobody would notice but the clock."""
    bare, whole = (days._of_visits(has_account=has, has_connections=has) for has in (False, True))
    assert whole == select(days.VISIT)
    assert [what in sql for what in ("account_key IS NOT NULL", "arg_min(p.connection_key") for sql in (bare, whole)] == [
        False, True, False, True]
