"""backup.replicated: data is replicated in real time on two geographically separate servers.

Two things are looked at. The sites: each primary server in service has a replica on another site that is seen to follow it;
a standing state. And the lag: of each pair of servers, every sample of every local day is under 60 seconds (ours). Where
samples are more than an hour apart (ours), what happened in between is not known.
"""

import pytest

title = "Replication: two sites, in real time"


@pytest.fixture
def spec(judged):
    return judged("backup.replicated")


SERVERS = """
            server_id | role    | site
            s1        | primary | par
            s2        | replica | lyo
"""


def hourly(day: str, *lags: str) -> str:
    """A sample of s1 and s2 at each full hour of the day, from midnight on, with these lags; then 1 second."""
    found = [*lags, *["1"] * (24 - len(lags))]
    return "".join(f"            s1 | s2 | {day} {hour:02}:00 | {lag}\n" for hour, lag in enumerate(found))


HEADER = """
            source_server_id | replica_server_id | sampled_at | lag_seconds
"""


def test_a_day_with_every_sample_under_a_minute_is_kept(spec):
    """59 seconds are under a minute, 60 are not. Of a broken day, the first sample that lagged says when."""
    spec(
        servers=SERVERS,
        replication_samples=HEADER + hourly("2024-03-10", "59") + hourly("2024-03-11", "1", "60", "61"),
        as_of="2024-03-11",
        conditions="""
            subject | seen_at          | ok    | reason  | cases
            s1      |                  | true  |         | 1
            s1/s2   | 2024-03-10 00:00 | true  |         | 24
            s1/s2   | 2024-03-11 01:00 | false | lagging | 2
        """)


def test_samples_an_hour_apart_leave_no_gap_and_a_second_more_does(spec):
    """Across midnight too: a gap touches both days, since in each of them something is not known."""
    spec(
        servers=SERVERS,
        replication_samples=HEADER + hourly("2024-03-10") + """
            s1 | s2 | 2024-03-11 00:00:01 | 1
        """ + hourly("2024-03-11")[hourly("2024-03-11").index("\n") + 1:] + hourly("2024-03-12"),
        as_of="2024-03-12",
        conditions="""
            subject | seen_at          | ok    | reason     | cases
            s1      |                  | true  |            | 1
            s1/s2   | 2024-03-10 23:00 |       | sample_gap | 1
            s1/s2   | 2024-03-11 00:00 |       | sample_gap | 1
            s1/s2   | 2024-03-12 00:00 | true  |            | 24
        """)


def test_a_day_without_any_sample_is_unknown(spec):
    """From the first sample on; before it, nothing is said. The last day ends with its last instant."""
    spec(
        servers=SERVERS,
        replication_samples=HEADER + """
            s1 | s2 | 2024-03-10 22:59 | 1
            s1 | s2 | 2024-03-10 23:59 | 1
        """,
        as_of="2024-03-11",
        conditions="""
            subject | seen_at          | ok    | reason     | cases
            s1      |                  | true  |            | 1
            s1/s2   | 2024-03-10 23:59 |       | sample_gap | 1
            s1/s2   | 2024-03-11 00:00 |       | sample_gap | 1
        """)


def test_a_replica_that_did_not_answer_gave_no_sample(spec):
    """Nothing tells how far it lagged: from the sample before to the one after there is a gap."""
    spec(
        servers=SERVERS,
        replication_samples=HEADER + hourly("2024-03-10", "1", "1", ""),
        as_of="2024-03-10",
        conditions="""
            subject | seen_at          | ok    | reason     | cases
            s1      |                  | true  |            | 1
            s1/s2   | 2024-03-10 01:00 |       | sample_gap | 1
        """)


def test_a_lag_that_was_seen_outweighs_a_gap(spec):
    spec(
        servers=SERVERS,
        replication_samples=HEADER + hourly("2024-03-10", "1", "", "1", "600"),
        as_of="2024-03-10",
        conditions="""
            subject | seen_at          | ok    | reason  | cases
            s1      |                  | true  |         | 1
            s1/s2   | 2024-03-10 03:00 | false | lagging | 1
        """)


def test_every_primary_server_has_a_replica_on_another_site(spec):
    """One on the same site is none; one without a site, or that nobody has seen following, leaves it unknown."""
    spec(
        servers="""
            server_id | role    | site | out_of_service_at
            s1        | primary | par  |
            s2        | replica | par  |
            former    | replica | lyo  | 2024-03-01 00:00
            vault     | backup  | sbg  |
        """,
        states="""
            subject | 2024-03-10
            s1      | one_site
        """)
    spec(
        servers="""
            server_id | role    | site
            s1        | primary | par
            s2        | replica |
        """,
        states="""
            subject | 2024-03-10
            s1      | site_unknown
        """)
    spec(
        servers="""
            server_id | role    | site
            s1        | primary |
            s2        | replica | lyo
        """,
        states="""
            subject | 2024-03-10
            s1      | site_unknown
        """)
    spec(
        servers=SERVERS,
        states="""
            subject | 2024-03-10
            s1      | not_sampled
        """)


def test_a_primary_server_without_any_replica_stands_on_one_site(spec):
    spec(
        servers="""
            server_id | role    | site
            s1        | primary | par
        """,
        states="""
            subject | 2024-03-10
            s1      | one_site
        """)


def test_the_replica_of_another_primary_does_not_count(spec):
    spec(
        servers="""
            server_id | role    | site
            s1        | primary | par
            s2        | replica | lyo
            s3        | primary | par
        """,
        replication_samples=HEADER + hourly("2024-03-10"),
        states="""
            subject | 2024-03-10
            s1      | kept
            s1/s2   | kept
            s3      | not_sampled
        """)


def test_a_pair_is_sampled_until_one_of_the_two_leaves_service(spec):
    spec(
        servers="""
            server_id | role    | site | out_of_service_at
            s1        | primary | par  |
            s2        | replica | lyo  | 2024-03-11 00:30
        """,
        replication_samples=HEADER + hourly("2024-03-10"),
        as_of="2024-03-12",
        conditions="""
            subject | seen_at          | ok    | reason     | cases
            s1      |                  | false | one_site   | 1
            s1/s2   | 2024-03-10 23:00 |       | sample_gap | 1
            s1/s2   | 2024-03-11 00:00 |       | sample_gap | 1
        """)


def test_a_server_that_is_a_primary_no_more_is_followed_no_more(spec):
    """After a failover the pair runs the other way round; the old one ended with its last sample."""
    spec(
        servers="""
            server_id | role    | site
            s1        | replica | par
            s2        | primary | lyo
        """,
        replication_samples=HEADER + hourly("2024-03-10") + hourly("2024-03-11").replace("s1 | s2", "s2 | s1"),
        as_of="2024-03-11",
        conditions="""
            subject | seen_at          | ok    | reason | cases
            s2      |                  | true  |        | 1
            s1/s2   | 2024-03-10 00:00 | true  |        | 24
            s2/s1   | 2024-03-11 00:00 | true  |        | 24
        """)


@pytest.mark.parametrize("day", ["2024-03-31", "2024-10-27"])
def test_a_day_on_which_the_clocks_change_has_no_gap_of_its_own(spec, day):
    offsets = ("+01:00", "+02:00") if day == "2024-03-31" else ("+02:00", "+01:00")
    rows = "".join(f"            s1 | s2 | {day} {hour:02}:{minute:02}{offsets[hour >= 3]} | 1\n"
                   for hour in range(24) for minute in (0, 30) if not (day == "2024-03-31" and hour == 2))
    if day == "2024-10-27":
        rows += "".join(f"            s1 | s2 | {day} 02:{minute:02}+01:00 | 1\n" for minute in (0, 30))
    spec(
        servers=SERVERS,
        replication_samples=HEADER + rows,
        states="""
            subject | x
        """.replace("x", day) + "            s1 | kept\n            s1/s2 | kept\n")
