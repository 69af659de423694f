"""The published text of the policy, block by block, compared with the reviewed one by fingerprints alone.

A block is what a reader sees as one: a paragraph, an item of a list, a heading. In a page it is what stands between two
block elements or line breaks; in plain text it is a line that is not blank. Neighbouring lines that only together are a
reviewed block are taken together, so that a text wrapped at 80 columns, or broken by <br>, is the same text.

What belongs to the policy, and what is only around it on the page? A page's menu repeats headings, its footer has
sentences of its own. So the reviewed blocks are first found again as the longest run in their order; the policy reaches from
the first of them to the last, and beyond them over whatever lies on the same kind of path from their common element (a
paragraph appended at the end). The rest is beside the policy. A plain text has nothing around it: all of it is the policy's.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from pipelines.errors import AlpiaError
from pipelines.register.policy import Block, Policy, fingerprint


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_LINES_JOINED = 40
# As browsers do, elements that are nested deeper stand beside each other.
MOST_OPEN = 512
# Python's parser looks for the end of each of them through the whole rest of the page.
MOST_UNENDED = 100
# Elements that begin and end a block; every other one stands inside a line (HTML Living Standard, rendering, flow content).
BLOCK_ELEMENTS = _names("""address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre
    search section summary table tbody td tfoot th thead tr ul""")
# Elements whose text no reader sees.
UNSEEN_ELEMENTS = _names("""head iframe noembed noframes noscript object script select style svg template textarea title""")
VOID_ELEMENTS = _names("area base br col embed hr img input link meta source track wbr")
# What lies around a text, and what lies in it without being of it.
AROUND_ELEMENTS = _names("aside dialog footer form header menu nav search")
ASIDE_ELEMENTS = _names("dialog menu nav search")
# What a start tag closes without being asked: a page that leaves out </p> or </li> is as good as any.
CLOSES = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"},
          "th": {"td", "th"}, "option": {"option"}, "body": {"head"}}
HEADING_ELEMENTS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MARK = re.compile(r"^\s*(?:[•·◦▪‣*–—+-]|o(?=\s))\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a reader sees. `path`: the elements around it, outermost first, as (name, number); () in plain text."""

    text: str
    path: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A block of the published text: its fingerprint, and the reviewed block that it is, if any."""

    fingerprint: str
    block: Block | None
    path: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a block. `what`: changed, missing, added or moved; `block`: the reviewed one, None where added.

    `fingerprint`: of what is published there now, None where missing. `after`: the number of the reviewed paragraph before
    it (0: none). `promises`: those to review: that rest on it, or, for what is new or a heading, on its neighbours.
    """

    what: str
    block: Block | None
    fingerprint: str | None
    after: int
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The published text beside the reviewed one. `marks`: the fingerprints of the published policy, in its order.

    `beside`: how many blocks of the page are not the policy's.
    """

    unchanged: int
    differences: tuple[Difference, ...]
    marks: tuple[str, ...]
    beside: int

    @property
    def is_found(self) -> bool:
        """Whether a single reviewed paragraph stands there: else it is another text, and nothing can be compared."""
        return self.unchanged > 0

    @property
    def promises(self) -> tuple[str, ...]:
        """The promises to review, each once."""
        return tuple(dict.fromkeys(promise for one in self.differences for promise in one.promises))


def lines_of_text(text: str) -> list[Line]:
    """The lines of a plain text; a blank one is an empty line."""
    return [Line(_plain(line)) for line in text.splitlines()]


def lines_of_page(page: str) -> list[Line]:
    """The lines that a reader of an HTML page sees; an empty line where a block ends.

    AlpiaError for a page in which more than a hundred tags or comments have no end: it was cut off, or is hostile.
    """
    for opening, ending in (("<", ">"), ("<!--", "-->")):
        if page.count(opening, page.rfind(ending) + 1) > MOST_UNENDED:
            raise AlpiaError(f"The page has more than {MOST_UNENDED} tags or comments without an end: it was not read.")
    parser = _Page()
    parser.feed(page)
    parser.close()
    parser.end_block()
    return parser.lines


def _plain(text: str) -> str:
    """The text as its reader sees it: composed letters, and no invisible character (soft hyphen, zero-width space)."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", seen)


class _Page(HTMLParser):
    """Collects lines; knows in which elements each stands, and that some are not seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._open: list[tuple[str, int, bool]] = []  # name, number, seen
        self._text: list[str] = []
        self._number = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "br":
            self._end_line()
        if tag in BLOCK_ELEMENTS:
            self._close_implied(tag)
            self.end_block()
        if tag in VOID_ELEMENTS:
            return
        self._number += 1
        if len(self._open) >= MOST_OPEN:
            self._open.pop()
        self._open.append((tag, self._number, self._is_seen and tag not in UNSEEN_ELEMENTS and not _is_hidden(dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        """In HTML, <p/> opens a paragraph like any other; only in svg, which nobody reads here, the slash means an end."""
        self.handle_starttag(tag, attrs)
        if any(name == "svg" for name, _, _ in self._open[:-1]) and self._open[-1][0] == tag:
            self._open.pop()

    def parse_html_declaration(self, i: int) -> int:
        """`<![` begins a comment that ends with the next >, as in browsers; Python's parser would give up."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCK_ELEMENTS or tag == "br":
            self.end_block()
        place = next((n for n in range(len(self._open) - 1, -1, -1) if self._open[n][0] == tag), None)
        if place is not None:
            del self._open[place:]

    def handle_data(self, data: str) -> None:
        if not self._is_seen:
            return
        if any(name == "pre" for name, _, _ in self._open):
            *whole, last = data.split("\n")
            for line in whole:
                self._text.append(line)
                self._end_line(keep_blank=True)
            data = last
        self._text.append(data)

    def end_block(self) -> None:
        self._end_line()
        if self.lines and self.lines[-1].text:
            self.lines.append(Line(""))

    @property
    def _is_seen(self) -> bool:
        return self._open[-1][2] if self._open else True

    def _end_line(self, keep_blank: bool = False) -> None:
        text = _plain("".join(self._text))
        self._text.clear()
        if text.strip():
            self.lines.append(Line(text, tuple((name, number) for name, number, _ in self._open if name in BLOCK_ELEMENTS)))
        elif keep_blank:
            self.lines.append(Line(""))

    def _close_implied(self, tag: str) -> None:
        """End what the new block ends: an open paragraph, the item before this item, the head before the body."""
        ended = {"p"} | CLOSES.get(tag, set())
        while True:
            blocks = [n for n, (name, _, _) in enumerate(self._open) if name in BLOCK_ELEMENTS or name == "head"]
            if not blocks or self._open[blocks[-1]][0] not in ended:
                return
            self._end_line()
            del self._open[blocks[-1]:]


def _is_hidden(attributes: dict) -> bool:
    style = re.sub(r"\s", "", attributes.get("style") or "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


def compare(lines: Sequence[Line], policy: Policy) -> Comparison:
    """The published lines beside the reviewed text of the register."""
    found = _blocks(lines, {block.fingerprint: block for block in policy.blocks})
    order = {block.fingerprint: place for place, block in enumerate(policy.blocks)}
    run = _longest_in_order([order[one.fingerprint] if one.block else None for one in found])
    members = _members(found, run)
    marks = tuple(found[place].fingerprint for place in sorted(members))
    places = {order[found[place].fingerprint]: place for place in run}
    differences = (*_gaps(policy, found, places, members), *_moved(policy, found, run, members))
    ordered = sorted(differences, key=lambda one: (one.after, one.block is None))
    return Comparison(sum(not found[place].block.is_heading for place in run), tuple(ordered), marks,
                      len(found) - len(members))


def _blocks(lines: Sequence[Line], known: dict[str, Block]) -> list[Found]:
    """The blocks: of neighbouring lines, the most that together are a reviewed block; else a line alone."""
    found: list[Found] = []
    for group in _groups(lines):
        start = 0
        while start < len(group):
            end, mark = _longest_known(group, start, known)
            found.append(Found(mark, known.get(mark), group[start].path))
            start = end
    return found


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that no blank one parts."""
    group: list[Line] = []
    for line in (*lines, Line("")):
        if line.text.strip():
            group.append(line)
        elif group:
            yield group
            group = []


def _longest_known(group: list[Line], start: int, known: dict[str, Block]) -> tuple[int, str]:
    for end in range(min(len(group), start + MOST_LINES_JOINED), start, -1):
        joined = " ".join(line.text for line in group[start:end])
        for text in (joined, MARK.sub("", joined)):
            if fingerprint(text) in known:
                return end, fingerprint(text)
    return start + 1, fingerprint(group[start].text)


def _longest_in_order(places: list[int | None]) -> list[int]:
    """The positions of the longest strictly increasing run of `places` (what is unknown, None, left out).

    Of equally long ones the one that begins late: a menu before the text repeats its headings.
    """
    ends: list[int] = []  # ends[n]: the position at which the best run of n + 1 ends
    before: dict[int, int | None] = {}
    for position, place in enumerate(places):
        if place is None:
            continue
        length = bisect_left([places[end] for end in ends], place)
        before[position] = ends[length - 1] if length else None
        ends[length:length + 1] = [position]
    run, position = [], ends[-1] if ends else None
    while position is not None:
        run.append(position)
        position = before[position]
    return run[::-1]


def _members(found: list[Found], run: list[int]) -> set[int]:
    """The positions that are the policy's, a repeated heading or paragraph left out."""
    if not run:
        return set()
    common = _common_path([found[place].path for place in run])
    usual = {_shape(found[place].path, common) for place in run}
    taken = {found[place].fingerprint for place in run}
    members = set(run)
    for place, one in enumerate(found):
        inside = run[0] < place < run[-1]
        is_like_it = one.path[:len(common)] == common and _shape(one.path, common) in usual
        strange = ASIDE_ELEMENTS if inside else AROUND_ELEMENTS
        around = any(name in strange for name, _ in one.path[len(common):])
        if one.fingerprint not in taken and not around and (is_like_it or inside or one.block is not None):
            members.add(place)
            taken.add(one.fingerprint)
    return members


def _common_path(paths: list[tuple]) -> tuple:
    common = paths[0]
    for path in paths:
        shared = next((n for n, (a, b) in enumerate(zip(common, path, strict=False)) if a != b), min(len(common), len(path)))
        common = common[:shared]
    return common


def _shape(path: tuple, common: tuple) -> tuple[str, ...]:
    """The names of the elements from the common one inwards, headings of any rank being one name."""
    return tuple("heading" if name in HEADING_ELEMENTS else name for name, _ in path[len(common):])


def _gaps(policy: Policy, found: list[Found], places: dict[int, int], members: set[int]) -> Iterator[Difference]:
    """Between two blocks found in their order: what is no longer there, and what stands there instead."""
    reviewed = policy.blocks
    elsewhere = {found[place].fingerprint for place in members}
    known = [-1, *sorted(places), len(reviewed)]
    for before, after in zip(known, known[1:], strict=False):
        lost = [block for block in reviewed[before + 1:after] if block.fingerprint not in elsewhere]
        start, end = places.get(before, -1), places.get(after, len(found))
        new = [one for place, one in enumerate(found) if start < place < end and place in members and one.block is None]
        yield from _paired(policy, before, lost, new)


def _paired(policy: Policy, before: int, lost: list[Block], new: list[Found]) -> Iterator[Difference]:
    """As many as are both lost and new are changed; a page tells headings and paragraphs apart."""
    left = list(new)
    for block in lost:
        fitting = next((one for one in left if not one.path or _is_heading(one) == block.is_heading), None)
        if fitting is not None:
            left.remove(fitting)
        yield Difference("changed" if fitting else "missing", block, fitting.fingerprint if fitting else None,
                         _after(policy, block), _to_review(policy, block))
    for one in left:
        yield Difference("added", None, one.fingerprint, _number_before(policy, before), _around(policy, before))


def _moved(policy: Policy, found: list[Found], run: list[int], members: set[int]) -> Iterator[Difference]:
    for place in sorted(members.difference(run)):
        block = found[place].block
        if block is not None:
            yield Difference("moved", block, block.fingerprint, _after(policy, block), _to_review(policy, block))


def _is_heading(one: Found) -> bool:
    return bool(one.path) and one.path[-1][0] in HEADING_ELEMENTS


def _after(policy: Policy, block: Block) -> int:
    place = policy.blocks.index(block)
    return _number_before(policy, place - 1) if place else 0


def _number_before(policy: Policy, place: int) -> int:
    """The number of the last paragraph up to that place of the reviewed text; 0: none."""
    return max((block.number for block in policy.blocks[:place + 1] if not block.is_heading), default=0)


def _to_review(policy: Policy, block: Block) -> tuple[str, ...]:
    """The promises that rest on a paragraph; on the paragraphs under it, for a heading."""
    if not block.is_heading:
        return policy.resting_on(block.fingerprint)
    return _resting_on_all(policy, _under(policy, policy.blocks.index(block)))


def _around(policy: Policy, place: int) -> tuple[str, ...]:
    """The promises of the section in which something new stands."""
    heading = max((n for n, block in enumerate(policy.blocks[:place + 1]) if block.is_heading), default=-1)
    return _resting_on_all(policy, _under(policy, heading))


def _under(policy: Policy, heading: int) -> list[Block]:
    """The paragraphs between a heading and the next one that follows a paragraph."""
    under: list[Block] = []
    for block in policy.blocks[heading + 1:]:
        if block.is_heading and under:
            break
        if not block.is_heading:
            under.append(block)
    return under


def _resting_on_all(policy: Policy, blocks: list[Block]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(promise for block in blocks for promise in policy.resting_on(block.fingerprint)))
