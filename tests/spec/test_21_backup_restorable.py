"""backup.restorable: the service can fail over or be restored within the time that the terms of service commit to.

Nobody can see that it can be: it is shown by doing it. So a proof is owed: within twelve months (ours) of the last one, or
of the day on which the service began. A drill is a proof if it succeeded within the committed time (four hours, until the
register is told the time of the terms of service). The promise names two ways; either is a proof.
"""

import pytest

title = "Restoring: shown within the committed time"


@pytest.fixture
def spec(judged):
    return judged("backup.restorable")


SERVERS = """
            server_id | role    | in_service_at
            s1        | primary | 2023-01-15 09:00
            s2        | replica | 2022-01-01 00:00
"""


def test_a_proof_is_owed_every_year(spec):
    """Twelve calendar months from the last proof, to the end of that day; thirty days before, it is due soon."""
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            first    | failover | 2023-06-10 10:00 | 2023-06-10 11:00 | success
        """,
        states="""
            subject | opened     | 2023-06-10 | 2024-05-10 | 2024-05-11 | 2024-06-09 | 2024-06-10
            service | 2023-01-15 | met        | met        | met        | met        | met
            service | 2023-06-10 | open       | open       | due_soon   | due_soon   | overdue
        """)


def test_the_next_proof_is_in_time_until_the_day_ends(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at         | outcome
            first    | failover | 2023-06-10 10:00 | 2023-06-10 11:00    | success
            second   | restore  | 2024-06-10 22:00 | 2024-06-10 23:59:59 | success
        """,
        as_of="2024-06-12",
        obligations="""
            subject | opened     | basis    | closed_by | state
            service | 2023-01-15 | service  | rehearsed | met
            service | 2023-06-10 | failover | rehearsed | met
            service | 2024-06-10 | restore  |           | open
        """)


def test_one_that_ends_at_midnight_came_too_late_and_begins_the_next_year(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            first    | failover | 2023-06-10 10:00 | 2023-06-10 11:00 | success
            second   | restore  | 2024-06-10 22:00 | 2024-06-11 00:00 | success
        """,
        as_of="2024-06-12",
        obligations="""
            subject | opened     | basis    | closed_by | state
            service | 2023-01-15 | service  | rehearsed | met
            service | 2023-06-10 | failover | rehearsed | late
            service | 2024-06-11 | restore  |           | open
        """)


@pytest.mark.parametrize("finished_at", ["2024-01-10 10:00", "2024-01-10 14:00"])
def test_a_success_within_the_committed_time_is_a_proof(spec, finished_at):
    """Four hours, their last instant included."""
    spec(
        servers=SERVERS,
        restore_drills=f"""
            drill_id | kind     | started_at       | finished_at   | outcome
            only     | failover | 2024-01-10 10:00 | {finished_at} | success
        """,
        as_of="2024-01-15",
        obligations="""
            subject | opened     | state
            service | 2023-01-15 | met
            service | 2024-01-10 | open
        """)


@pytest.mark.parametrize(("finished_at", "outcome"), [
    ("2024-01-10 14:00:01", "success"),  # a second more than four hours
    ("2024-01-10 11:00", "failed"),
    ("2024-01-10 11:00", "aborted"),
    ("", "failed"),
])
def test_nothing_else_is_a_proof(spec, finished_at, outcome):
    """What failed, was called off or took too long shows nothing."""
    spec(
        servers=SERVERS,
        restore_drills=f"""
            drill_id | kind     | started_at       | finished_at   | outcome
            only     | failover | 2024-01-10 10:00 | {finished_at} | {outcome}
        """,
        as_of="2024-01-15",
        obligations="""
            subject | opened     | state
            service | 2023-01-15 | overdue
        """)


def test_a_failed_drill_after_a_proof_leaves_the_proof_its_year(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            good     | failover | 2023-06-10 10:00 | 2023-06-10 11:00 | success
            bad      | failover | 2023-12-10 10:00 | 2023-12-10 11:00 | failed
        """,
        as_of="2023-12-31",
        obligations="""
            subject | opened     | state
            service | 2023-01-15 | met
            service | 2023-06-10 | open
        """)


@pytest.mark.parametrize("finished_at", ["", "2024-01-10 09:59"])
def test_a_success_of_which_the_time_is_not_told_leaves_it_unknown(spec, finished_at):
    """Without its end, or with one before its start: it may have been a proof. Until one is due, none is missing."""
    spec(
        servers=SERVERS,
        restore_drills=f"""
            drill_id | kind    | started_at       | finished_at   | outcome
            untold   | restore | 2024-01-10 10:00 | {finished_at} | success
        """,
        states="""
            subject | 2024-01-14 | 2024-01-15
            service | due_soon   | unknown
        """)


def test_a_success_without_its_end_before_the_last_proof_is_no_question(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind    | started_at       | finished_at      | outcome
            untold   | restore | 2023-05-10 10:00 |                  | success
            good     | restore | 2023-06-10 10:00 | 2023-06-10 11:00 | success
        """,
        as_of="2024-06-10",
        obligations="""
            subject | opened     | state
            service | 2023-01-15 | met
            service | 2023-06-10 | overdue
        """)


def test_what_ends_after_as_of_has_not_ended_yet(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            across   | failover | 2024-01-14 23:00 | 2024-01-15 00:00 | success
        """,
        states="""
            subject | opened     | 2024-01-13 | 2024-01-14 | 2024-01-15
            service | 2023-01-15 | due_soon   | due_soon   | met
            service | 2024-01-15 |            |            | open
        """)


def test_the_clocks_do_not_lengthen_the_committed_time(spec):
    """Four elapsed hours: from 23:00 to 04:00 in the night in which the clocks are put forward, and not a second more."""
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            spring   | failover | 2023-03-25 23:00 | 2023-03-26 04:00 | success
        """,
        as_of="2023-03-26",
        obligations="""
            subject | opened     | state
            service | 2023-01-15 | met
            service | 2023-03-26 | open
        """)


def test_a_drill_before_the_first_primary_server_of_the_inventory_begins_the_chain(spec):
    """The inventory may be younger than the service."""
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            early    | failover | 2022-12-10 10:00 | 2022-12-10 11:00 | success
        """,
        as_of="2023-01-31",
        obligations="""
            subject | opened     | state
            service | 2022-12-10 | open
        """)


def test_two_proofs_at_one_moment_are_one(spec):
    spec(
        servers=SERVERS,
        restore_drills="""
            drill_id | kind     | started_at       | finished_at      | outcome
            one      | failover | 2023-06-10 10:00 | 2023-06-10 11:00 | success
            other    | restore  | 2023-06-10 09:00 | 2023-06-10 11:00 | success
        """,
        as_of="2023-06-30",
        obligations="""
            subject | opened     | basis    | state
            service | 2023-01-15 | service  | met
            service | 2023-06-10 | failover | open
        """)
