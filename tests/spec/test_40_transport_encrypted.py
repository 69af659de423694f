"""Encryption: every exchange with a key of 256 bits.

Two kinds of evidence: what was exchanged, day by day, as the web server logged it; and what a server would accept from
whoever came, as a probe tried it. Neither makes up for the other: a log tells nothing of who has not come yet, and a probe
nothing of what happened. The 256 bits are read as the symmetric key of the cipher suite, which is what encrypts.
"""

import pytest

title = "Encryption: every exchange with a key of 256 bits"

LOG = "day_on | client | dimension | value | hits\n"
PROBES = "endpoint | probed_at | protocol | suite | outcome\n"
# The plain port of the last probe shows what its redirects are.
PAGE = "a:80 | 2024-03-31 04:00 | plain | none | redirect_page\n"


@pytest.fixture
def spec(judged):
    return judged("transport.encrypted")


def logged(*rows: str) -> str:
    return LOG + "".join(f"2024-03-31 | person | tls | {row}\n" for row in rows)


def test_a_key_of_less_than_256_bits_breaks_the_promise_whatever_else_speaks_for_it(spec):
    """AES-128 is held to be safe for decades; it is not what was promised. ChaCha20 has 256, 3DES is counted as 112."""
    spec(access_log=logged("256 | 900", "128 | 3", "112 | 1", "0 | 1"), states="""
        subject                   | 2024-03-31
        access_log 2024-03-31 256 | kept
        access_log 2024-03-31 128 | weak_key
        access_log 2024-03-31 112 | weak_key
        access_log 2024-03-31 0   | weak_key
    """)


def test_requests_are_the_cases_and_robots_count_too(spec):
    """An exchange with a robot is an exchange. What a day says in other dimensions is not asked here."""
    spec(as_of="2024-03-31", access_log=LOG + """
        2024-03-31 | person | tls    | 128 | 3
        2024-03-31 | robot  | tls    | 128 | 4
        2024-03-31 | robot  | tls    | 256 | 0
        2024-03-31 | person | status | 2xx | 9
    """, conditions="""
        subject                   | seen_at          | ok    | reason   | cases
        access_log 2024-03-31 128 | 2024-03-31 00:00 | false | weak_key | 7
    """)


def test_a_day_counts_for_twelve_months(spec):
    spec(as_of="2024-03-31", access_log=LOG + """
        2023-03-31 | person | tls | 128 | 1
        2023-04-01 | person | tls | 128 | 1
        2024-04-01 | person | tls | 128 | 1
    """, conditions="""
        subject                   | in_review
        access_log 2023-03-31 128 | false
        access_log 2023-04-01 128 | true
    """)


def test_what_ends_in_the_clear_without_telling_anything_is_exempt(spec):
    """A redirect without a body tells nothing; a TLS hello on the plain port, a scanner's bytes, a client that hung up were
    given no answer, or a fixed one to what was no request. An answer in the clear is a breach, be it ever so short."""
    spec(access_log=logged("plain_redirect | 7", "plain_refused | 5", "plain | 1"), states="""
        subject                              | 2024-03-31
        access_log 2024-03-31 plain_redirect | kept
        access_log 2024-03-31 plain_refused  | kept
        access_log 2024-03-31 plain          | in_clear
    """)


@pytest.mark.parametrize(("plain", "state"), [
    ("a:80 | 2024-03-31 04:00 | plain | none | redirect_page", "kept"),
    ("a:80 | 2024-03-31 04:00 | plain | none | redirect", "kept"),
    ("a:80 | 2024-03-31 04:00 | plain | none | closed", "kept"),
    ("a:80 | 2024-03-31 04:00 | plain | none | content", "redirect_unproven"),
    ("a:80 | 2024-03-31 04:00 | plain | none | no_answer", "redirect_unproven"),
    ("a:80 | 2024-03-22 04:00 | plain | none | redirect_page", "redirect_unproven"),   # no longer tells
    ("a:80 | 2024-04-01 04:00 | plain | none | redirect_page", "redirect_unproven"),   # not yet known
    ("a:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384 | accepted", "redirect_unproven"),
])
def test_a_redirect_with_a_page_is_what_a_probe_shows_it_to_be(judged, plain, state):
    """nginx and Apache add a short page of fixed text to every redirect of their own: it holds the way to HTTPS and nothing
    of anybody, so it is exempt like a redirect without a body. But a log has only its length and not where it leads: unless
    the probes of the plain ports show that page, of every server, nobody knows."""
    judged("transport.encrypted", leave_out=("a:80", "a:443"))(
        access_log=logged("plain_redirect_page | 9"), tls_probes=PROBES + plain, states=f"""
        subject                                   | 2024-03-31
        access_log 2024-03-31 plain_redirect_page | {state}
    """)


def test_one_plain_port_that_no_probe_has_shown_leaves_every_redirect_with_a_page_open(spec):
    """Which of the servers wrote the line, the log does not say."""
    spec(access_log=logged("plain_redirect_page | 9"), tls_probes=PROBES + PAGE + """
        b:80 | 2024-03-31 04:00 | plain | none | no_answer
    """, states="""
        subject                                   | 2024-03-31
        access_log 2024-03-31 plain_redirect_page | redirect_unproven
        a:80                                      | kept
        b:80                                      | probe_silent
    """)


def test_what_the_log_does_not_tell_is_unknown_and_never_green(spec):
    spec(access_log=logged("not_logged | 900", "unknown | 2"), states="""
        subject                          | 2024-03-31
        access_log 2024-03-31 not_logged | not_logged
        access_log 2024-03-31 unknown    | suite_unknown
    """)


def test_a_server_is_as_strong_as_the_weakest_suite_that_it_accepts(spec):
    """One that prefers AES-256 and takes AES-128 from whoever has nothing else breaks the promise to them."""
    spec(as_of="2024-03-31", tls_probes=PROBES + """
        strict:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384        | accepted
        strict:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_CHACHA20_POLY1305_SHA256  | accepted
        strict:443 | 2024-03-31 04:00 | TLSv1.2 | ECDHE-RSA-AES256-GCM-SHA384   | accepted
        strict:443 | 2024-03-31 04:00 | TLSv1.1 | others                        | refused
        usual:443  | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384        | accepted
        usual:443  | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_128_GCM_SHA256        | accepted
        usual:443  | 2024-03-31 04:00 | TLSv1.2 | ECDHE-RSA-AES128-GCM-SHA256   | accepted
        old:443    | 2024-03-31 04:00 | SSLv3   | TLS_RSA_WITH_3DES_EDE_CBC_SHA | accepted
    """, conditions="""
        subject    | seen_at | ok    | reason   | cases
        strict:443 |         | true  |          | 3
        usual:443  |         | false | weak_key | 2
        old:443    |         | false | weak_key | 1
    """)


def test_a_suite_that_nobody_knows_is_not_guessed_but_a_weak_one_beside_it_is_a_breach(spec):
    spec(tls_probes=PROBES + """
        new:443  | 2024-03-31 04:00 | TLSv1.3 | TLS_SOMETHING_NEW           | accepted
        new:443  | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384      | accepted
        weak:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_SOMETHING_NEW           | accepted
        weak:443 | 2024-03-31 04:00 | TLSv1.2 | ECDHE-RSA-AES128-GCM-SHA256 | accepted
    """, states="""
        subject  | 2024-03-31
        new:443  | suite_unknown
        weak:443 | weak_key
    """)


def test_a_server_that_does_not_answer_proves_nothing_and_one_suite_that_could_not_be_tried_hinders_nothing(spec):
    """`refused` everywhere is no server that anybody could talk to. What the OpenSSL of the probe cannot offer any more (SSL
    3, 3DES, RC4), today's browsers cannot either: who is left to take it shows in the log, or in a scan with sslyze."""
    spec(tls_probes=PROBES + """
        deaf:443   | 2024-03-31 04:00 | TLSv1.3 | others                 | no_answer
        closed:443 | 2024-03-31 04:00 | TLSv1.3 | others                 | refused
        partly:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384 | accepted
        partly:443 | 2024-03-31 04:00 | TLSv1   | others                 | no_answer
        untried:443 | 2024-03-31 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384 | accepted
        untried:443 | 2024-03-31 04:00 | SSLv3   | others                 | not_tried
        untried:443 | 2024-03-31 04:00 | any     | 3DES                   | not_tried
    """, states="""
        subject     | 2024-03-31
        deaf:443    | probe_silent
        closed:443  | probe_silent
        partly:443  | probe_silent
        untried:443 | kept
    """)


def test_the_plain_port_is_exempt_if_it_leads_to_https_and_tells_nothing(spec):
    spec(tls_probes=PROBES + """
        a:80 | 2024-03-31 04:00 | plain | none | closed
        b:80 | 2024-03-31 04:00 | plain | none | redirect
        c:80 | 2024-03-31 04:00 | plain | none | redirect_page
        d:80 | 2024-03-31 04:00 | plain | none | content
        e:80 | 2024-03-31 04:00 | plain | none | no_answer
    """, states="""
        subject | 2024-03-31
        a:80    | kept
        b:80    | kept
        c:80    | kept
        d:80    | in_clear
        e:80    | probe_silent
    """)


def test_the_last_probe_stands_and_earlier_ones_are_dated(spec):
    """Cured today, the weakness of last month is still a breach of the review period."""
    spec(as_of="2024-03-31", tls_probes=PROBES + """
        a:443 | 2023-03-31 23:59 | TLSv1.2 | AES128-SHA             | accepted
        a:443 | 2024-02-01 04:00 | TLSv1.2 | AES128-SHA             | accepted
        a:443 | 2024-03-30 04:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384 | accepted
        a:443 | 2024-04-01 00:00 | TLSv1.2 | AES128-SHA             | accepted
    """, conditions="""
        subject | seen_at          | reason   | in_review
        a:443   | 2023-03-31 23:59 | weak_key | false
        a:443   | 2024-02-01 04:00 | weak_key | true
        a:443   |                  |          | true
    """)


def test_a_last_probe_of_more_than_eight_days_ago_no_longer_tells(spec):
    """Of a server that is still there it must be known tonight; of one that is gone, its records are taken away."""
    spec(tls_probes=PROBES + """
        a:443 | 2024-03-24 00:00 | TLSv1.3 | TLS_AES_256_GCM_SHA384 | accepted
        b:443 | 2024-03-23 23:59 | TLSv1.2 | AES128-SHA             | accepted
    """, states="""
        subject | 2024-03-30 | 2024-03-31 | 2024-04-01
        a:443   | kept       | kept       | probe_old
        b:443   | weak_key   | probe_old  | probe_old
    """)
