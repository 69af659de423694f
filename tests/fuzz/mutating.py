"""Neighbours of an input: what comes of a sound file when somebody changes, doubles, moves or cuts something in it.

Making an input from nothing costs Hypothesis some milliseconds, reading it mostly far less. So Hypothesis makes the first of
a batch and draws the seed of the rest, which are the same for the same seed; where one fails, it makes both smaller.
"""

import re
from collections.abc import Iterator
from random import Random

TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w.+-]+|\s+|.', re.DOTALL)
VALUES = ('""', '"x"', "0", "-1", "1e999", "1.5", "null", "true", "[]", "{}", "NaN", "9" * 400, "2026-02-30", '"\\u0000"')
STRAY = ("\r\n", *"\x00\"'\n\r\t \\,;=[]{}<>%$\x85\xff")
LONGEST_RUN = 12  # tokens that are taken together


def neighbours(base: str | bytes, words: tuple[str, ...], chance: Random, count: int) -> Iterator[str | bytes]:
    """So many inputs like `base`, of the same type; `words` are what the reader looks for."""
    if isinstance(base, bytes):  # one character a byte, there and back
        told = tuple(word.encode("utf-8", "surrogatepass").decode("latin-1") for word in words)
        for text in neighbours(base.decode("latin-1"), told, chance, count):
            yield text.encode("latin-1")
        return
    tokens = TOKEN.findall(base)
    for _ in range(count):
        held = list(tokens)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            _change(held, words, chance)
        yield "".join(held)


def _change(held: list[str], words: tuple[str, ...], chance: Random) -> None:
    """One change in place. A token that is replaced by another of its kind mostly leaves a sound file."""
    at, upto = _run(held, chance)
    match chance.randrange(10):
        case 0 | 1 | 2:
            held[at:at + 1] = [chance.choice(held or STRAY)]
        case 3 | 4:
            held[at:at + 1] = [chance.choice(words or VALUES)]
        case 5:
            held[at:at + 1] = [chance.choice(VALUES)]
        case 6:
            del held[at:upto]
        case 7:
            held[upto:upto] = held[at:upto] * chance.choice((1, 1, 1, 2, 50))
        case 8:
            held[at:at] = [chance.choice(STRAY + words)]
        case 9:
            _cut(held, at, chance)


def _run(held: list[str], chance: Random) -> tuple[int, int]:
    at = chance.randrange(len(held)) if held else 0
    return at, min(len(held), at + chance.randint(1, LONGEST_RUN))


def _cut(held: list[str], at: int, chance: Random) -> None:
    """The end, or a part of a token, is missing; or a run stands elsewhere."""
    if chance.random() < 0.3:
        del held[at:]
    elif held and chance.random() < 0.5:
        held[at] = held[at][:chance.randrange(len(held[at]) + 1)]
    elif held:
        held.insert(chance.randrange(len(held)), held.pop(at))
