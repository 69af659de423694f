"""The web server's own log: three months of nginx, rotated daily and packed, with robots, odd clients and a few bad lines.

Addresses are of the ranges kept for documentation (RFC 5737, RFC 3849): nobody's. Lines are bytes, as a server writes them.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipelines.demo.moments import DAY, HOUR, as_date, at, offset
from pipelines.demo.world import World

DAYS, MOST_VISITS_A_DAY, FEWEST_VISITS_A_DAY = 91, 1_500, 12
SITE = "app.alpiasoft.example"
FORMAT = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
          '$ssl_protocol $ssl_cipher "$http_x_account" "$http_cookie"')
# How many days before as_of the log holds what is planted in it.
WEAK_AGE, CLEAR_AGE, PAGE_AGE = 30, 12, 10
PLANTED = {WEAK_AGE: ("TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256", 200, 5_120), CLEAR_AGE: ("- -", 200, 5_120),
           PAGE_AGE: ("- -", 301, 162)}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# {v}: a version that moves on by one every four weeks.
BROWSERS = (
    (0.34, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 "
           "Safari/537.36"),
    (0.16, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36 "
           "Edg/{v}.0.0.0"),
    (0.18, "Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0"),
    (0.12, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{w} "
           "Safari/605.1.15"),
    (0.10, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{w} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
           "Version/18.{w} Mobile/15E148 Safari/604.1"),
    (0.07, "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Mobile "
           "Safari/537.36"),
    (0.03, "Mozilla/5.0 (iPad; CPU OS 18_{w} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{w} "
           "Mobile/15E148 Safari/604.1"),
)
ROBOTS = ("Mozilla/5.0 (compatible; Searchbot/2.1; +https://search.example/bot.html)", "curl/8.5.0",
          "python-requests/2.32.3", "Uptime-Monitor/1.0 (+https://monitor.example)")
ORIGINS = ((0.52, "-"), (0.2, "https://www.moteur.example/recherche?q=gestion"),
           (0.1, "https://annuaire-metiers.example/fiche/7"),
           (0.08, "https://webmail.example/"), (0.06, "https://blog.alpiasoft.example/articles/nouveautes"),
           (0.04, "https://forum-entrepreneurs.example/sujet/42"))
PAGES = ("/", "/dossiers", "/dossiers/{n}", "/factures?page={n}", "/parametres", "/api/v2/dossiers/{n}", "/aide/{n}")
SUITES = ((0.6, "TLSv1.3 TLS_AES_256_GCM_SHA384"), (0.25, "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256"),
          (0.15, "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384"))
HOURS = np.array([0.3, 0.2, 0.1, 0.1, 0.2, 0.5, 1, 3, 7, 10, 10, 8, 5, 7, 9, 9, 8, 6, 4, 3, 2.5, 2, 1, 0.6])


def write(world: World, accounts: np.ndarray, folder: Path) -> None:
    """Write access.log (as_of's own day), access.log.1 and access.log.2.gz, … into `folder`.

    `accounts`: the ids of the accounts that may have been at work, as the application sends them in a header.
    """
    folder.mkdir(parents=True)
    for age in range(DAYS):
        lines = sorted(_day(world, world.today - age, accounts), key=lambda one: one[0])
        content = b"".join(line + b"\n" for _, line in lines)
        name = folder / ("access.log" if age == 0 else f"access.log.{age}" if age == 1 else f"access.log.{age}.gz")
        name.write_bytes(gzip.compress(content, mtime=0) if name.suffix == ".gz" else content)


def _day(world: World, day: int, accounts: np.ndarray) -> Iterator[tuple[int, bytes]]:
    """(moment, line) of one local day, visit by visit."""
    dice = world.dice(f"weblog {day}")
    is_weekend = as_date(day).weekday() >= 5
    wanted = min(MOST_VISITS_A_DAY, max(FEWEST_VISITS_A_DAY, world.accounts // 28))
    visits = int(wanted * (0.35 if is_weekend else 1) * dice.uniform(0.85, 1.15))
    for _ in range(visits):
        yield from _visit(dice, world, day, accounts)
    yield from _odd(dice, day)
    if planted := PLANTED.get(world.today - day):
        suite, status, sent = planted
        moment = int(at(day, 11 * HOUR))
        yield moment, _line(_address(3), moment, "GET / HTTP/1.1", status, sent, "-", ROBOTS[1], suite, "-")


def _visit(dice, world: World, day: int, accounts: np.ndarray) -> Iterator[tuple[int, bytes]]:
    kind = dice.random()
    hour = dice.choice(24, p=HOURS / HOURS.sum())
    moment = int(at(day, int(hour * HOUR + dice.integers(HOUR))))
    if kind < 0.15:
        yield from _robot(dice, day, moment)
        return
    account = str(dice.choice(accounts)) if kind < 0.85 else "-"
    who = int(account) if account != "-" else int(dice.integers(10**9))
    agent = _chosen(who % 997 / 997, BROWSERS).format(v=136 + (day - 20_000) // 28, w=(day // 60) % 6)
    suite, referrer = _chosen(who % 89 / 89, SUITES), _chosen(dice.random(), ORIGINS)
    last = at(day + 1) - 1
    for number in range(1 + int(dice.exponential(5))):
        if moment > last:
            return
        page = dice.choice(PAGES).format(n=dice.integers(1, 400))
        status = dice.choice((200, 200, 200, 304, 302, 404, 500), p=(0.5, 0.2, 0.15, 0.08, 0.04, 0.025, 0.005))
        sent = 0 if status in (304, 302) else int(dice.integers(400, 60_000))
        yield moment, _line(_address(who), moment, f"GET {page} HTTP/2.0", status, sent,
                            referrer if number == 0 else f"https://{SITE}/dossiers", agent, suite, account)
        moment += int(dice.exponential(70)) + 1


def _robot(dice, day: int, moment: int) -> Iterator[tuple[int, bytes]]:
    """A robot asks for a page or two; some come by plain HTTP and are sent on by a redirect without a body."""
    who, agent = int(dice.integers(40)), str(dice.choice(ROBOTS))
    is_plain = dice.random() < 0.3
    suite, status, sent = ("- -", 301, 0) if is_plain else (SUITES[0][1], 200, 5_120)
    yield moment, _line(_address(who), moment, f"GET /{'robots.txt' if who % 2 else ''} HTTP/1.1", status, sent, "-", agent,
                        suite, "-")


def _odd(dice, day: int) -> Iterator[tuple[int, bytes]]:
    """What every server meets: a TLS hello on the plain port, an empty request, an agent in Latin-1, half a line."""
    for request in (r"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", ""):
        moment = int(at(day, int(dice.integers(DAY))))
        yield moment, _line(_address(int(dice.integers(900))), moment, request, 400, 0, "-", "-", "- -", "-")
    moment = int(at(day, 9 * HOUR))
    if day % 20 == 0:
        yield moment, _line(_address(5), moment, "GET / HTTP/1.1", 200, 512, "-", "navigateur \xe9trange", SUITES[0][1],
                            "-").decode().encode("latin-1")
    if day % 13 == 0:
        yield moment, _line(_address(7), moment, "GET / HTTP/1.1", 200, 512, "-", "-", SUITES[0][1], "-")[:47]


def _line(address: str, moment: int, request: str, status: int, sent: int, referrer: str, agent: str, suite: str,
          account: str) -> bytes:
    return (f'{address} - - [{_stamp(moment)}] "{request}" {status} {sent} "{referrer}" "{agent}" {suite} '
            f'"{account}" "-"').encode()


def _stamp(moment: int) -> str:
    ahead = int(offset(moment))
    wall = moment + ahead
    day = as_date(wall // DAY)
    clock = wall % DAY
    return (f"{day:%d}/{MONTHS[day.month - 1]}/{day.year}:{clock // HOUR:02}:{clock % HOUR // 60:02}:{clock % 60:02} "
            f"+0{ahead // HOUR}00")


def _address(who: int) -> str:
    """Of the three IPv4 ranges for documentation, or (two in five) of the IPv6 one."""
    if who % 5 < 2:
        return f"2001:db8:{who % 65_521:x}::{who // 65_521 + 1:x}"
    return f"{('192.0.2', '198.51.100', '203.0.113')[who % 3]}.{who // 3 % 254 + 1}"


def _chosen(share: float, weighted: tuple[tuple[float, str], ...]) -> str:
    for weight, value in weighted:
        share -= weight
        if share < 0:
            return value
    return weighted[-1][1]
