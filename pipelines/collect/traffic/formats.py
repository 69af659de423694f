"""Formats of access logs: a name, nginx's log_format, Apache's LogFormat or JSON, turned into SQL that reads a line.

A line is split at the double quote, which DuckDB's parallel reader does for nothing. A line with the expected pieces is
read piece by piece (`sound`); any other goes through the exact regular expression of the whole format (`pattern`). Only the
fields that are counted are read; of the others the format just says where they stand.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from pipelines.collect.acceptance import zoned_moment
from pipelines.errors import AlpiaError
from pipelines.warehouse import quoted

NAMED = MappingProxyType({
    "common": '%h %l %u %t "%r" %>s %b',
    "combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    "vhost_combined": '%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
})
JSON = "json"
# What is read of a line, and under which names nginx and Apache write it; the first that a format has is taken.
VARIABLES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "time": ("time_local", "time_iso8601", "msec", "t", "{sec}t", "{msec}t", "{usec}t"),
    "address": ("remote_addr", "a", "h", "realip_remote_addr", "proxy_protocol_addr"),
    "status": ("status", ">s", "s", "<s"),
    "bytes": ("body_bytes_sent", "bytes_sent", "b", "B", "O"),
    "referrer": ("http_referer", "{referer}i"),
    "agent": ("http_user_agent", "{user-agent}i"),
    "host": ("host", "server_name", "http_host", "v", "V", "{host}i"),
    "scheme": ("scheme",),
    "protocol": ("ssl_protocol", "{ssl_protocol}x"),
    "cipher": ("ssl_cipher", "{ssl_cipher}x"),
    "key_bits": ("{ssl_cipher_usekeysize}x",),
    "account": (),
})
# What else servers often write, by the word for what it tells.
OTHER_VARIABLES = MappingProxyType({
    "user": ("remote_user", "u", "l"), "duration": ("request_time", "upstream_response_time", "D", "T"),
    "request": ("request", "r", "request_method", "m", "request_uri", "uri", "U", "q", "server_protocol", "H"),
    "bytes": ("request_length", "I"), "connection": ("connection", "connection_requests", "pipe", "X", "k"),
    "port": ("remote_port", "server_port", "p"),
})
ANY_KEY = "any JSON key"  # of JSON of which nobody has spelled the keys
FIELDS = tuple(VARIABLES)
OF_LINE = ("time", "status", "bytes", "referrer")  # the others tell who wrote it, and how it came
REQUIRED = ("time", "address", "status")
# Variables in which no blank can stand, so that a piece of a line may be split at its blanks.
WITHOUT_BLANKS = {
    *VARIABLES["address"], *VARIABLES["status"], *VARIABLES["bytes"], "host", "server_name", "v", "V", "p", "l",
    "remote_port", "server_port", "scheme", "request_time", "request_length", "request_id", "msec", "time_iso8601",
    "pipe", "connection", "connection_requests", *VARIABLES["protocol"], *VARIABLES["cipher"], *VARIABLES["key_bits"],
    "D", "T", "I", "O", "P", "X", "k", "H", "m",
}
PATTERNS = {
    **dict.fromkeys(VARIABLES["address"], r"\S+"), **dict.fromkeys(VARIABLES["status"], r"\d{3}|-"),
    **dict.fromkeys(VARIABLES["bytes"], r"\d*|-"), "time_iso8601": r"\S+", "msec": r"\d+(?:\.\d+)?", "{sec}t": r"\d+",
    "{msec}t": r"\d+", "{usec}t": r"\d+", "time_local": r"\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}",
}
LOCAL_TIME_LENGTH = 26
# A line with "-" for it is still read, by the regular expression.
STATUS_LENGTH = 3
# The answer that most lines tell: it is compared, and any other is read.
USUAL_STATUS = "200"
NEVER, HAS_ADDRESS = "false", "address <> ''"
NOTHING: Mapping[str, str] = MappingProxyType({})
NO_BLANK = "NOT contains({}, ' ')"
# Where a format has quotes, servers escape those in a value: two lines without an end between them are not one line.
IN_QUOTES, IN_BRACKETS, BESIDE_QUOTES, ELSEWHERE = r'(?:[^"\\]|\\.)*', r"[^\]]*", r'(?:[^"\\]|\\.)*?', r".*?"
NGINX = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
APACHE = re.compile(r"%(?:!?\d{3}(?:,\d{3})*)?([<>]?)(?:\{([^}]*)\})?(\^[a-zA-Z]{2}|[a-zA-Z%])")
# What stands around a format in the server's configuration.
NGINX_DIRECTIVE = re.compile(r"^(?:log_format\s+\w+\s+)?(?:escape=\w+\s+)?(?=')|;$")
APACHE_DIRECTIVE = re.compile(r'LogFormat\s+"((?:[^"\\]|\\.)*)"(?:\s+\w+)?')
QUOTED_PARTS = re.compile(r"'((?:[^'\\]|\\.)*)'")
ESCAPED = re.compile(r"""\\(["'\\t])""")
JSON_TEXT_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|\$(?:\{\w+\}|\w+)')
STRFTIME_SHORT = {"%T": "%H:%M:%S", "%F": "%Y-%m-%d", "%D": "%m/%d/%y", "%e": "%d", "%h": "%b", "%R": "%H:%M"}
DIRECTIVE_OF_TIME = re.compile(r"%.?")
READABLE_OF_TIME = {f"%{letter}" for letter in "aAbBdHIjmMpSyYz%"}
LOCAL_TIME = "%d/%b/%Y:%H:%M:%S %z"
# The database's own reading takes fewer digits, more blanks, and half a zone: a damaged time would be another one.
LOCAL_MOMENT = (f"CASE WHEN regexp_full_match({{text}}, {quoted(PATTERNS['time_local'])}) "
                f"THEN try_strptime({{text}}, {quoted(LOCAL_TIME)}) END")
LAST_SECOND = 253_402_300_799  # of the year 9999


class FormatError(AlpiaError):
    """A format that cannot be read; the sentence says what is wrong with it, and the cure."""


@dataclass(frozen=True, slots=True)
class Token:
    """A variable as the server names it (Apache's without its %), or a literal text."""

    text: str
    is_variable: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """The piece of a line that ends with the local time, so that one cut parts what is alike in a client's lines of a day.

    `column`: the piece; `likely`: what must be true of it, however its time is told; `others`: and of the other pieces.
    `before`: a LIKE pattern of what stands before the day, `tail`: what stands behind the zone.
    `fields`: for each field in it that tells who wrote the line, SQL with {head} for what stands before the clock.
    `is_addressed`: SQL that is true where there is an address.
    """

    column: str
    likely: str
    others: str
    before: str
    tail: str
    fields: Mapping[str, str]
    is_addressed: str


@dataclass(frozen=True, slots=True)
class Format:
    """How a line is read. `columns`: pieces c1, c2, … between the quotes (one for JSON: the line).

    `fields`: for each field that the format has, SQL over the pieces of a sound line; `sound`: SQL that is true if the
    pieces (and the fields f_…, so taken) have the shape; `likely`: the same, but for what is proven where the bytes are a
    number, and with the column is_usual; `pattern`: for any other line, a regular expression with the groups `groups`, None
    for JSON.
    `moment`: the SQL of the moment (TIMESTAMPTZ, NULL where there is none) with {text} for the text of the time.
    `fixed`: the pieces that are the same in every sound line, with their bytes. `parts`: of JSON, SQL that takes the line
    apart into the list j. `is_usual`: SQL that is only true where the status is USUAL_STATUS; `is_addressed`: where there
    is an address.
    `opening`: where the local time ends a piece; then a file's own `beginning` has `cut`, columns that are cut out of the
    pieces, `found`, columns that are told by these, and `of_head`, the fields that one line tells for its whole group.
    """

    columns: int
    sound: str
    likely: str
    fields: Mapping[str, str]
    pattern: str | None
    groups: tuple[str, ...]
    moment: str
    fixed: Mapping[int, int]
    parts: str | None = None
    is_usual: str = NEVER
    is_addressed: str = HAS_ADDRESS
    opening: Opening | None = None
    cut: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    found: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    of_head: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)

    @property
    def is_json(self) -> bool:
        return self.parts is not None


def compiled(text: str, chosen: Mapping[str, str]) -> Format:
    """The format that `text` names or spells.

    `chosen`: for a field of ours the variable (or, in JSON, the key) that tells it, where it is not the usual one.
    FormatError where something that is needed is missing, or a variable is not there.
    """
    strange = sorted(set(chosen) - set(FIELDS))
    if strange:
        raise FormatError(f"there is no field {', '.join(strange)}: name one of {', '.join(FIELDS)}")
    spelled = _joined(text.strip())
    if spelled == JSON:
        return _json(_usual_paths(chosen))
    if spelled.startswith("{"):
        return _json(_spelled_paths(_json_fields(spelled), chosen))
    return _lines(_tokens(NAMED.get(spelled, spelled)), chosen)


def recorded(text: str, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """What a log of this format records, read or not: our words for it, else the server's own name, each once, in order."""
    spelled = _joined(text.strip())
    if spelled == JSON:
        return (ANY_KEY,)
    names = (list(_json_fields(spelled)) if spelled.startswith("{")
             else [token.text for token in _tokens(NAMED.get(spelled, spelled)) if token.is_variable])
    words = {name: word for told in (OTHER_VARIABLES, VARIABLES) for word, several in told.items() for name in several}
    words |= {_wanted(variable): field for field, variable in chosen.items()}
    return tuple(sorted({"time" if _is_custom_time(name) else words.get(name, name) for name in names}))


def _joined(text: str) -> str:
    """The format alone, out of its directive; nginx's several quoted parts joined."""
    if apache := APACHE_DIRECTIVE.fullmatch(text):
        return apache[1]
    text = NGINX_DIRECTIVE.sub("", text)
    parts = QUOTED_PARTS.findall(text)
    return "".join(parts) if parts and not QUOTED_PARTS.sub("", text).strip() else text


def _tokens(text: str) -> list[Token]:
    is_nginx = NGINX.search(text) is not None
    if not is_nginx and not APACHE.search(text):
        raise FormatError(f"names no variable: write {', '.join([*NAMED, JSON])}, or the log_format of the server")
    text = ESCAPED.sub(lambda match: "\t" if match[1] == "t" else match[1], text)
    found, at = [], 0
    for match in (NGINX if is_nginx else APACHE).finditer(text):
        found.append(Token(text[at:match.start()], False))
        found.append(_variable(match) if is_nginx else _directive(match))
        at = match.end()
    found.append(Token(text[at:], False))
    return _merged(found)


def _variable(match: re.Match) -> Token:
    return Token(match[1] or match[2], True)


def _directive(match: re.Match) -> Token:
    which, argument, letter = match.groups()
    if letter == "%":
        return Token("%", False)
    if argument is None:
        return Token(f"{which}{letter}", True)
    return Token(f"{{{argument if letter == 't' else argument.lower()}}}{letter}", True)


def _merged(tokens: list[Token]) -> list[Token]:
    """Literals that follow each other as one, and no empty ones."""
    found: list[Token] = []
    for token in tokens:
        if not token.is_variable and found and not found[-1].is_variable:
            found[-1] = Token(found[-1].text + token.text, False)
        elif token.text:
            found.append(token)
    return found


def _lines(tokens: list[Token], chosen: Mapping[str, str]) -> Format:
    names = [token.text for token in tokens if token.is_variable]
    taken = _taken(names, chosen)
    field_of = {name: field for field, name in taken.items()}
    tokens = _bracketed(tokens)
    segments = _segments(tokens)
    fields, by_piece = {}, []
    for place, segment in enumerate(segments, 1):
        found, conditions = _segment(f"c{place}", segment, field_of)
        fields |= found
        by_piece.append(conditions)
    # Pieces are absent from the end only. A client can write more quotes than the format has (Apache's \"), and behind them
    # what looks like the rest of the line.
    whole = [f"c{len(segments)} IS NOT NULL", f"c{len(segments) + 1} IS NULL"]
    pattern, groups = _pattern(tokens, taken)
    fixed = {place: sum(_bytes(token.text) for token in segment) for place, segment in enumerate(segments, 1)
             if not any(token.is_variable for token in segment)}
    sound = _all(*by_piece, whole)
    # Of what is logged twice, it is the last that counts: nothing is told sooner there.
    is_once = all(names.count(name) == 1 for name in taken.values())
    usual = _is_usual(segments, taken["status"]) if is_once else NEVER
    if usual != NEVER:
        by_piece = [[one.replace(usual, "is_usual") for one in several] for several in by_piece]
    return Format(len(segments), sound, _likely(*by_piece, whole), MappingProxyType(fields), pattern, groups,
                  _moment(taken["time"]), MappingProxyType(fixed), is_usual=usual,
                  opening=_opening(segments, by_piece, whole, field_of) if is_once else None)


def _all(*conditions: list[str]) -> str:
    return " AND ".join(chain.from_iterable(conditions)) or "true"


def _likely(*conditions: list[str]) -> str:
    """But for what is proven where the bytes are a number."""
    return _all([one for one in chain.from_iterable(conditions) if one != NO_BLANK.format("f_bytes")])


def _is_usual(segments: list[list[Token]], status: str) -> str:
    """SQL: is the status, a word by itself behind literals only, the usual one, and has the piece its literals?"""
    for place, segment in enumerate(segments, 1):
        match segment:
            case [Token(before, False), Token(name, True), Token(after, False), *_] if (
                    name == status and before.endswith(" ") and after.startswith(" ") and "%" not in before):
                return _is_like(f"c{place}", segment, USUAL_STATUS)
    return NEVER


def _opening(segments: list[list[Token]], by_piece: list[list[str]], whole: list[str], field_of: Mapping[str, str]
             ) -> Opening | None:
    """The piece that ends with the local time, if one does."""
    for place, segment in enumerate(segments):
        at = len(segment) - 2
        if (at > 0 and field_of.get(segment[at].text) == "time" and _is_local_time_at_end(segment, at)
                and not {"%", "_"} & set(segment[-1].text)):  # LIKE takes more than these behind the time
            before = [*segment[:at], Token("day", True)]
            fields, _ = _segment("{head}", before, {name: field for name, field in field_of.items() if field not in OF_LINE})
            others = [conditions for number, conditions in enumerate(by_piece) if number != place]
            return Opening(f"c{place + 1}", _likely(by_piece[place]), _likely(*others, whole), _like(segment[:at]),
                           segment[-1].text, MappingProxyType(fields), _is_addressed(fields.get("address")))
    return None


def _is_addressed(address: str | None) -> str:
    if address is None:
        return HAS_ADDRESS
    return "NOT starts_with(head, ' ')" if address == _first_word("{head}") else f"{address.replace('{head}', 'head')} <> ''"


def _bracketed(tokens: list[Token]) -> list[Token]:
    """Apache's %t brings its own brackets; here they are literals, as in nginx's [$time_local]."""
    found = []
    for token in tokens:
        if token == Token("t", True):
            found += [Token("[", False), token, Token("]", False)]
        else:
            found.append(token)
    return _merged(found)


def _taken(names: list[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """For each field the variable of the format that tells it."""
    taken = {}
    for field, usual in VARIABLES.items():
        wanted = (_wanted(chosen[field]),) if field in chosen else usual
        found = next((name for name in wanted if name in names), None)
        if field == "time" and found is None:
            found = next((name for name in names if _is_custom_time(name)), None)
        if found is not None:
            taken[field] = found
        elif field in chosen:
            raise FormatError(f"has no variable {chosen[field]}, which fields.{field} names: correct one of them")
    missing = [field for field in REQUIRED if field not in taken]
    if missing:
        raise FormatError(f"does not tell the {', '.join(missing)}: log it, or name the variable in fields")
    return taken


def _wanted(variable: str) -> str:
    """The variable as its tokens name it, with or without the server's own sign before it."""
    name = re.sub(r"^\{(\w+)\}$", r"\1", variable.strip().lstrip("$%"))
    return name.lower() if name.startswith("{") and not name.endswith("t") else name


def _is_custom_time(name: str) -> bool:
    return name.startswith("{") and name.endswith("}t")


def _segments(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between one quote and the next."""
    segments: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_variable:
            segments[-1].append(token)
            continue
        first, *others = token.text.split('"')
        for number, part in enumerate((first, *others)):
            if number:
                segments.append([])
            if part:
                segments[-1].append(Token(part, False))
    return segments


def _segment(column: str, tokens: list[Token], fields: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """(field -> SQL over the piece `column`, what must be true of it to have its shape)."""
    if len(tokens) == 1 and tokens[0].is_variable:
        return ({fields[tokens[0].text]: column} if tokens[0].text in fields else {}), []
    if not any(token.is_variable for token in tokens):
        return {}, [f"{column} = {quoted(''.join(token.text for token in tokens))}"]
    words = _words(tokens)
    found, conditions = {}, [_has_shape(column, tokens)]
    for place, token in enumerate(tokens):
        if not token.is_variable or token.text not in fields:
            continue
        sql, condition = _part(column, tokens, place, words)
        field = fields[token.text]
        # The field stands ready beside the pieces, so that its text is not cut out twice; of a variable that is there twice,
        # one is taken.
        conditions += [condition if field in found else condition.replace(sql, f"f_{field}")] if condition else []
        found.setdefault(field, sql)
    if not any(condition.startswith(NO_BLANK.partition("{")[0]) for condition in conditions):
        conditions += _exact_length(column, words, {fields[name]: name for name in fields}, found)
    return found, conditions


def _words(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each word of a piece: what stands between two of its literal blanks."""
    words: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_variable:
            words[-1].append(token)
            continue
        for number, part in enumerate(token.text.split(" ")):
            if number:
                words.append([])
            if part:
                words[-1].append(Token(part, False))
    return words


def _part(column: str, tokens: list[Token], place: int, words: list[list[Token]]) -> tuple[str, str | None]:
    """SQL for one variable of a piece, the cheapest that is right, and what must be true besides."""
    token = tokens[place]
    if _is_local_time_at_end(tokens, place):
        tail = LOCAL_TIME_LENGTH + len(tokens[-1].text)
        # Bytes are counted sooner than letters. A bracket that stands there only by their count is inside what is cut out:
        # then that is no time.
        return (f"substr({column}, -{tail}, {LOCAL_TIME_LENGTH})", f"instr({column}, '[') = strlen({column}) - {tail}")
    number = next(n for n, word in enumerate(words) if token in word)
    if words[number] == [token] and all(_is_without_blanks(word) for word in words[:number + 1]):
        return _word(column, words, number)
    pattern, groups = _pattern(tokens, {"this": token.text})
    return f"regexp_extract({column}, {quoted(pattern)}, {groups.index('this') + 1})", None


def _word(column: str, words: list[list[Token]], number: int) -> tuple[str, str | None]:
    """SQL for one word of a piece; by its place where that is fixed, which is quicker than to count blanks."""
    start, end = _width(words[:number]), _width(words[number + 1:])
    if number and start is None or number == 0 and len(words) == 1:
        return f"split_part({column}, ' ', {number + 1})", None
    if number == 0:
        return _first_word(column), None
    first = start + number + 1
    if _is_status(words[number][0]):
        return f"substr({column}, {first}, {STATUS_LENGTH})", None
    if end is None:
        return f"split_part({column}, ' ', {number + 1})", None
    around = _width(words[:number], _bytes) + _width(words[number + 1:], _bytes) + len(words) - 1
    # Bytes are counted sooner than letters: where they are not as many, a blank is cut out too.
    found = f"substr({column}, {first}, strlen({column}) - {around})"
    return found, NO_BLANK.format(found)


def _first_word(column: str) -> str:
    return f"substr({column}, 1, instr({column}, ' ') - 1)"


def _width(words: list[list[Token]], measure: Callable[[str], int] = len) -> int | None:
    """How long the words are together, in characters or as `measure` has it; None if that differs from line to line."""
    width = 0
    for token in (token for word in words for token in word):
        if token.is_variable and not _is_status(token):
            return None
        width += STATUS_LENGTH if token.is_variable else measure(token.text)
    return width


def _bytes(text: str) -> int:
    return len(text.encode())


def _is_status(token: Token) -> bool:
    return token.is_variable and token.text in VARIABLES["status"]


def _is_local_time_at_end(tokens: list[Token], place: int) -> bool:
    if place == 0 or place != len(tokens) - 2 or tokens[place].text not in ("time_local", "t"):
        return False
    before, after = tokens[place - 1].text, tokens[-1].text
    return before.endswith("[") and after.startswith("]") and "[" not in after


def _is_without_blanks(word: list[Token]) -> bool:
    return all(not token.is_variable or token.text in WITHOUT_BLANKS for token in word)


def _exact_length(column: str, words: list[list[Token]], names: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Where every word is known, the piece is as long as its words: nothing else stands in it."""
    lengths = {names[field]: f"strlen(f_{field})" for field in found}
    fixed, parts = len(words) - 1, []
    for word in words:
        for token in word:
            if not token.is_variable:
                fixed += len(token.text.encode())
            elif token.text in lengths and word == [token] and token.text in WITHOUT_BLANKS:
                parts.append(lengths[token.text])
            else:
                return []
    return [f"strlen({column}) = {' + '.join([str(fixed), *parts])}"]


def _has_shape(column: str, tokens: list[Token]) -> str:
    """SQL: has the piece the literals of its tokens? With the usual status first: to count letters takes longer."""
    shape = _is_like(column, tokens)
    usual = _is_like(column, tokens, USUAL_STATUS)
    return shape if usual == shape else f"CASE WHEN {usual} THEN true ELSE {shape} END"


def _is_like(column: str, tokens: list[Token], status: str = "_" * STATUS_LENGTH) -> str:
    return f"{column} LIKE {quoted(_like(tokens, status))}"


def _like(tokens: list[Token], status: str = "_" * STATUS_LENGTH) -> str:
    r"""A LIKE pattern of the literals. A % or _ of the format matches itself too: it need not be escaped."""
    return "".join(token.text if not token.is_variable else status if _is_status(token) else "%" for token in tokens)


def _pattern(tokens: list[Token], taken: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """(regular expression of the whole, names of its groups in order); a variable that is logged twice is taken once."""
    fields = {name: field for field, name in taken.items()}
    parts, groups = ["^"], []
    for place, token in enumerate(tokens):
        if not token.is_variable:
            parts.append(re.escape(token.text))
            continue
        inner = _inner(tokens, place)
        field = fields.pop(token.text, None)
        parts.append(f"({inner})" if field else f"(?:{inner})")
        groups += [field] if field else []
    return "".join(parts) + "$", tuple(groups)


def _inner(tokens: list[Token], place: int) -> str:
    before = tokens[place - 1].text if place else ""
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if before.endswith('"') and after.startswith('"'):
        return IN_QUOTES
    if before.endswith("[") and after.startswith("]"):
        return IN_BRACKETS
    if tokens[place].text in WITHOUT_BLANKS:
        return PATTERNS.get(tokens[place].text, r"\S*")
    has_quotes = any('"' in token.text for token in tokens if not token.is_variable)
    return PATTERNS.get(tokens[place].text, BESIDE_QUOTES if has_quotes else ELSEWHERE)


def _moment(variable: str) -> str:
    """SQL of the moment that the text of a time variable tells; FormatError for a time without its zone."""
    if variable in ("time_local", "t"):
        return LOCAL_MOMENT
    if variable == "time_iso8601":
        return zoned_moment("{text}")
    divisor = {"msec": 1, "{sec}t": 1, "{msec}t": 1_000, "{usec}t": 1_000_000}.get(variable)
    if divisor is not None:
        return _since_1970(f"try_cast({{text}} AS DOUBLE) / {divisor}")
    return _strptime(variable)


def _since_1970(seconds: str) -> str:
    """SQL of the moment, NULL for what no clock says (to_timestamp would fail, and with it the reading of all lines)."""
    return f"CASE WHEN {seconds} BETWEEN 0 AND {LAST_SECOND} THEN to_timestamp({seconds}) END"


def _strptime(variable: str) -> str:
    form = re.sub(r"^\{(?:begin:|end:)?|\}t$", "", variable)
    for short, long in STRFTIME_SHORT.items():
        form = form.replace(short, long)
    if "%z" not in form:
        raise FormatError("logs the time without its zone: add %z to it, or log %t")
    strange = sorted(set(DIRECTIVE_OF_TIME.findall(form)) - READABLE_OF_TIME)
    if strange:
        raise FormatError(f"logs the time with {', '.join(strange)}, which cannot be read: log %t")
    return f"try_strptime({{text}}, {quoted(form)})"


def _json_fields(text: str) -> dict[str, tuple[str, ...]]:
    """Variable -> its key, with those of the objects around it, of an nginx log_format that writes JSON."""
    try:
        told = json.loads(JSON_TEXT_OR_VARIABLE.sub(lambda match: match[0] if match[0][0] == '"' else f'"{match[0]}"', text))
    except ValueError:
        told = {}
    found = dict(_variables_of(told))
    if not found:
        raise FormatError('spells no JSON of "key": "$variable": write "json" and name the keys in fields')
    return found


def _variables_of(told: dict, around: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, value in told.items():
        if isinstance(value, dict):
            yield from _variables_of(value, (*around, key))
        elif isinstance(value, str) and (match := NGINX.fullmatch(value)):
            yield match[1] or match[2], (*around, key)


def _json(paths: Mapping[str, list[str]]) -> Format:
    """A line is one JSON object; of several paths to a field the first that is there counts."""
    lists = ", ".join(quoted(path) for several in paths.values() for path in several)
    fields, at = {}, 1
    for field, several in paths.items():
        fields[field] = f"coalesce({', '.join(f'j[{at + n}]' for n in range(len(several)))})"
        at += len(several)
    parts = f"CASE WHEN json_valid(c1) AND c1[1] = '{{' THEN json_extract_string(c1, [{lists}]) END"
    sound = "j IS NOT NULL"
    return Format(1, sound, sound, MappingProxyType(fields), None, (), _any_moment(), MappingProxyType({}), parts)


def _spelled_paths(keys: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]) -> dict[str, list[str]]:
    taken = _taken(list(keys), chosen)
    return {field: [_path(keys[variable])] for field, variable in taken.items()}


def _usual_paths(chosen: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys that `fields` names, else our own names and nginx's."""
    usual = {field: dict.fromkeys((field, *(name for name in VARIABLES[field] if name.isidentifier() and len(name) > 1)))
             for field in FIELDS if field != "account"}
    found = {field: [_path((name,)) for name in names] for field, names in usual.items()}
    # A dot in the key of `fields` leads into an object.
    return found | {field: [_path(key.split("."))] for field, key in chosen.items()}


def _path(keys: Iterable[str]) -> str:
    """DuckDB's JSON path that leads from object to object."""
    return "$" + "".join("." + json.dumps(key, ensure_ascii=False) for key in keys)


def _any_moment() -> str:
    """JSON writers differ: a time with its zone, nginx's local one, or seconds or milliseconds since 1970."""
    number = "try_cast({text} AS DOUBLE)"
    return (f"coalesce({LOCAL_MOMENT}, {zoned_moment('{text}')}, "
            f"CASE WHEN {number} < 1e11 THEN {_since_1970(number)} ELSE {_since_1970(f'{number} / 1000')} END)")
