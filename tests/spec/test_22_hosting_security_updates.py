"""hosting.security-updates: the servers' security fixes are looked after continuously.

"Continuously" is read as two things: no fix waits longer than thirty days from its publication (ours), and every server in
service is looked at every day. The first is an obligation per fix that was found waiting; the second one per server, basis
`check`, of the day of as_of alone, since a later check shows what an earlier one missed.
"""

import pytest

title = "Security fixes: installed within thirty days"


@pytest.fixture
def spec(judged):
    return judged("hosting.security-updates")


SERVERS = """
            server_id | role    | in_service_at
            s1        | primary | 2023-01-15 09:00
"""


def test_a_fix_is_due_thirty_days_from_its_publication(spec):
    """To the end of the thirtieth day; it is due soon for its last week."""
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-05 06:00 | 2       | 2024-03-01 15:00
            s1        | 2024-03-23 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-03-24 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-03-30 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-03-31 06:00 | 1       | 2024-03-01 15:00
        """,
        states="""
            subject | opened     | 2024-03-05 | 2024-03-23 | 2024-03-24 | 2024-03-30
            s1      | 2023-01-15 | met        | met        | met        | met
            s1      | 2024-03-01 | open       | open       | due_soon   | due_soon
        """)


def test_a_fix_that_still_waits_when_it_was_due_is_overdue_from_the_check_that_shows_it(spec):
    """Due by the end of 31 March. At that midnight the last check is of the morning: what became of the fix since then is
    not known yet; the check of 1 April finds it still waiting."""
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-31 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-04-01 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-04-02 06:00 | 0       |
        """,
        states="""
            subject | opened     | 2024-03-31 | 2024-04-01 | 2024-04-02
            s1      | 2023-01-15 | met        | met        | met
            s1      | 2024-03-01 | unknown    | overdue    | late
        """)


def test_a_fix_closes_when_a_check_finds_it_no_more(spec):
    """Between the two checks it was installed; if it was due there (at the end of 31 March), nobody can tell."""
    spec(
        servers="""
            server_id | role    | in_service_at
            in_time   | primary | 2023-01-15 09:00
            between   | primary | 2023-01-15 09:00
            too_late  | primary | 2023-01-15 09:00
        """,
        security_updates="""
            server_id | checked_at          | pending | oldest_pending_at
            in_time   | 2024-03-20 06:00    | 1       | 2024-03-01 15:00
            in_time   | 2024-03-31 23:59:59 | 0       |
            between   | 2024-03-31 23:59:59 | 1       | 2024-03-01 15:00
            between   | 2024-04-01 00:00    | 0       |
            too_late  | 2024-04-01 00:00    | 1       | 2024-03-01 15:00
            too_late  | 2024-04-01 06:00    | 0       |
        """,
        as_of="2024-04-01",
        obligations="""
            subject  | basis | closed_at           | closed_by | state
            in_time  | check |                     | unchecked | unknown
            in_time  | fix   | 2024-03-31 23:59:59 | installed | met
            between  | check | 2024-04-01 00:00    | checked   | met
            between  | fix   |                     | bracketed | unknown
            too_late | check | 2024-04-01 06:00    | checked   | met
            too_late | fix   | 2024-04-01 06:00    | installed | late
        """)


def test_the_next_oldest_fix_has_a_date_of_its_own(spec):
    """A newer fix that waited all the time behind the oldest is seen once the oldest is gone, with its own publication."""
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-10 06:00 | 2       | 2024-03-01 15:00
            s1        | 2024-03-11 06:00 | 1       | 2024-03-08 15:00
            s1        | 2024-03-12 06:00 | 1       | 2024-03-08 15:00
        """,
        as_of="2024-03-12",
        obligations="""
            subject | opened     | basis | closed_at        | state
            s1      | 2023-01-15 | check | 2024-03-12 06:00 | met
            s1      | 2024-03-01 | fix   | 2024-03-11 06:00 | met
            s1      | 2024-03-08 | fix   |                  | open
        """)


def test_a_fix_that_comes_back_was_never_installed(spec):
    """A server restored from an older image: it waits since its publication."""
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-10 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-03-20 06:00 | 0       |
            s1        | 2024-04-10 06:00 | 1       | 2024-03-01 15:00
        """,
        as_of="2024-04-10",
        obligations="""
            subject | opened     | state
            s1      | 2023-01-15 | met
            s1      | 2024-03-01 | overdue
        """)


def test_the_check_is_of_the_day_itself(spec):
    """In Paris, from its first instant to its last."""
    spec(
        servers="""
            server_id | role    | in_service_at
            before    | primary | 2023-01-15 09:00
            first     | primary | 2023-01-15 09:00
            last      | primary | 2023-01-15 09:00
            after     | primary | 2023-01-15 09:00
        """,
        security_updates="""
            server_id | checked_at          | pending
            before    | 2024-03-09 23:59:59 | 0
            first     | 2024-03-10 00:00    | 0
            last      | 2024-03-10 23:59:59 | 0
            after     | 2024-03-11 00:00    | 0
        """,
        as_of="2024-03-10",
        obligations="""
            subject | basis | closed_by | state
            before  | check | unchecked | unknown
            first   | check | checked   | met
            last    | check | checked   | met
            after   | check | unchecked | unknown
        """)


def test_every_server_in_service_is_looked_at_whatever_its_role(spec):
    """One taken out of service is not; nor is one that is not in service yet."""
    spec(
        servers="""
            server_id | role    | in_service_at    | out_of_service_at
            s1        | primary | 2023-01-15 09:00 |
            s2        | replica | 2023-01-15 09:00 |
            vault     | backup  | 2023-01-15 09:00 |
            former    | replica | 2023-01-15 09:00 | 2024-03-10 12:00
            leaving   | replica | 2023-01-15 09:00 | 2024-03-11 00:00
            coming    | replica | 2024-03-11 00:00 |
        """,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-10 06:00 | 0       |
        """,
        states="""
            subject | 2024-03-10
            s1      | met
            s2      | unknown
            vault   | unknown
            leaving | unknown
        """)


@pytest.mark.parametrize(("pending", "oldest"), [("1", ""), ("0", "2024-03-01 15:00"), ("1", "2024-03-10 06:00:01")])
def test_a_check_that_contradicts_itself_tells_nothing(spec, pending, oldest):
    """Something waits, but nobody says since when; or nothing waits, since then; or it was published after the check."""
    spec(
        servers=SERVERS,
        security_updates=f"""
            server_id | checked_at       | pending   | oldest_pending_at
            s1        | 2024-03-10 06:00 | {pending} | {oldest}
        """,
        as_of="2024-03-10",
        obligations="""
            subject | basis | closed_by    | state
            s1      | check | missing_date | unknown
        """)


def test_a_check_that_contradicts_itself_ends_no_wait(spec):
    """The fix waited, the next check says something waits but not since when: it may be the same."""
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-04-02 06:00 | 1       | 2024-03-01 15:00
            s1        | 2024-04-03 06:00 | 1       |
        """,
        as_of="2024-04-03",
        obligations="""
            subject | basis | closed_by    | state
            s1      | check | missing_date | unknown
            s1      | fix   |              | overdue
        """)


def test_the_last_check_of_the_day_is_the_one_that_counts(spec):
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-03-10 06:00 | 1       |
            s1        | 2024-03-10 18:00 | 0       |
        """,
        as_of="2024-03-10",
        obligations="""
            subject | closed_at        | closed_by | state
            s1      | 2024-03-10 18:00 | checked   | met
        """)


def test_a_server_that_was_taken_out_of_service_needs_no_fix_any_more(spec):
    """In time, if it left before the fix was due; too late, if after."""
    spec(
        servers="""
            server_id | role    | in_service_at    | out_of_service_at
            in_time   | replica | 2023-01-15 09:00 | 2024-03-31 12:00
            too_late  | replica | 2023-01-15 09:00 | 2024-04-01 00:00
        """,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            in_time   | 2024-03-30 06:00 | 1       | 2024-03-01 15:00
            too_late  | 2024-03-30 06:00 | 1       | 2024-03-01 15:00
        """,
        as_of="2024-04-05",
        obligations="""
            subject  | closed_by | state
            in_time  | retired   | met
            too_late | retired   | late
        """)


def test_a_server_that_the_inventory_does_not_know_is_owed_its_fixes_too(spec):
    spec(
        servers=SERVERS,
        security_updates="""
            server_id | checked_at       | pending | oldest_pending_at
            s1        | 2024-04-10 06:00 | 0       |
            s9        | 2024-04-10 06:00 | 1       | 2024-03-01 15:00
        """,
        states="""
            subject | 2024-04-10
            s1      | met
            s9      | overdue
        """)
