"""Hosting: data is stored in France and nowhere else.

Every server counts, whatever its role: a replica or a backup abroad is data abroad. One whose country nobody has written
down cannot be told to stand in France; nor can one that only a copy of data names.
"""

import pytest

title = "Hosting: every server stands in France"


@pytest.fixture
def spec(judged):
    return judged("hosting.france")


def test_servers_of_every_role_are_judged(spec):
    """The copy is the data: a backup in Belgium is broken as a primary server would be."""
    spec(servers="""
        server_id | role    | country
        first     | primary | FR
        second    | replica | FR
        third     | backup  | FR
        fourth    | primary | DE
        fifth     | replica | CH
        sixth     | backup  | BE
    """, states="""
        subject | 2024-03-31
        first   | kept
        second  | kept
        third   | kept
        fourth  | abroad
        fifth   | abroad
        sixth   | abroad
    """)


def test_a_server_abroad_stands_as_long_as_it_is_in_service(spec):
    """No moment at which it came about: it is so now, however long ago it began; so it is always in review."""
    spec(as_of="2024-03-31", servers="""
        server_id | role    | country | in_service_at
        old       | primary | DE      | 2012-01-01 00:00
        new       | primary | DE      | 2024-03-31 23:59
    """, conditions="""
        subject | seen_at | ok    | reason | cases | since_on   | in_review
        old     |         | false | abroad | 1     | 2024-03-31 | true
        new     |         | false | abroad | 1     | 2024-03-31 | true
    """)


def test_a_server_counts_from_the_day_it_goes_into_service(spec):
    spec(servers="""
        server_id | role    | country | in_service_at
        here      | primary | FR      | 2017-01-01 00:00
        abroad    | replica | DE      | 2024-04-01 00:00
    """, states="""
        subject | 2024-03-31 | 2024-04-01
        here    | kept       | kept
        abroad  |            | abroad
    """)


def test_one_that_was_taken_out_of_service_counts_for_twelve_months(spec):
    """Data was there until then. Twelve months back from the end of 31 March 2024: 1 April 2023, its first instant too."""
    spec(as_of="2024-03-31", servers="""
        server_id | role    | country | out_of_service_at
        within    | primary | DE      | 2023-04-01 00:00
        history   | primary | DE      | 2023-03-31 23:59:59
        here      | primary | FR      | 2023-03-31 23:59:59
        later     | primary | DE      | 2024-04-01 00:00
    """, conditions="""
        subject | seen_at             | ok    | reason | since_on   | in_review
        within  | 2023-04-01 00:00    | false | abroad | 2023-04-01 | true
        history | 2023-03-31 23:59:59 | false | abroad | 2023-03-31 | false
        here    | 2023-03-31 23:59:59 | true  |        |            | false
        later   |                     | false | abroad | 2024-03-31 | true
    """)


def test_a_country_is_its_code_of_two_letters_and_nothing_else_says_where_a_server_is(spec):
    """`France` may mean it, as `Frankreich` may; a cloud region or a blank may be anywhere: without the code, unknown."""
    spec(servers="""
        server_id | role    | country
        small     | primary | fr
        long      | primary | France
        region    | primary | eu-west-3
        unsaid    | primary |
    """, states="""
        subject | 2024-03-31
        small   | kept
        long    | country_unknown
        region  | country_unknown
        unsaid  | country_unknown
    """)


def test_a_server_that_only_a_copy_names_is_unknown(spec):
    """Data lies on it, and nobody says where it stands. Once the last copy is gone, it counts like one out of service."""
    spec(as_of="2024-03-31", servers="""
        server_id | role    | country
        s1        | primary | FR
    """, item_copies="""
        item_id | server_id | held_since_at    | gone_at
        i1      | s1        | 2024-03-01 12:00 |
        i1      | strange   | 2024-03-01 12:00 | 2024-03-20 12:00
        i2      | strange   | 2024-03-02 12:00 |
        i1      | former    | 2024-03-01 12:00 | 2024-03-20 12:00
        i2      | former    | 2024-03-01 12:00 | 2024-03-25 12:00
        i3      | future    | 2024-04-01 00:00 |
    """, conditions="""
        subject | seen_at          | ok   | reason
        s1      |                  | true |
        strange |                  |      | server_unlisted
        former  | 2024-03-25 12:00 |      | server_unlisted
    """)


def test_a_backup_names_the_server_that_it_lies_on_and_the_one_that_it_was_taken_of(spec):
    """A backup that failed lies nowhere, but was taken of a server all the same."""
    spec(as_of="2024-03-31", servers="""
        server_id | role    | country
        s1        | primary | FR
    """, backups="""
        snapshot_id | server_id | source_server_id | taken_at         | status  | removed_at
        one         | b1        | s1               | 2024-03-01 04:00 | success |
        two         | b2        | s1               | 2024-03-01 04:00 | success | 2024-03-20 04:00
        three       | b3        | s9               | 2024-03-01 04:00 | failed  |
    """, conditions="""
        subject | seen_at          | reason
        s1      |                  |
        b1      |                  | server_unlisted
        b2      | 2024-03-20 04:00 | server_unlisted
        s9      | 2024-03-01 04:00 | server_unlisted
    """)


def test_since_when_is_the_night_that_first_saw_it(night):
    """An inventory has no date for where a server stands: each night carries the day on which it first saw the breach.

    One that is cured and comes back begins anew; so does an unknown that turns out to be a breach.
    """
    servers = "server_id | role | country\ns1 | primary | {}\ns2 | replica | {}"
    night("2026-01-10", "hosting.france", servers=servers.format("DE", ""), conditions="""
        subject | reason          | since_on
        s1      | abroad          | 2026-01-10
        s2      | country_unknown | 2026-01-10
    """)
    night("2026-01-12", "hosting.france", servers=servers.format("CH", "BE"), conditions="""
        subject | reason | since_on
        s1      | abroad | 2026-01-10
        s2      | abroad | 2026-01-12
    """)
    night("2026-01-13", "hosting.france", servers=servers.format("FR", "BE"), conditions="""
        subject | reason | since_on
        s1      |        |
        s2      | abroad | 2026-01-12
    """)
    night("2026-01-14", "hosting.france", servers=servers.format("DE", "BE"), conditions="""
        subject | reason | since_on
        s1      | abroad | 2026-01-14
        s2      | abroad | 2026-01-12
    """, counts="""
        as_of      | state           | subjects | cases
        2026-01-10 | abroad          | 1        | 1
        2026-01-10 | country_unknown | 1        | 1
        2026-01-12 | abroad          | 2        | 2
        2026-01-13 | abroad          | 1        | 1
        2026-01-13 | kept            | 1        | 1
        2026-01-14 | abroad          | 2        | 2
    """)
