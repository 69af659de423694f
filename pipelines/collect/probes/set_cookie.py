"""Set-Cookie headers, read as browsers read them (RFC 6265, 5.1.1 and 5.2): how long is a cookie to live? Never its value.

Max-Age outranks Expires, whatever their order; the last of several of one kind counts. A browser takes a cookie whose date
it cannot read for one of the session; here its end is `unreadable`, so that the row is set aside and counted: no guess.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

UNREADABLE = "unreadable"
# A later end is as much too late: what a moment of the warehouse can hold.
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)
DELIMITERS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?", re.ASCII)
DAY = re.compile(r"(\d{1,2})(?:\D.*)?", re.ASCII)
YEAR = re.compile(r"(\d{2,4})(?:\D.*)?", re.ASCII)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SECONDS = re.compile(r"-?[0-9]{1,1000}")


@dataclass(frozen=True, slots=True)
class SetCookie:
    """`domain`: in lower case, the host's own where none is told. `ends`: a moment, None (the session) or `unreadable`."""

    name: str
    domain: str
    ends: datetime | str | None


def parsed(header: str, host: str, at: datetime) -> SetCookie | None:
    """The cookie that a header's text sets at that moment; None where it sets none, or takes one away."""
    pair, *attributes = header.split(";")
    name, equals, _ = pair.partition("=")
    if not equals or not name.strip():
        return None
    told = {key.strip().lower(): value.strip() for key, _, value in (part.partition("=") for part in attributes)}
    ends = _ends(told.get("max-age"), told.get("expires"), at)
    if isinstance(ends, datetime) and ends <= at:
        return None
    return SetCookie(name.strip(), told.get("domain", "").removeprefix(".").lower() or host, ends)


def _ends(max_age: str | None, expires: str | None, at: datetime) -> datetime | str | None:
    if max_age is not None and SECONDS.fullmatch(max_age):
        return _later(at, int(max_age))
    if expires is not None:
        return cookie_date(expires) or UNREADABLE
    return UNREADABLE if max_age else None


def _later(at: datetime, seconds: int) -> datetime:
    if seconds <= 0:
        return at
    return at + timedelta(seconds=seconds) if seconds < (LAST_MOMENT - at).total_seconds() else LAST_MOMENT


def cookie_date(text: str) -> datetime | None:
    """The moment that a cookie's date tells (in UTC, whatever zone it names, as browsers do); None where it tells none."""
    found: dict[str, tuple[int, ...]] = {}
    for token in DELIMITERS.split(text):
        _note(token, found)
    if len(found) < 4:
        return None
    year = found["year"][0]
    year += 1900 if 70 <= year <= 99 else 2000 if year <= 69 else 0
    try:
        moment = datetime(year, *found["month"], *found["day"], *found["time"], tzinfo=UTC)
    except ValueError:
        return None
    return moment if year >= 1601 else None


def _note(token: str, found: dict[str, tuple[int, ...]]) -> None:
    """What a piece of a date is: the first of these that fits and is not known yet."""
    for part, pattern in (("time", TIME), ("day", DAY)):
        if part not in found and (match := pattern.fullmatch(token)):
            found[part] = tuple(int(number) for number in match.groups())
            return
    if "month" not in found and token[:3].lower() in MONTHS:
        found["month"] = (MONTHS.index(token[:3].lower()) + 1,)
    elif "year" not in found and (match := YEAR.fullmatch(token)):
        found["year"] = (int(match[1]),)


def of_headers(headers: Iterable[str], host: str, at: datetime) -> dict[tuple[str, str], SetCookie]:
    """The cookies that Set-Cookie headers leave behind: by domain and name, the last one counts."""
    left: dict[tuple[str, str], SetCookie] = {}
    for header in headers:
        cookie = parsed(header, host, at)
        if cookie:
            left[cookie.domain, cookie.name] = cookie
    return left


def of_file(text: str, saved_at: datetime) -> list[tuple[datetime, list[str]]]:
    """Saved answers (as `curl --dump-header` writes them): of each, its moment and its Set-Cookie headers.

    The moment is the server's own (Date), by which it reckons; else when the file was saved.
    """
    answers: list[tuple[datetime, list[str]]] = [(saved_at, [])]
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if line.startswith("HTTP/"):
            answers.append((saved_at, []))
        elif colon and key.strip().lower() == "set-cookie":
            answers[-1][1].append(value.strip())
        elif colon and key.strip().lower() == "date":
            answers[-1] = (_date(value) or saved_at, answers[-1][1])
    return [answer for answer in answers if answer[1]]


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):  # also a zone of billions of hours
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
