"""A report that can never be made, since an older version kept less of its night: lost once, told once, tried once."""

from datetime import date

import pytest
from test_year import FIRST, Year, results

from pipelines import errors
from pipelines.operate.ledger import Ledger

SUNDAY, LAST = date(2026, 3, 1), date(2026, 3, 20)


class Older(Year):
    """A year in which the weekly report of one Sunday is refused."""

    tried = 0

    def make(self, as_of, pages):
        refused = [page for page in pages if (page.name, as_of) == ("inactivity", SUNDAY)]
        self.tried += len(refused)
        super().make(as_of, [page for page in pages if page not in refused])
        if refused:
            raise errors.RefusedError("made by an older version")


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    assert FIRST < SUNDAY
    return Older(tmp_path_factory.mktemp("weeks"), 1, 0, LAST).live()


def test_it_is_lost_and_not_tried_again(weeks):
    assert results(weeks)["weekly", SUNDAY] == "lost"
    assert weeks.tried == 1


def test_the_others_of_that_day_and_of_later_ones_are_made(weeks):
    others = {key: result for key, result in results(weeks).items() if key != ("weekly", SUNDAY)}
    assert ("daily", SUNDAY) in others
    assert ("weekly", date(2026, 3, 15)) in others
    assert set(others.values()) == {"done"}


def test_operators_are_told_once_and_readers_are_sent_nothing(weeks):
    told = [line for line in weeks.told if "antérieure" in line]
    assert [weeks.told[line] for line in told] == [1], weeks.told
    assert "weekly" in told[0]
    mails = {(one.entry, one.as_of) for one in Ledger(weeks.home.runs).mails()}
    assert ("weekly", date(2026, 3, 15)) in mails
    assert ("weekly", SUNDAY) not in mails
