"""A night that differs too much from those before it may be right, or the query behind it may be wrong. Nobody can tell from
the data alone: what it would show as kept is unknown until somebody has looked, and says so with a reason. A breach it shows
is a breach all the same.

The limits are in the register: a fifth of the rows, and twenty of them; five times the closings of the busiest day, and
fifty of them.
"""

import pytest

title = "Guards: what is too strange to be believed"

DELETED = "retention.deleted-accounts"
WATCHED = "guard | concerns | state | found | compared_with | since_on\n"


INVOICE = "invoice_id | issued_on | financial_year_end_on\ni1 | 2020-01-10 | 2020-12-31"


def accounts(count, erased=0, overdue=0):
    """So many accounts, deleted in 2024; the first of them erased in April 2026, the last deleted five years ago."""
    rows = [f"a{n:03} | {'2021-01-10' if n > count - overdue else '2024-01-10'} 12:00 | "
            f"{'2026-04-02 02:00' if n <= erased else ''}" for n in range(1, count + 1)]
    return "\n".join(["account_id | deleted_at | erased_at", *rows])


def confirmed(guard, concerns, night, day="2026-04-20"):
    return (f'[[confirmation]]\nid = "looked"\nguard = "{guard}"\nconcerns = "{concerns}"\nnight = {night}\n'
            f'why = "customers of the closed branch"\nwho = "operations"\nconfirmed = {day}\n')


@pytest.mark.parametrize(("left", "state"), [(80, ""), (79, "tripped")])
def test_a_fifth_of_the_rows_may_go_and_no_more(night, left, state):
    night("2026-03-31", DELETED, accounts=accounts(100), guards=WATCHED)
    night("2026-04-01", DELETED, accounts=accounts(left),
          guards=WATCHED + (f"fewer_rows | accounts | {state} | {left} | 100 | 2026-04-01" if state else ""))


@pytest.mark.parametrize(("left", "state"), [(31, ""), (30, "tripped")])
def test_of_a_small_dataset_twenty_rows_are_what_is_too_many(night, left, state):
    night("2026-03-31", DELETED, accounts=accounts(50))
    night("2026-04-01", DELETED, accounts=accounts(left),
          guards=WATCHED + (f"fewer_rows | accounts | {state} | {left} | 50 | 2026-04-01" if state else ""))


def test_the_first_night_and_a_dataset_s_first_night_have_nothing_to_compare_with(night):
    night("2026-03-31", DELETED, accounts=accounts(5), missing=("invoices",), guards=WATCHED)
    night("2026-04-01", DELETED, accounts=accounts(200, erased=150), guards=WATCHED)


def test_more_rows_are_no_matter_of_a_guard(night):
    night("2026-03-31", DELETED, accounts=accounts(10))
    night("2026-04-01", DELETED, accounts=accounts(500), guards=WATCHED)


def test_what_is_kept_is_unknown_and_what_is_broken_stays_broken(night):
    """Of a hundred accounts the source shows two: the one that is overdue is overdue; the other, like those that are gone,
    is not to be judged. Nothing says that the dataset is wrong, so that a breach may be told from it."""
    night("2026-03-31", DELETED, accounts=accounts(100, overdue=1))
    night("2026-04-01", DELETED, accounts="account_id | deleted_at\na001 | 2024-01-10 12:00\na100 | 2021-01-10 12:00",
          verdicts="verdict | reason\nbreached | overdue")


def test_a_promise_that_rests_on_it_cannot_be_verified_and_says_what_would_cure_it(night):
    night("2026-03-31", DELETED, accounts=accounts(30))
    night("2026-04-01", DELETED, accounts="account_id | deleted_at\na001 | 2024-01-10 12:00",
          verdicts="verdict | reason | detail\nunverifiable | guard_tripped | accounts")


def test_a_promise_that_rests_on_other_datasets_is_not_touched(night):
    night("2026-03-31", "retention.invoices", accounts=accounts(30), invoices=INVOICE)
    night("2026-04-01", "retention.invoices", accounts=accounts(2), invoices=INVOICE,
          obligations="subject | state\ni1 | open")


def test_it_stays_doubted_every_night_until_it_is_confirmed_and_is_then_what_later_nights_are_compared_with(night):
    """A confirmation names the night of the doubt; that one, or any since. Afterwards the smaller number is the usual."""
    guard = "fewer_rows | accounts |"
    night("2026-03-31", DELETED, accounts=accounts(100))
    night("2026-04-01", DELETED, accounts=accounts(10), guards=WATCHED + f"{guard} tripped | 10 | 100 | 2026-04-01")
    night("2026-04-02", DELETED, accounts=accounts(10), guards=WATCHED + f"{guard} tripped | 10 | 100 | 2026-04-01",
          set_apart=confirmed("fewer_rows", "accounts", "2026-03-31"))
    night("2026-04-03", DELETED, accounts=accounts(10), guards=WATCHED + f"{guard} confirmed | 10 | 100 | 2026-04-01",
          set_apart=confirmed("fewer_rows", "accounts", "2026-04-01"))
    night("2026-04-04", DELETED, accounts=accounts(9), guards=WATCHED,
          set_apart=confirmed("fewer_rows", "accounts", "2026-04-01"))


def test_a_night_that_is_as_before_again_takes_the_doubt_away(night):
    night("2026-03-31", DELETED, accounts=accounts(100))
    night("2026-04-01", DELETED, accounts=accounts(10))
    night("2026-04-02", DELETED, accounts=accounts(99), guards=WATCHED, verdicts="verdict\nunverifiable")
    night("2026-04-03", DELETED, accounts=accounts(10),
          guards=WATCHED + "fewer_rows | accounts | tripped | 10 | 99 | 2026-04-03")


def test_an_old_confirmation_does_not_cover_a_new_doubt(night):
    early = confirmed("fewer_rows", "accounts", "2026-04-01")
    night("2026-03-31", DELETED, accounts=accounts(100))
    night("2026-04-01", DELETED, accounts=accounts(50), set_apart=early)
    night("2026-04-02", DELETED, accounts=accounts(10), set_apart=early,
          guards=WATCHED + "fewer_rows | accounts | tripped | 10 | 50 | 2026-04-02")


def test_a_dataset_that_is_missing_for_a_night_is_compared_with_what_it_was(night):
    night("2026-03-31", DELETED, accounts=accounts(100))
    night("2026-04-01", DELETED, missing=("accounts",))
    night("2026-04-02", DELETED, accounts=accounts(10),
          guards=WATCHED + "fewer_rows | accounts | tripped | 10 | 100 | 2026-04-02")


@pytest.mark.parametrize(("erased", "state"), [(49, ""), (50, "tripped")])
def test_far_more_closings_than_ever_are_unknown_and_nothing_else_is(night, erased, state):
    """Nothing has ever been erased, and one night fifty accounts are. Those fifty are unknown; the others are as before."""
    night("2026-03-31", DELETED, accounts=accounts(60))
    night("2026-04-01", DELETED, accounts=accounts(60))
    night("2026-04-02", DELETED, accounts=accounts(60, erased=erased),
          guards=WATCHED + (f"more_closings | {DELETED} | {state} | {erased} | 0 | 2026-04-02" if state else ""),
          counts="as_of | state | subjects\n2026-03-31 | open | 60\n2026-04-01 | open | 60\n"
                 + (f"2026-04-02 | unknown | {erased}\n2026-04-02 | open | {60 - erased}" if state else
                    f"2026-04-02 | met | {erased}\n2026-04-02 | open | {60 - erased}"))


def test_five_times_the_busiest_day_is_within(night):
    """Twenty closed on the busiest day: a hundred are within, the next one is not. Days without a run count each."""
    def closed(count):
        return "\n".join(["account_id | deleted_at | erased_at", *(
            f"a{n:03} | 2024-01-10 12:00 | {'2026-04-02 02:00' if n <= count else ''}" for n in range(1, 401))])

    night("2026-03-31", DELETED, accounts=closed(0))
    night("2026-04-02", DELETED, accounts=closed(40))
    night("2026-04-03", DELETED, accounts=closed(140), guards=WATCHED)
    night("2026-04-04", DELETED, accounts=closed(400), guards=WATCHED)
    # From here on a hundred and more a day are usual.


def test_what_closed_late_or_early_stays_a_breach_though_the_night_is_doubted(night):
    night("2026-03-31", DELETED, accounts=accounts(60, overdue=60))
    night("2026-04-01", DELETED, accounts=accounts(60, overdue=60))
    night("2026-04-02", DELETED, accounts=accounts(60, erased=60, overdue=60),
          guards=WATCHED + f"more_closings | {DELETED} | tripped | 60 | 0 | 2026-04-02",
          verdicts="verdict | reason\nbreached | late")


def test_doubted_closings_are_doubted_until_they_are_confirmed_and_then_count(night):
    guard = f"more_closings | {DELETED} |"
    done = accounts(60, erased=60)
    night("2026-03-31", DELETED, accounts=accounts(60))
    night("2026-04-01", DELETED, accounts=accounts(60))
    night("2026-04-02", DELETED, accounts=done, guards=WATCHED + f"{guard} tripped | 60 | 0 | 2026-04-02")
    night("2026-04-05", DELETED, accounts=done, guards=WATCHED + f"{guard} tripped | 60 | 0 | 2026-04-02")
    night("2026-04-06", DELETED, accounts=done, guards=WATCHED + f"{guard} confirmed | 60 | 0 | 2026-04-02",
          set_apart=confirmed("more_closings", DELETED, "2026-04-03"))
    night("2026-04-07", DELETED, accounts=done, guards=WATCHED,
          verdicts="verdict | judged\ncompliant | 60")


def test_what_is_doubted_says_so_with_the_word_that_names_the_cure(night):
    night("2026-03-31", DELETED, accounts=accounts(22))
    night("2026-04-01", DELETED, accounts="account_id | deleted_at\na001 | 2024-01-10 12:00\na002 | 2020-01-10 12:00",
          obligations="""
        subject | state   | closed_by
        a001    | unknown | guarded
        a002    | overdue |
        """ + "\n".join(f"a{n:03} | unknown | guarded" for n in range(3, 23)))


def test_a_dataset_that_is_connected_anew_brings_its_past_along(night):
    """Its obligations of years close on one night; that is no more of a doubt than a first night is."""
    night("2026-03-31", DELETED, missing=("accounts",))
    night("2026-04-01", DELETED, missing=("accounts",))
    night("2026-04-02", DELETED, accounts=accounts(60, erased=60), guards=WATCHED)
