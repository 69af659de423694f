"""backup.several-daily: every server is backed up several times a day, onto other machines, with all its volumes.

A duty of the calendar: one obligation for each primary server and each local day through which it was in service, due by the
end of that day. "Several" is at least two (our reading), for each volume that holds data: one backup of the database and one
of the documents are not two backups of either.

The source is taken to forget nothing since 2024-01-01, but where a case says otherwise.
"""

from datetime import date

import pytest
from casebook import collect, judge, moment, scratch

from pipelines.register import tables as register_tables

title = "Backups: several times a day, elsewhere"
ALWAYS = {"backups": date(2024, 1, 1)}


@pytest.fixture
def spec(judged):
    """As in the other chapters; `history`: since when the source of the backups forgets nothing."""
    check = judged("backup.several-daily")

    def of(history=ALWAYS, servers=SERVERS, volumes=DATABASE, **case):
        register_tables.write_history(scratch(), history)
        check(servers=servers, volumes=volumes, **case)

    yield of
    register_tables.write_history(scratch(), {})


SERVERS = """
            server_id | role    | in_service_at
            s1        | primary | 2024-03-10 00:00
            s2        | replica | 2024-03-10 00:00
            vault     | backup  | 2024-01-01 00:00
"""
DATABASE = """
            server_id | volume
            s1        | database
"""


def test_two_successful_backups_within_the_local_day(spec):
    """The first instant of the day counts, the midnight that ends it is the next day's; the second backup closes the day."""
    spec(
        backups="""
            server_id | taken_at            | volumes
            vault     | 2024-03-10 00:00    | database
            vault     | 2024-03-10 23:59:59 | database
            vault     | 2024-03-11 12:00    | database
            vault     | 2024-03-11 24:00    | database
        """,
        as_of="2024-03-11",
        obligations="""
            subject | opened_at        | due_at           | closed_at           | closed_by | state
            s1      | 2024-03-10 00:00 | 2024-03-10 24:00 | 2024-03-10 23:59:59 | backed_up | met
            s1      | 2024-03-11 00:00 | 2024-03-11 24:00 |                     |           | overdue
        """)


def test_a_day_without_enough_is_overdue_in_its_own_night_and_a_failure_from_then_on(spec):
    """It can never be made good: a failure of that day, for twelve months, and not a debt for ever."""
    spec(
        backups="""
            server_id | taken_at         | volumes
            vault     | 2024-03-10 04:00 | database
            vault     | 2024-03-11 04:00 | database
            vault     | 2024-03-11 16:00 | database
        """,
        as_of="2024-03-11",
        obligations="""
            subject | opened_at        | closed_at        | closed_by | state
            s1      | 2024-03-10 00:00 | 2024-03-10 24:00 | day_over  | late
            s1      | 2024-03-11 00:00 | 2024-03-11 16:00 | backed_up | met
        """)


@pytest.mark.parametrize(("day", "first", "last"), [
    ("2024-03-31", "2024-03-31 00:00+01:00", "2024-03-31 23:59+02:00"),  # 23 hours
    ("2024-10-27", "2024-10-27 00:00+02:00", "2024-10-27 23:59+01:00"),  # 25 hours
])
def test_a_day_on_which_the_clocks_change_is_a_day(spec, day, first, last):
    """The tools write in UTC or in a zone of their own; what counts is the day in Paris."""
    spec(
        servers=SERVERS.replace("s1        | primary | 2024-03-10 00:00", f"s1        | primary | {day} 00:00"),
        backups=f"""
            server_id | taken_at | volumes
            vault     | {first}  | database
            vault     | {last}   | database
        """,
        as_of=day,
        obligations="""
            subject | state
            s1      | met
        """)


@pytest.mark.parametrize(("server", "status", "taken_at", "state"), [
    ("vault", "success", "2024-03-10 16:00", "met"),
    ("vault", "partial", "2024-03-10 16:00", "overdue"),  # it did not read everything
    ("vault", "failed", "2024-03-10 16:00", "overdue"),
    ("s1", "success", "2024-03-10 16:00", "overdue"),  # on the machine that it backs up
    ("s2", "success", "2024-03-10 16:00", "overdue"),  # on its replica
    ("vault", "success", "2024-03-10 04:00", "overdue"),  # the same backup again
    ("attic", "success", "2024-03-10 04:00", "overdue"),  # and on another server: two copies of one backup
    ("attic", "success", "2024-03-10 16:00", "met"),
])
def test_only_successful_backups_elsewhere_count(spec, server, status, taken_at, state):
    spec(
        servers=SERVERS + "            attic     | backup  | 2024-01-01 00:00\n",
        backups=f"""
            server_id | status   | taken_at         | volumes
            vault     | success  | 2024-03-10 04:00 | database
            {server}  | {status} | {taken_at}       | database
        """,
        as_of="2024-03-10",
        obligations=f"""
            subject | state
            s1      | {state}
        """)


def test_what_may_have_been_a_backup_leaves_the_day_unknown(spec):
    """It lies on a server that nobody described, or nothing says whether it is whole, or what it covers."""
    spec(
        servers="""
            server_id | role    | in_service_at
            s1        | primary | 2024-03-10 00:00
            s3        | primary | 2024-03-10 00:00
            s4        | primary | 2024-03-10 00:00
            vault     | backup  | 2024-01-01 00:00
        """,
        volumes="""
            server_id | volume
            s1        | database
            s3        | database
            s4        | database
        """,
        backups="""
            source_server_id | taken_at         | server_id | status   | volumes
            s1               | 2024-03-10 04:00 | vault     | success  | database
            s1               | 2024-03-10 16:00 | nowhere   | success  | database
            s3               | 2024-03-10 04:00 | vault     | success  | database
            s3               | 2024-03-10 16:00 | vault     | unproven | database
            s4               | 2024-03-10 04:00 | vault     | success  | database
            s4               | 2024-03-10 16:00 | vault     | success  |
        """,
        as_of="2024-03-10",
        obligations="""
            subject | state   | closed_by
            s1      | unknown | unknown_server
            s3      | unknown | unproven_backup
            s4      | unknown | unlisted_volumes
        """)


def test_what_may_have_been_one_backup_does_not_make_up_for_two(spec):
    """Even if it was one, there were too few: that is proven."""
    spec(
        backups="""
            taken_at         | server_id | status   | volumes
            2024-03-10 04:00 | vault     | unproven | database
        """,
        as_of="2024-03-10",
        obligations="""
            subject | state
            s1      | overdue
        """)


def test_every_volume_that_holds_data_is_covered_several_times(spec):
    """On the first day both twice; on the second the documents once; on the third one backup of each; on the fourth, a
    volume that came into use at noon is not owed yet, and on the fifth it is; a volume out of use is owed no more."""
    spec(
        volumes="""
            server_id | volume    | in_use_at        | out_of_use_at
            s1        | database  |                  |
            s1        | documents | 2024-03-01 00:00 | 2024-03-13 00:00
            s1        | mail      | 2024-03-13 12:00 |
            s2        | other     |                  |
        """,
        backups="""
            server_id | taken_at         | volumes
            vault     | 2024-03-10 04:00 | database documents
            vault     | 2024-03-10 16:00 | database documents other
            vault     | 2024-03-11 04:00 | database documents
            vault     | 2024-03-11 16:00 | database
            vault     | 2024-03-12 04:00 | database
            vault     | 2024-03-12 16:00 | documents
            vault     | 2024-03-13 04:00 | database
            vault     | 2024-03-13 16:00 | database
            vault     | 2024-03-14 04:00 | database
            vault     | 2024-03-14 16:00 | database
        """,
        as_of="2024-03-14",
        obligations="""
            subject | opened     | state
            s1      | 2024-03-10 | met
            s1      | 2024-03-11 | late
            s1      | 2024-03-12 | late
            s1      | 2024-03-13 | met
            s1      | 2024-03-14 | overdue
        """)


def test_two_tools_may_share_the_volumes_of_a_server(spec):
    """A database by its own tool and the documents by another: each twice; the last that was missing closes the day."""
    spec(
        volumes="""
            server_id | volume
            s1        | database
            s1        | documents
        """,
        backups="""
            server_id | taken_at         | volumes
            vault     | 2024-03-10 01:00 | database
            vault     | 2024-03-10 02:00 | documents
            vault     | 2024-03-10 13:00 | database
            vault     | 2024-03-10 14:00 | documents
            vault     | 2024-03-10 20:00 | database
        """,
        as_of="2024-03-10",
        obligations="""
            subject | closed_at        | state
            s1      | 2024-03-10 14:00 | met
        """)


def test_without_a_word_on_its_volumes_a_server_is_never_shown_to_be_covered(spec):
    """But that there were too few backups of any kind is shown all the same."""
    spec(
        volumes="""
            server_id | volume
        """,
        backups="""
            server_id | taken_at         | volumes
            vault     | 2024-03-10 04:00 | database
            vault     | 2024-03-10 16:00 | database
            vault     | 2024-03-11 04:00 | database
        """,
        as_of="2024-03-11",
        obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-10 | unknown | unlisted_volumes
            s1      | 2024-03-11 | overdue |
        """)


def test_every_primary_server_is_owed_for_the_days_through_which_it_was_in_service(spec):
    """Not for a day that it did not see from the first to the last instant; a replica or a backup server is owed nothing."""
    spec(
        servers="""
            server_id | role    | in_service_at       | out_of_service_at
            s1        | primary | 2024-03-10 00:00:01 | 2024-03-13 00:00
            s3        | primary | 2024-03-10 00:00    | 2024-03-11 23:59:59
            s2        | replica | 2024-01-01 00:00    |
            vault     | backup  | 2024-01-01 00:00    |
        """,
        backups="""
            server_id | source_server_id | taken_at         | volumes
            vault     | s1               | 2024-03-12 04:00 | database
            vault     | s1               | 2024-03-12 16:00 | database
            vault     | s1               | 2024-03-12 17:00 | database
            vault     | s3               | 2024-03-12 17:00 | database
        """,
        as_of="2024-03-14",
        obligations="""
            subject | opened     | state
            s1      | 2024-03-11 | late
            s1      | 2024-03-12 | met
            s3      | 2024-03-10 | late
        """)


def test_what_left_the_catalogue_still_counts_for_its_day(spec):
    """Pruned on the day itself, even."""
    spec(
        backups="""
            server_id | taken_at         | removed_at       | volumes
            vault     | 2024-03-10 04:00 | 2024-03-10 05:00 | database
            vault     | 2024-03-10 16:00 | 2024-03-20 05:00 | database
        """,
        states="""
            subject | opened     | 2024-03-10
            s1      | 2024-03-10 | met
        """)


# --- from one night to the next -----------------------------------------------------------------------------------

TWO = """
            snapshot_id | server_id | taken_at         | status  | volumes
            a           | vault     | 2024-03-11 04:00 | success | database
            b           | vault     | 2024-03-11 16:00 | success | database
"""
NEXT = """
            snapshot_id | server_id | taken_at         | status  | volumes
            c           | vault     | 2024-03-12 04:00 | success | database
            d           | vault     | 2024-03-12 16:00 | success | database
"""
FIRST = """
            snapshot_id | server_id | taken_at         | status  | volumes
            z           | vault     | 2024-03-10 16:00 | success | database
"""
PROMISE = "backup.several-daily"


def test_a_backup_that_was_seen_once_counts_whatever_becomes_of_it(night):
    """The catalogue of the second night does not have it any more, in the third the catalogue cannot be read."""
    given = {"servers": SERVERS, "volumes": DATABASE}
    night("2024-03-11", PROMISE, backups=TWO, **given)
    night("2024-03-12", PROMISE, backups=NEXT, **given, obligations="""
            subject | opened     | state | closed_by
            s1      | 2024-03-12 | met   | backed_up
    """)
    night("2024-03-13", PROMISE, missing=("backups",), **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-12 | met     | backed_up
            s1      | 2024-03-13 | unknown | not_listed_yet
    """)


def test_days_before_the_first_collection_are_not_owed_and_the_first_night_is_not_silent(night):
    """What was pruned before we first looked can no longer be known: to call such a day a failure would be a guess, to call
    it unknown would leave the promise unverifiable for a year, with nothing that anyone could do. So nothing is said of it.
    But the day of the first night is shown: met if its backups are still there, else unknown, for one night."""
    given = {"servers": SERVERS, "volumes": DATABASE}
    night("2024-03-11", PROMISE, backups=FIRST, **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-11 | unknown | before_collection
    """)
    night("2024-03-12", PROMISE, backups=NEXT, **given, obligations="""
            subject | opened     | state | closed_by
            s1      | 2024-03-12 | met   | backed_up
    """)
    night("2024-03-13", PROMISE, backups=NEXT, **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-12 | met     | backed_up
            s1      | 2024-03-13 | overdue |
    """)


def test_a_first_night_that_finds_the_backups_of_its_day_says_so(night):
    night("2024-03-11", PROMISE, servers=SERVERS, volumes=DATABASE, backups=TWO, obligations="""
            subject | opened     | state
            s1      | 2024-03-11 | met
    """)


def test_of_what_came_after_the_listing_was_saved_nothing_is_known(night):
    """Collected at 22:00 of the day itself: a second backup may yet come. The next night tells."""
    given = {"servers": SERVERS, "volumes": DATABASE}
    night("2024-03-10", PROMISE, backups=FIRST, **given)
    one = TWO.replace("            b           | vault     | 2024-03-11 16:00 | success | database\n", "")
    night("2024-03-11", PROMISE, backups=one, collected_at="2024-03-11 22:00", **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-11 | unknown | not_listed_yet
    """)
    night("2024-03-12", PROMISE, backups=one, **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-11 | late    | day_over
            s1      | 2024-03-12 | overdue |
    """)


@pytest.mark.parametrize(("written_at", "state"), [
    ("2024-03-11 23:59", "unknown"),  # the catalogue was saved before the day was over
    ("2024-03-12 00:30", "overdue"),
    ("2024-03-12 05:00", "unknown"),  # a clock that runs ahead: it was read at 23:00, whatever the file says
    (None, "unknown"),  # a database, which is as old as its reading
])
def test_the_catalogue_is_as_old_as_its_file_and_not_as_the_night(spec, written_at, state):
    one = TWO.replace("2024-03-11 16:00", "2024-03-10 16:00")
    collect(scratch(), {"servers": SERVERS, "volumes": DATABASE, "backups": one},
            collected_at="2024-03-12 03:00" if written_at == "2024-03-12 00:30" else "2024-03-11 23:00")
    scratch().execute("UPDATE source.collection SET written_at = $at WHERE dataset = 'backups'", {"at": moment(written_at)})
    register_tables.write_history(scratch(), ALWAYS)
    judge(scratch(), "2024-03-11", PROMISE)
    found = scratch().execute("SELECT state FROM obligation.current WHERE local_day(opened_at) = '2024-03-11'").fetchall()
    assert found == [(state,)]


def test_what_a_log_proved_stays_proven_when_the_log_has_gone(night):
    """And so does what it was told to cover, when sources.toml no longer says."""
    given = {"servers": SERVERS, "volumes": DATABASE}
    unproven = TWO.replace("success", "unproven").replace("| database", "|")
    night("2024-03-10", PROMISE, backups=FIRST, **given)
    night("2024-03-11", PROMISE, backups=TWO, **given)
    night("2024-03-12", PROMISE, backups=unproven, **given, obligations="""
            subject | opened     | state   | closed_by
            s1      | 2024-03-11 | met     | backed_up
            s1      | 2024-03-12 | overdue |
    """)


def test_where_nothing_was_ever_seen_nothing_is_claimed(spec):
    """That the dataset is empty is told beside: the promise cannot be verified."""
    spec(
        history={},
        backups="""
            server_id | taken_at
        """,
        as_of="2024-03-10",
        obligations="""
            subject | state   | closed_by
            s1      | unknown | before_collection
        """)


def test_without_any_backup_ever_the_day_is_owed(spec):
    """Where the source says that it holds everything, no row is an answer; that the dataset is empty is told beside."""
    spec(
        backups="""
            server_id | taken_at
        """,
        as_of="2024-03-10",
        obligations="""
            subject | state
            s1      | overdue
        """)
