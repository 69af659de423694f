"""What has to be counted anew, as tables: which logs were known with which lines of which days, and which are there now.

Days are numbered. A cell such as `1:10 2:5` says: ten lines of day 1, five of day 2; an empty one: the log is not there.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.collect.traffic.known import UNSETTLED, DayOfLog, Log, Present, recount, remembered
from pipelines.collect.traffic.log_files import LogFile
from pipelines.models import tables

START = date(2026, 3, 1)


def day(number: int | str) -> date:
    return START + timedelta(days=int(number))


def days_of(cell: str) -> dict[date, DayOfLog]:
    """`1:10` ten lines; `1:10a` ten others; `1:10?` ten counted, which are not all."""
    found = {}
    for part in cell.split():
        number, told = part.split(":")
        lines = int(told.rstrip("ab?"))
        found[day(number)] = DayOfLog(lines, UNSETTLED if told.endswith("?") else told)
    return found


class Case:
    """A table `log | known | now`: now is `same` for a file that has not changed, and empty for one that is gone."""

    def __init__(self, table: str, partial: str = "", hasher: str = "v1"):
        self.known, self.present, self.read, self.hasher = [], [], {}, hasher
        for row in tables.parse(table):
            self._take(row["log"], row["known"], row["now"])
        self.need = recount(self.present, self.read, self.known, hasher, [day(number) for number in partial.split()])

    def _take(self, name: str, known: str | None, now: str | None) -> None:
        before = Log(name, 10, name, "1:1:1", "v1", days_of(known)) if known else None
        if before:
            self.known.append(before)
        if now is None:
            return
        is_same = now == "same"
        file = LogFile(Path(name), name, "1:1:1" if is_same else "2:2:2", 1, 0.0)
        one = Present(file, before, name, 10)
        self.present.append(one)
        if not is_same or one.is_unsettled:
            self.read[name] = before.days if is_same else days_of(now)

    def numbers(self, of) -> str:
        return " ".join(str((one - START).days) for one in sorted(of))

    @property
    def told(self) -> dict[str, str]:
        return {"days": self.numbers(self.need.days), "partial": self.numbers(self.need.partial),
                "kept": self.numbers(self.need.kept), "read": " ".join(sorted(one.log_id for one in self.need.files)),
                "lost": " ".join(f"{name}:{lines}" for name, lines in sorted(self.need.lost_lines.items()))}

    def remembered(self) -> dict[str, str]:
        logs = remembered(self.present, self.read, self.known, self.need, self.hasher)
        return {log.log_id: " ".join(f"{self.numbers([on])}:{told.lines}{'?' if told.digest == UNSETTLED else ''}"
                                     for on, told in sorted(log.days.items())) for log in logs}


NOTHING = {"days": "", "partial": "", "kept": "", "read": "", "lost": ""}


@pytest.mark.parametrize(("table", "expected"), [
    ("log | known | now \n a | 1:10 | same \n b | 2:10 | same", {}),
    # A new day: it, the day before (whose visits may go on), and what is needed to count that: the one before it.
    ("log | known | now \n a | 1:9 | same \n b | 2:9 | same \n c | 3:9 | same \n d | | 4:9",
     {"days": "3 4", "read": "b c"}),
    # A late day counts the days on both sides anew, and reads two days on both sides.
    ("log | known | now \n a | 1:9 | same \n b | 2:9 | same \n c | 4:9 | same \n d | 5:9 | same \n e | 6:9 | same "
     "\n f | | 3:1", {"days": "2 3 4", "read": "a b c d"}),
    # A log that was packed or copied holds what it held: nothing is new.
    ("log | known | now \n a | 1:9 | 1:9 \n b | 2:9 | same", {}),
    # It was changed in place.
    ("log | known | now \n a | 1:9 | 1:9b \n b | 2:9 | same", {"days": "1 2", "read": "b"}),
    # A log with several days of which one grew.
    ("log | known | now \n a | 1:9 5:9 | 1:9 5:10 \n b | 9:9 | same", {"days": "5"}),
    # The older lines of a day are gone: it is kept.
    ("log | known | now \n a | 1:9 | \n b | | 1:2", {"kept": "1", "lost": "b:2"}),
    # Its own are: some of them are not in the log any more, though others are new.
    ("log | known | now \n a | 1:9 2:9 | 1:5 2:10", {"days": "2", "partial": "2"}),
    ("log | known | now \n a | 1:9 | 1:5 \n b | 1:5 | 1:7", {"kept": "1", "lost": "b:2"}),
    ("log | known | now \n a | 1:9 2:3 | 2:5", {"days": "2", "partial": "2"}),
    # Beside a day that is gone: counted, but where its visits began is not known; and the gone one is not touched.
    ("log | known | now \n a | 1:9 | \n b | | 2:9", {"days": "2", "partial": "2"}),
    ("log | known | now \n a | 3:9 | \n b | | 2:9", {"days": "2", "partial": "2"}),
    ("log | known | now \n a | 4:9 | \n b | | 2:9", {"days": "2"}),
    # The day beside it cannot be counted anew, since the one beyond is gone: it stays as it was.
    ("log | known | now \n a | 1:9 | \n b | 2:9 | same \n c | | 3:9", {"days": "3", "read": "b"}),
    # What was never counted of a gone log is not missed.
    ("log | known | now \n a | 1:0? | \n b | 1:3 | 1:4", {"days": "1"}),
    # A log of which not all is counted: counted as soon as nothing is missing.
    ("log | known | now \n a | 1:9 | same \n b | 1:0? 2:4 | 1:3 2:4", {"days": "1 2", "read": "a"}),
])
def test_what_is_counted_anew(table, expected):
    assert Case(table).told == NOTHING | expected


def test_with_another_hasher_equal_lines_are_believed_to_be_the_same():
    assert Case("log | known | now \n a | 1:9a | 1:9b", hasher="v2").told == NOTHING
    assert Case("log | known | now \n a | 1:9a | 1:10b", hasher="v2").told == NOTHING | {"days": "1"}


@pytest.mark.parametrize(("now", "expected"), [
    ("same", {"days": "1 2", "read": "a b"}),
    ("", {}),
])
def test_a_partial_day_is_counted_once_nothing_is_missing(now, expected):
    table = f"log | known | now \n a | 1:9 | {now} \n b | 2:9 | same"
    assert Case(table, partial="2").told == NOTHING | expected


@pytest.mark.parametrize(("table", "expected"), [
    ("log | known | now \n a | 1:9 | same \n b | | 2:3", {"a": "1:9", "b": "2:3"}),
    ("log | known | now \n a | 1:9 | \n b | | 1:3 2:3", {"a": "1:9", "b": "1:0? 2:3"}),
    ("log | known | now \n a | 1:9 | \n b | 1:2 | 1:3", {"a": "1:9", "b": "1:2?"}),
    ("log | known | now \n a | 1:9 | \n b | 1:2 | 1:2", {"a": "1:9", "b": "1:2"}),
    ("log | known | now \n a | 1:9 | \n b | 1:2 | 1:2b", {"a": "1:9", "b": "1:2?"}),
    ("log | known | now \n a | 1:9 | 1:4", {"a": "1:9?"}),
    ("log | known | now \n a | 1:9 2:1 | 2:1", {"a": "1:9? 2:1"}),
    ("log | known | now \n a | 1:9? | 1:9", {"a": "1:9"}),
])
def test_what_is_known_from_then_on(table, expected):
    assert Case(table).remembered() == expected


def test_a_log_is_read_although_it_has_not_changed_as_long_as_not_all_of_it_is_counted():
    assert [one.is_unsettled for one in Case(
        "log | known | now \n a | 1:9 | same \n b | 1:9? | same \n c | 1:9? | 1:9").present] == [False, True, False]
