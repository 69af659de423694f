"""Agents: what a User-Agent header says of the browser, the system, the kind of device, and whether a person sat at it.

The rules are uap-core's own (the package ua-parser-builtins), read once a process when the first agent is described, and
run by the resolver in Rust: its regular expressions take linear time, so that no agent is slow to read. Measured on two
cores: 0.2 s to import and build (0.35 s with the eager rules), then 30,000 distinct agents a second while another job runs
(Python's own resolver: 900); `describe` is meant to be called with each distinct agent once.

What is said of an agent may be a piece of it, since some rules copy what they find: it is bounded to what a browser's or
a system's name can look like, and never holds an address.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

OTHER = "Other"  # uap-core's word where no rule matches
NO_AGENT = ("", "-")  # every browser sends one
LONGEST_AGENT = 1_000  # characters read of one agent; browsers stay below 500
LONGEST_NAME = 40

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
NOT_IN_A_NAME = re.compile(r"[^\w .+/-]+")
MAJOR = re.compile(r"\d{1,8}(?:\.\d{1,4})?")  # longer digits are a number of something else
# An e-mail, four numbers with anything between them (also a telephone's), hexadecimal groups with two colons, and serial
# numbers (seven digits at once, a UUID, a digest): no name of a browser or system has any of them.
IDENTIFYING = re.compile(r"@|\d{1,3}(?:[\W_]{1,3}\d{1,3}){3}|\b[0-9a-f]{1,4}:[0-9a-f]{0,4}:|::[0-9a-f]{1,4}\b|\d{7}"
                         r"|[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{12}", re.IGNORECASE)

# Our own rules, in the form of uap-core's and run by the same resolver, which knows no lookaround; case is folded, and the
# first that fits decides. What comes after a word is no letter:
END = r"(?:[^a-z]|$)"
# The default agent of a library, a command-line tool or a scanner stands first. Further back it is only what an app is made
# with: 'Shop/3.1 (Android 12; SM-G991B) okhttp/4.9.3' is a person's telephone, 'okhttp/4.9.3' alone names neither an app nor
# a device. CFNetwork and Dalvik are not here: they are what apps on Apple's and Google's devices send by themselves.
TOOLS = (r"^(?:curl|libcurl|libcurl-agent|wget|aria2|httpie|xh|lwp|lwp-trivial|libwww-perl|www-mechanize|mojolicious|perl"
         r"|python|aiohttp|httpx|urllib|scrapy|go-http-client|go-resty|fasthttp|gohttp|golang"
         r"|okhttp|java[/1]|java-http-client|(?:apache|jakarta|commons|google)-httpclient|jakarta|jersey|unirest|ktor-client|dart"
         r"|ruby|faraday|typhoeus|rest-client|http\.rb|php|guzzle(?:http)?|symfony|axios|node|node-fetch|undici|got|deno|bun|request"
         r"|reqwest|ureq|hyper|rust|winhttp|restsharp|microsoft-cryptoapi|postmanruntime|insomnia|git|libgit2|ansible|terraform"
         rf"|nmap|masscan|zgrab|nikto|sqlmap|wpscan|nuclei|gobuster|dirbuster|feroxbuster|ffuf){END}")
# What every browser's agent begins with; alone it is of a script that borrowed it.
BARE = r"^mozilla/\d\.\d\d?$"
# A browser that a program drives, wherever it says so, and PowerShell, which begins as a browser does.
DRIVEN = (r"headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/|chrome-lighthouse|pagespeed"
          r"|gtmetrix|ptst/|windowspowershell|powershell/|prerender")
# The words by which robots call themselves, whole or at the end of a name (Googlebot, bot_version), never at its start nor
# in it (Roboto, bottle); Cubot makes telephones.
WORDS = (r"(?:(?:^|[^u]|(?:^|[^c])u)bots?|spiders?|crawl(?:er|ers|ing)?|scrap(?:er|ing)|slurp|fetch(?:er)?|indexer|archiver"
         r"|monitor(?:ing|s)?|uptime|synthetics?|health[ _-]?check(?:er|s)?|link[ _-]?check(?:er)?|checklink|validator|probe"
         rf"|feedparser|(?:link|site|uri|web|bing)[ _-]?preview){END}")
# Robots that call themselves by none of these words: monitors, fetchers of previews and pictures (WhatsApp's is sent by
# the telephone of who pastes a link, not by who reads the page), assistants, and searchers of the whole network.
NAMES = (r"uptimerobot|statuscake|pingdom|site24x7|datadog|zabbix|nagios|check_http|prometheus|blackbox[ -]exporter|newrelic"
         r"|googlehc/|elb-health|kube-|envoy/hc|facebookexternalhit|facebookcatalog|meta-external|whatsapp/|slack-imgproxy"
         r"|mediapartners-google|google-(?:extended|safety|site-verification)|googleother|apis-google|chatgpt-user"
         r"|claude-(?:web|user)|perplexity-user|anthropic-ai|ia_archiver|let's encrypt|netcraft|censys|shodan"
         r"|paloaltonetworks|internet-?measurement|l9explore|screaming frog|sitesucker|httrack")
# '+http://...' in a comment is how a robot tells where to read about it.
ABOUT = r"\+https?:"
# Televisions, consoles, watches, glasses, cars: neither a computer nor held in the hand.
APPLIANCES = (r"smart-?\s?tv|\btv\b|hbbtv|googletv|apple ?tv|webtv|web0s|netcast|nettv|inettv|bravia|viera|aquos"
              r"|; aft[a-z0-9]{1,8}(?: build|\))|crkey|\broku|playstation|; xbox\b|nintendo|watch ?os|apple ?watch"
              r"|oculusbrowser|mobile vr|carplay|tesla/|qtcarbrowser")
# 'Tablet PC' is on any computer with Windows 7; a Mac that says 'Mobile/' is an iPad that poses as one.
TABLETS = r"\bipad|tablet(?:[^a-z ]| [^p]|$)|playbook|kindle|\bsilk/|touchpad|^mozilla/5\.0 \(macintosh;.{0,120} mobile/"
# Browsers say 'Mobile' on telephones and not on tablets. Older telephones name their maker, or the Java that they run.
PHONES = (r"\biphone|\bipod|windows phone|windows ce|iemobile|blackberry|midp|nokia|symbian|opera mini|opera mobi"
          r"|\bmobi")
KINDS = [("robot", TOOLS), ("robot", BARE), ("robot", DRIVEN), ("robot", WORDS), ("robot", NAMES), ("robot", ABOUT),
         ("other", APPLIANCES), ("tablet", TABLETS), ("phone", PHONES)]

SPIDER = "Spider"  # uap-core's device of a robot
GENERIC_PHONES = {"Generic Smartphone", "Generic Feature Phone"}
SYSTEMS = {
    "other": {"tvOS", "ATV OS X", "WatchOS", "Roku", "GoogleTV", "WebTV", "Web0S", "FireHbbTV", "Chromecast Android",
              "Chromecast Fuchsia", "Chromecast Linux", "Chromecast SmartSpeaker"},
    "tablet": {"BlackBerry Tablet OS", "Kindle", "WeTab"},
    "phone": {"Windows Phone", "Windows Mobile", "BlackBerry OS", "Symbian OS", "Symbian 3", "Symbian 3 Anna",
              "Symbian 3 Belle", "KaiOS", "Firefox OS", "Bada", "BREW", "Brew MP", "MeeGo", "Maemo", "Sailfish",
              "Nokia Series 40", "Nokia Series 30 Plus"},
    "computer": {"Windows", "Mac OS X", "Mac OS", "Linux", "Chrome OS", "Ubuntu", "Kubuntu", "Lubuntu", "Linux Mint",
                 "Debian", "Fedora", "Red Hat", "CentOS", "Arch Linux", "Gentoo", "openSUSE", "SUSE", "Mandriva", "Mageia",
                 "PCLinuxOS", "Puppy", "Slackware", "BackTrack", "VRE", "BSD", "FreeBSD", "OpenBSD", "NetBSD", "Solaris",
                 "SerenityOS"},
}
KIND_OF_SYSTEM = {system: kind for kind, systems in SYSTEMS.items() for system in systems}


@dataclass(frozen=True, slots=True)
class Agent:
    """`family` and `system` are names of at most 40 characters, 'Other' where unknown; `version` is the browser's major one.

    `device` is one of computer, phone, tablet, robot, other; other is also what does not say (an app's own agent).
    """

    family: str
    version: str | None
    system: str
    device: str
    is_robot: bool

    @property
    def label(self) -> str:
        """'Chrome 125', or the family alone where no version is known."""
        return f"{self.family} {self.version}" if self.version else self.family


def describe(agents: Iterable[str]) -> list[Agent]:
    """What each agent says, in the order given. Never raises, whatever text an agent holds."""
    return [_described(readable(agent)) for agent in agents]


def readable(agent: str) -> str:
    """The first characters of an agent, with blanks for what cannot be printed (control characters, stray bytes)."""
    cut = agent[:LONGEST_AGENT]
    return (cut if cut.isprintable() else UNPRINTABLE.sub(" ", cut)).strip()


def _described(agent: str) -> Agent:
    rules = _rules()
    browser, found_system, hardware = rules.browser(agent), rules.system(agent), rules.hardware(agent)
    family, system, model = (name(found.family) if found else OTHER for found in (browser, found_system, hardware))
    own = rules.kind(agent)
    kind = own.family if own else None
    is_robot = agent in NO_AGENT or model == SPIDER or kind == "robot"
    device = "robot" if is_robot else _device(agent, kind, system, model)
    version = _major(browser.major) if family != OTHER else None
    return Agent(family, version, system, device, is_robot)


class Rules(NamedTuple):
    """Functions of an agent; each gives what its first fitting rule says (with a `family`), or None.

    They are the resolver's own parts: through the resolver itself, which wraps what they give, it takes twice as long.
    """

    browser: Callable
    system: Callable
    hardware: Callable
    kind: Callable


@cache
def _rules() -> Rules:
    """uap-core's rules and our own; the library is imported only here: a run without new lines needs none of it."""
    from ua_parser.loaders import load_lazy, load_lazy_builtins
    from ua_parser.regex import Resolver

    known = Resolver(load_lazy_builtins())
    own = Resolver(load_lazy(([], [], [{"regex": regex, "regex_flag": "i", "device_replacement": kind}
                                       for kind, regex in KINDS])))
    return Rules(known.ua.extract, known.os.extract, known.de.extract, own.de.extract)


def name(text: str) -> str:
    """A family of browsers or systems: at most 40 letters, digits, blanks and . + - _ /; 'Other' if it could identify."""
    bounded = " ".join(NOT_IN_A_NAME.sub(" ", text).split())
    if IDENTIFYING.search(text) or IDENTIFYING.search(bounded):
        return OTHER
    return bounded[:LONGEST_NAME].rstrip() or OTHER


def _major(text: str | None) -> str | None:
    return text if text and MAJOR.fullmatch(text) else None


def _device(agent: str, kind: str | None, system: str, model: str) -> str:
    """An appliance by its system, else what the agent says of itself, else what runs on its system."""
    by_system = KIND_OF_SYSTEM.get(system)
    if by_system == "other":
        return "other"
    if kind:
        return kind
    if model in GENERIC_PHONES:
        return "phone"
    if system == "Android":  # without 'Mobile'; what is no browser (Dalvik, an app) does not follow that custom
        return "tablet" if agent.startswith("Mozilla/") else "other"
    return by_system or "other"
