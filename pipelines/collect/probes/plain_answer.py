"""What a server answers to a plain request: nothing but the way to HTTPS, or more?"""

import http.client
from urllib.parse import urlsplit

from pipelines.collect.probes.endpoint import Endpoint

AGENT = "alpia-probe"
# Asked twice, for different places: a page that a server adds to its redirects says the same of both.
PLACES = ("/", "/alpia-probe?of=the-plain-port")
REDIRECTS = (301, 302, 303, 307, 308)
LONGEST_SERVER_PAGE = 1024
LONGEST_READ = 65536
TIMEOUT_SECONDS = 10


def plain_answer(endpoint: Endpoint, timeout: float = TIMEOUT_SECONDS) -> str:
    """In one word: what is told in the clear.

    `closed` (nobody listens), `redirect` (to HTTPS, without a body), `redirect_page` (with a page of fixed text), `content`
    (anything else: an answer in the clear, or a redirect that sets a cookie or leads nowhere safe), `no_answer`.
    """
    answers = []
    for place in PLACES:
        try:
            answers.append(_asked(endpoint, place, timeout))
        except ConnectionRefusedError:
            return "closed"
        except (OSError, http.client.HTTPException):
            return "no_answer"
    if not all(answers):
        return "content"
    bodies = [body for body, _ in answers]
    if not any(bodies):
        return "redirect"
    texts = {_without_target(body, target) for body, target in answers}
    return "redirect_page" if len(texts) == 1 and len(max(bodies, key=len)) <= LONGEST_SERVER_PAGE else "content"


def _asked(endpoint: Endpoint, place: str, timeout: float) -> tuple[bytes, str] | None:
    """(body, target) of a redirect to HTTPS that says nothing else; None for any other answer."""
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=timeout)
    try:
        connection.request("GET", place, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        body, target = answer.read(LONGEST_READ), answer.headers.get("Location", "")
        is_bare = answer.status in REDIRECTS and not answer.headers.get_all("Set-Cookie")
        return (body, target) if is_bare and _is_https(target) else None
    finally:
        connection.close()


def _is_https(target: str) -> bool:
    try:
        return urlsplit(target).scheme.lower() == "https"
    except ValueError:
        return False


def _without_target(body: bytes, target: str) -> bytes:
    """The page without the address that it repeats, also as HTML writes it."""
    for spelled in (target.replace("&", "&amp;"), target):
        body = body.replace(spelled.encode("latin-1", "replace"), b"")
    return body
