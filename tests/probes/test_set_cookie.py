"""Set-Cookie headers: read as RFC 6265 has browsers read them, and what cannot be read is never guessed."""

from datetime import UTC, datetime

import pytest

from pipelines.collect.probes.set_cookie import LAST_MOMENT, UNREADABLE, cookie_date, of_file, of_headers, parsed

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAY_LATER, NINTH_OF_JUNE = datetime(2026, 3, 11, 9, 0, tzinfo=UTC), datetime(2027, 6, 9, 10, 18, 14, tzinfo=UTC)
EXPIRES = "Expires=Wed, 09 Jun 2027 10:18:14 GMT"


@pytest.mark.parametrize(("header", "ends"), [
    ("a=1", None),
    ("a=1; Path=/; HttpOnly; Secure; SameSite=Lax", None),
    ("a=1; Max-Age=86400", DAY_LATER),
    (f"a=1; {EXPIRES}", NINTH_OF_JUNE),
    (f"a=1; Max-Age=86400; {EXPIRES}", DAY_LATER),          # Max-Age outranks Expires,
    (f"a=1; {EXPIRES}; Max-Age=86400", DAY_LATER),          # in whatever order they come
    ("a=1; Max-Age=5; max-age=86400", DAY_LATER),           # the last one counts
    (f"a=1; Max-Age=soon; {EXPIRES}", NINTH_OF_JUNE),       # one that is no number is none
    ("a=1; MAX-AGE = 86400 ", DAY_LATER),
    ("a=1; Max-Age=999999999999999999", LAST_MOMENT),
    ("a=1; Max-Age=99999999999999999999", LAST_MOMENT),
    ("a=1; Max-Age=soon", UNREADABLE),
    ("a=1; Max-Age=1.5", UNREADABLE),
    ("a=1; Expires=in a year", UNREADABLE),
    ("a=1; Expires=", UNREADABLE),
    ("a=1; Max-Age=", None),
])
def test_when_a_cookie_ends(header, ends):
    assert parsed(header, "app.example", AT).ends == ends


@pytest.mark.parametrize("header", ["", ";", "=1", "no pair; Max-Age=5", "a=; Max-Age=0", "a=1; Max-Age=-1",
                                    "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                                    "a=1; Expires=Tue, 10 Mar 2026 09:00:00 GMT"])
def test_what_sets_no_cookie_or_takes_one_away(header):
    assert parsed(header, "app.example", AT) is None


@pytest.mark.parametrize(("header", "name", "domain"), [
    ("sid=a=b", "sid", "app.example"),
    (" sid =x; Domain=.Example", "sid", "example"),
    ("sid=x; Domain=", "sid", "app.example"),
    ('__Host-sid="x"; Path=/', "__Host-sid", "app.example"),
])
def test_whose_a_cookie_is(header, name, domain):
    cookie = parsed(header, "app.example", AT)
    assert (cookie.name, cookie.domain) == (name, domain)


@pytest.mark.parametrize(("text", "moment"), [
    ("Wed, 09 Jun 2027 10:18:14 GMT", NINTH_OF_JUNE),
    ("Wednesday, 09-Jun-27 10:18:14 GMT", NINTH_OF_JUNE),   # RFC 850
    ("Wed Jun  9 10:18:14 2027", NINTH_OF_JUNE),            # asctime
    ("09-Jun-2027 10:18:14", NINTH_OF_JUNE),
    ("9 june 2027 10:18:14 +0200", NINTH_OF_JUNE),          # browsers do not read the zone
    ("Sat, 31 Dec 69 23:59:59 GMT", datetime(2069, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ("Wed, 31 Dec 70 23:59:59 GMT", datetime(1970, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ("Wed, 29 Feb 2028 00:00:00 GMT", datetime(2028, 2, 29, tzinfo=UTC)),
    ("Mon, 29 Feb 2027 00:00:00 GMT", None),
    ("Wed, 32 Jun 2027 10:18:14 GMT", None),
    ("Wed, 09 Jun 2027 25:18:14 GMT", None),
    ("Wed, 09 Jun 1600 10:18:14 GMT", None),
    ("Wed, 09 Jun 2027", None),
    ("2027-06-09T10:18:14Z", None),
    ("09 juin 2027 10:18:14", None),
    ("mercredi 9 mai 2027", None),
    ("", None),
])
def test_a_date_of_a_cookie(text, moment):
    """`juin` begins like no English month; `mai` like none either. What a browser would take for a date, is one."""
    assert cookie_date(text) == moment


def test_of_several_headers_the_last_for_a_name_counts():
    left = of_headers(["a=1; Max-Age=86400", "b=1", "a=2", "b=; Max-Age=0; Domain=other.example"], "app.example", AT)
    assert {key: cookie.ends for key, cookie in left.items()} == {("app.example", "a"): None, ("app.example", "b"): None}


def test_saved_answers_have_the_moment_of_the_server():
    text = ("HTTP/1.1 302 Found\r\nDate: Wed, 11 Mar 2026 09:00:00 GMT\r\nSet-Cookie: a=1\r\n\r\n"
            "HTTP/2 200\r\nset-cookie: b=1; Max-Age=5\r\nset-cookie: c=1\r\n\r\nHTTP/1.1 204 No Content\r\nDate: soon\r\n")
    assert of_file(text, AT) == [(DAY_LATER, ["a=1"]), (AT, ["b=1; Max-Age=5", "c=1"])]
    assert of_file("Set-Cookie: a=1", AT) == [(AT, ["a=1"])]
