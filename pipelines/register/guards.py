"""Guards against implausible input ([[guard]]): how far a night may differ from those before it until somebody looks."""

from dataclasses import dataclass

from pipelines.register.document import Entry

FEWER_ROWS, MORE_CLOSINGS = "fewer_rows", "more_closings"
WORDS = (FEWER_ROWS, MORE_CLOSINGS)  # what obligation.guard compares, by its name


@dataclass(frozen=True, slots=True)
class Guard:
    """What is compared (`word`), and from where on it is doubted: beyond `limit_percent`, and by `at_least` of them.

    fewer_rows: the share of the last accepted night's rows that may be gone. more_closings: how many obligations may close a
    day, in percent of the most that ever closed on one. `reading` is always ours.
    """

    word: str
    limit_percent: int
    at_least: int
    fr: str
    en: str
    why_fr: str
    why_en: str


def guard(entry: Entry) -> Guard:
    """One [[guard]]; AlpiaError, one sentence, for nonsense."""
    found = Guard(
        word=entry.one_of("word", WORDS),
        limit_percent=entry.whole("limit_percent"),
        at_least=entry.whole("at_least"),
        fr=entry.text("fr"),
        en=entry.text("en"),
        why_fr=entry.text("why_fr"),
        why_en=entry.text("why_en"),
    )
    entry.done()
    if found.word == FEWER_ROWS and found.limit_percent >= 100:
        raise entry.refuse("limit_percent", f"is {found.limit_percent}, and no dataset can lose more than all",
                           "write a percentage below 100")
    if found.word == MORE_CLOSINGS and found.limit_percent < 100:
        raise entry.refuse("limit_percent", f"is {found.limit_percent}: as many as ever would be doubted",
                           "write a percentage of at least 100")
    return found
