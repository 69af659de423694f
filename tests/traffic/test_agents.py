"""What an agent says: uap-core's own tables, the line between persons and robots, devices, and hostile agents."""

import json
import lzma
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.collect.traffic.agents import LONGEST_NAME, OTHER, Agent, describe, name

TABLES = Path(__file__).with_name("uap-core")
ANDROID = "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 {}Safari/537.36"
DESKTOP = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36"
WINDOWS = "Windows NT 10.0; Win64; x64"


def table(of: str) -> list:
    return json.loads(lzma.decompress((TABLES / f"{of}.json.xz").read_bytes()))


def said(agent: str) -> Agent:
    return describe([agent])[0]


# Names of uap-core that have characters we do not let through, and one that is longer: everything else is as it says.
RENAMED_BROWSERS = {
    "Comodo HTTP(S) Crawler": "Comodo HTTP S Crawler",
    "Computer_and_Automation_Research_Institute_Crawler": "Computer_and_Automation_Research_Institu",
    "Firefox (Shiretoko)": "Firefox Shiretoko",
    "Hatena::Crawler": "Hatena Crawler",
    "Nutch; http:": "Nutch http",
    "Planet Boing!": "Planet Boing",
    "SRCCN!Spider": "SRCCN Spider",
    "The Bat!": "The Bat",
    "Xenu's Link Sleuth": "Xenu s Link Sleuth",
    "Y!J-BRI": "Y J-BRI",
    "Y!J-BRW": "Y J-BRW",
    "Yahoo! Slurp": "Yahoo Slurp",
    "envolk[ITS]spider": "envolk ITS spider",
}
RENAMED_SYSTEMS = {"Symbian^3": "Symbian 3", "Symbian^3 Anna": "Symbian 3 Anna", "Symbian^3 Belle": "Symbian 3 Belle"}


def test_every_browser_of_uap_core_is_named_as_it_says():
    rows = table("browsers")
    found = [(agent.family, agent.version) for agent in describe(row[0] for row in rows)]
    assert found == [(RENAMED_BROWSERS.get(family, family), major) for _, family, major in rows]
    assert len(rows) == 1600
    assert sum(family in RENAMED_BROWSERS for _, family, _ in rows) == 14


def test_every_system_of_uap_core_is_named_as_it_says():
    rows = table("systems")
    found = [agent.system for agent in describe(row[0] for row in rows)]
    assert found == [RENAMED_SYSTEMS.get(family, family) for _, family in rows]
    assert len(rows) == 479


def test_the_robots_among_uap_cores_devices_and_those_that_it_takes_for_devices():
    """WhatsApp's agent names the sender's telephone, and is a preview; three more are tools or crawlers by their name."""
    rows = table("devices")
    robots = {row[0]: row[1] for row, agent in zip(rows, describe(row[0] for row in rows), strict=True) if agent.is_robot}
    assert {row[0] for row in rows if row[1] == "Spider"} <= set(robots)
    beyond = [agent for agent, family in robots.items() if family != "Spider"]
    assert sum(agent.startswith("WhatsApp/2") for agent in beyond) == 57
    assert sorted(agent[:24] for agent in beyond if not agent.startswith("WhatsApp/2")) == [
        "Http Connector Spider, c", "Huaweisymantecspider (co", "PostmanRuntime/7.20.1"]


ROBOTS = [
    # No agent at all: every browser sends one.
    "", "-", "   ", "\x00\x01",
    # Libraries and tools under their default names.
    "curl/8.5.0", "Wget/1.21.4", "python-requests/2.32.3", "Python-urllib/3.11", "Python/3.12 aiohttp/3.9.5",
    "python-httpx/0.27.0", "Go-http-client/2.0", "Java/17.0.9", "Apache-HttpClient/4.5.14 (Java/17.0.9)", "libwww-perl/6.72",
    "LWP::Simple/6.00", "Ruby", "axios/1.7.2", "node-fetch/1.0", "node", "undici", "got/9.6.0 (https://github.com/x)",
    "PostmanRuntime/7.39.0", "GuzzleHttp/7", "PHP/8.2.1", "Symfony HttpClient (Curl)", "Scrapy/2.11 (+https://scrapy.org)",
    "HTTPie/3.2.2", "git/2.43.0", "Wget", "sqlmap/1.8#stable (https://sqlmap.org)",
    # Alone, these name neither an app nor a device: the default of whoever set none.
    "okhttp/4.9.3", "Dart/3.4 (dart:io)",
    # What every browser begins with, and nothing after it.
    "Mozilla/5.0",
    # Scripts and driven browsers that pose as a browser.
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; fr-FR) WindowsPowerShell/5.1.22621.2506",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    ANDROID.format("11; moto g power (2022)", "Mobile ") + " Chrome-Lighthouse",
    # Monitors.
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "kube-probe/1.29", "ELB-HealthChecker/2.0",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "check_http/v2.3.3 (monitoring-plugins 2.3.3)", "StatusCake",
    "Mozilla/5.0 (compatible; Site24x7)", "Uptime-Kuma/1.23.13", "Blackbox Exporter/0.25.0", "Zabbix", "GoogleHC/1.0",
    DESKTOP.format(WINDOWS) + " RuxitSynthetic/1.0 v1", "Consul Health Check", "SomeMonitor/1.0", "Site Monitoring 2",
    # By their usual words.
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Robot", "bot", "my_bot_2", "x-bots/1",
    ANDROID.format("6.0.1; Nexus 5X Build/MMB29P", "Mobile ") + " (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)", "ia_archiver", "Mozilla/5.0 (compatible; Yahoo! Slurp)",
    "W3C_Validator/1.3",
    "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0", "Mozilla/5.0 zgrab/0.x (compatible; fetcher)",
    # Who tells where to read about it is not a person.
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html)", "Something/1.0 (+https://example.org/about)",
    # Sent by the telephone of who pastes the link into a chat.
    "WhatsApp/2.23.20.0 A",
]
PERSONS = [
    DESKTOP.format(WINDOWS), DESKTOP.format("X11; Linux x86_64"), ANDROID.format("14; Pixel 8", "Mobile "),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0",
    # Cubot makes telephones.
    ANDROID.format("10; CUBOT NOTE 20", "Mobile "), ANDROID.format("8.0.0; CUBOT_X18_Plus", "Mobile "),
    ANDROID.format("12; en_CUBOT_P60", "Mobile "),
    "Mozilla/5.0 (Android 10; Mobile; CUBOT; rv:109.0) Gecko/109.0 Firefox/115.0",
    ANDROID.format("4.2.2; CUBOT C11 Build/JDQ39", "Mobile "),
    # The words of robots inside other words (of a device: elsewhere uap-core itself looks for 'bot' inside words).
    ANDROID.format("13; Roboto One", "Mobile "), ANDROID.format("13; Bottle 2", "Mobile "),
    DESKTOP.format(WINDOWS) + " Fetchy/3",
    ANDROID.format("13; Spiderman Edition", "Mobile "), ANDROID.format("13; BOTANY_1", "Mobile "),
    # An app on a device, which also says with what library it was made.
    "Shop/3.1 (Android 12; SM-G991B) okhttp/4.9.3", "MyApp/1.0 CFNetwork/1406.0.4 Darwin/22.4.0",
    "Dalvik/2.1.0 (Linux; U; Android 9; SM-G950F Build/PPR1.180610.011)",
    # Amazon's browser as a computer's.
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0 Safari/537.36",
    # We know nothing of it, and that is no reason to call it a robot.
    "Some Unknown Thing",
]


@pytest.mark.parametrize("agent", ROBOTS)
def test_what_is_no_person_is_a_robot(agent):
    assert said(agent).is_robot
    assert said(agent).device == "robot"


@pytest.mark.parametrize("agent", PERSONS)
def test_what_may_be_a_person_is_none(agent):
    assert not said(agent).is_robot
    assert said(agent).device != "robot"


IPHONE = "Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
DEVICES = [
    ("computer", DESKTOP.format(WINDOWS)),
    ("computer", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15"),
    ("computer", DESKTOP.format("X11; Linux x86_64")),
    ("computer", DESKTOP.format("X11; CrOS x86_64 14541.0.0")),
    ("computer", "Mozilla/5.0 (X11; FreeBSD amd64; rv:126.0) Gecko/20100101 Firefox/126.0"),
    ("computer", "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/7.0; Tablet PC 2.0)"),  # any Windows 7
    ("phone", ANDROID.format("14; Pixel 8", "Mobile ")),
    ("phone", IPHONE.format("iPhone; CPU iPhone OS 17_4 like Mac OS X")),
    ("phone", "Mozilla/5.0 (Android 14; Mobile; rv:126.0) Gecko/126.0 Firefox/126.0"),
    ("phone", "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) Mobile Safari/537.36 Edge/15"),
    ("phone", "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16"),
    ("phone", "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5"),
    ("tablet", ANDROID.format("13; SM-X700", "")),  # no 'Mobile'
    ("tablet", "Mozilla/5.0 (Android 14; Tablet; rv:126.0) Gecko/126.0 Firefox/126.0"),
    ("tablet", IPHONE.format("iPad; CPU OS 17_4 like Mac OS X")),
    ("tablet", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"),
    ("tablet", "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 Safari/537.36"),
    ("other", "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/79.0 Safari/537.36 WebAppManager"),
    ("other", "Mozilla/5.0 (SMART-TV; LINUX; Tizen 5.5) AppleWebKit/537.36 (KHTML, like Gecko) 69.0/5.5 TV Safari/537.36"),
    ("other", ANDROID.format("9; AFTMM Build/PS7233", "")),
    ("other", "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 Version/13.0 Safari/605.1.15"),
    ("other", DESKTOP.format(WINDOWS + "; Xbox; Xbox One")),
    ("other", "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/606.4 NintendoBrowser/5.1.0"),
    ("other", "atc/1.0 watchOS/5.2 model/Watch4,4 hwp/t8006 build/16T225 (6; dt:193)"),
    # Apps do not say on which kind of device they run.
    ("other", "Dalvik/2.1.0 (Linux; U; Android 9; SM-G950F Build/PPR1.180610.011)"),
    ("other", "MyApp/1.0 CFNetwork/1406.0.4 Darwin/22.4.0"),
    ("other", "Some Unknown Thing"),
]


@pytest.mark.parametrize(("device", "agent"), DEVICES)
def test_the_kind_of_device(device, agent):
    assert said(agent).device == device


def test_a_label_is_the_family_and_its_major_version_where_there_is_one():
    assert said(DESKTOP.format(WINDOWS)) == Agent("Chrome", "125", "Windows", "computer", False)
    assert said(DESKTOP.format(WINDOWS)).label == "Chrome 125"
    unknown = said("Some Unknown Thing")
    assert (unknown.family, unknown.version, unknown.system, unknown.label) == (OTHER, None, OTHER, OTHER)


def test_one_answer_an_agent_in_their_order():
    agents = ["curl/8.5.0", "", DESKTOP.format(WINDOWS), "curl/8.5.0"]
    assert [agent.family for agent in describe(iter(agents))] == ["curl", OTHER, "Chrome", "curl"]
    assert describe([]) == []


# Names as rules that copy would give them. The dots of an address may come back as blanks or dashes.
@pytest.mark.parametrize("text", [
    "10.20.30.40 crawler", "host-10-20-30-40", "10 20 30 40", "192.168.1.1", "2001:db8::1", "2001:db8:0:0:0:0:0:1", "::1",
    "fe80::1 bot", "::ffff:10.0.0.1", "[2001:db8::1]:443", "jean@example.org", "Mail jean.dupont@example.org app",
    "0612345678", "06 12 34 56 78", "IMEI 490154203237518", "10<<<<20>>>>30<<<<40", "aa:bb:cc:dd:ee:ff",
    "3f2a9c1e-77ab-4c1d", "app 9f86d081ab4c", "", "   ", "()[]", "\u0661\u0660.\u0662\u0660.\u0663\u0660.\u0664\u0660",
])
def test_a_name_that_could_tell_who_is_other(text):
    assert name(text) == OTHER


@pytest.mark.parametrize(("text", "expected"), [
    ("Chrome Mobile WebView", "Chrome Mobile WebView"), ("Seznam prohlížeč", "Seznam prohlížeč"), ("Mac OS X", "Mac OS X"),
    ("Mobile Safari UI/WKWebView", "Mobile Safari UI/WKWebView"), ("Notepad++ 7.5", "Notepad++ 7.5"),
    ("a<b>\u202ec\"d'e;f", "a b c d e f"), ("x" * 500, "x" * LONGEST_NAME), ("LWP::Simple", "LWP Simple"),
])
def test_a_name_keeps_only_what_a_name_is_made_of(text, expected):
    assert name(text) == expected


@pytest.mark.parametrize("agent", [
    "jean.dupont@example.org-bot/1.0", "10.20.30.40 crawler/1.0", "2001:db8::12 crawler",
    "10.20.30.40/1.0 CFNetwork/1 Darwin/22.4.0",
    "jean@example.org/1.0 CFNetwork/1406.0.4 Darwin/22.4.0", "0612345678/1.0 CFNetwork/1406.0.4 Darwin/22.4.0",
    "HbbTV/1.2.1 (; jean@example.org ;2013)", "Mozilla/5.0 (10.20.30.40) 10.20.30.40bot/1.0",
])
def test_no_part_of_an_agent_that_tells_who_gets_through(agent):
    found = said(agent)
    told = f"{found.label} {found.system}"
    assert not any(part in told for part in ("jean", "dupont", "example", "10.20", "30.40", "2001", "db8", "06123"))


def test_what_stands_after_the_first_thousand_characters_is_not_read():
    assert said("x" * 980 + " Googlebot/2.1").is_robot
    assert not said("x" * 999 + " Googlebot/2.1").is_robot


def test_a_name_that_is_withheld_has_no_version_either():
    assert said("jean@example.org/12 CFNetwork/1406.0.4 Darwin/22.4.0").label == OTHER


def test_the_library_is_not_imported_until_an_agent_is_described():
    script = ("import sys; from pipelines.collect.traffic import agents; agents.describe([]); "
              "assert not [name for name in sys.modules if name.startswith('ua_parser')]; "
              "agents.describe(['x']); assert 'ua_parser_rs' in sys.modules")
    subprocess.run([sys.executable, "-c", script], check=True)


HOSTILE = [
    "A" * 10_000, "Mozilla/5.0 " * 2_000, "(" * 10_000, ";" * 10_000, "Mozilla/5.0 (" + "Android; " * 3_000, "1." * 5_000,
    "Linux; U; Android " * 1_000, "HbbTV/1.1.1 (; " * 1_000, "bot " * 5_000, "u" * 9_999 + "b", "1:" * 5_000, "1-" * 5_000,
    "Mozilla/5.0 (Macintosh;" + " mobil" * 2_000, "\ud800\udfff", "\udcff\udcfe Chrome/1", "\x00" * 100, "é" * 5_000,
    "\U0001f600" * 3_000, "\u202e\u2066Chrome/125.0", "Chrome/" + "9" * 5_000, "Mozilla/5.0\r\nSet-Cookie: x", "%s%n{}$1\\1",
]


@pytest.mark.parametrize("agent", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_agent_is_read_in_bounded_time_and_bounded_words(agent):
    describe(["x"])
    before = time.perf_counter()
    found = describe([agent] * 20)[0]
    assert time.perf_counter() - before < 2  # 0.1 s even where both cores are busy
    assert max(len(found.family), len(found.system)) <= LONGEST_NAME
    assert found.version is None or len(found.version) <= 13
    assert found.label.isprintable()
