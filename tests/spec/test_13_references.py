"""A promise may be kept and yet need an explanation: where its number is looser than the law's or the regulator's, or where
its own parts cannot all be true. That is no breach; it is "to be justified", until a named role says why, and for how long.
"""

title = "References: what is to be justified"


def test_a_maximum_over_the_regulators_is_to_be_justified_and_one_at_the_legal_minimum_is_not(compared):
    """Both ends of a reference are still within: invoices are kept ten years, and ten years is what the law wants."""
    compared(
        as_of="2026-03-31",
        references="""
            reference            | value | at_least | at_most | finding       | standing
            idle-accounts        | 36    |          | 24      | over_maximum  | to_justify
            host-identity        | 36    | 60       |         | under_minimum | to_justify
            accounting-documents | 120   | 120      |         |               | within
            erasure-asked        | 1     |          | 1       |               | within
            security-logs        | 12    | 6        | 12      |               | within
            trackers             | 12    |          | 13      |               | within
            tracker-data         | 12    |          | 25      |               | within
        """)


def test_who_justifies_it_is_shown_from_the_day_of_the_statement_to_the_end_of_its_last_day(compared):
    """Both days count. What has lapsed is told as such; what is stated later has not been stated yet."""
    statements = """
        attestation_id | kind          | reference     | stated_on  | valid_until_on | role
        j1             | justification | idle-accounts | 2026-01-10 | 2026-12-31     | direction
    """
    wanted = "reference | standing | stated_by | stated_on | valid_until_on | lapsed_on\n"
    justified = wanted + "idle-accounts | justified | direction | 2026-01-10 | 2026-12-31 |"
    for as_of in ("2026-01-10", "2026-12-31"):
        compared(as_of=as_of, attestations=statements, references=justified)
    before, after = "idle-accounts | to_justify | | | |", "idle-accounts | to_justify | | | | 2026-12-31"
    compared(as_of="2026-01-09", attestations=statements, references=wanted + before)
    compared(as_of="2027-01-01", attestations=statements, references=wanted + after)


def test_of_several_justifications_the_one_that_holds_longest_is_shown(compared):
    compared(
        as_of="2026-03-31",
        attestations="""
            attestation_id | kind          | reference     | stated_on  | valid_until_on | role
            j1             | justification | idle-accounts | 2025-01-10 | 2025-12-31     | conseil
            j2             | justification | idle-accounts | 2026-01-10 | 2026-12-31     | direction
            j3             | justification | idle-accounts | 2026-02-10 | 2026-06-30     | conseil
        """,
        references="""
            reference     | standing  | stated_by | valid_until_on | lapsed_on
            idle-accounts | justified | direction | 2026-12-31     |
        """)


def test_another_kind_of_statement_and_another_reference_justify_nothing(compared):
    compared(
        as_of="2026-03-31",
        attestations="""
            attestation_id | kind          | reference     | promise                     | stated_on  | valid_until_on | role
            s1             | statement     | idle-accounts |                             | 2026-01-10 | 2026-12-31     | dpo
            s2             | justification |               | retention.inactive-accounts | 2026-01-10 | 2026-12-31     | dpo
            s3             | justification | host-identity |                             | 2026-01-10 | 2026-12-31     | dpo
        """,
        references="""
            reference     | standing
            idle-accounts | to_justify
            host-identity | justified
        """)


SERVERS = """
    server_id | role    | site | country | in_service_at    | out_of_service_at
    s1        | primary | RBX  | FR      | 2017-03-01 00:00 |
    vault     | backup  | SBG  | FR      | 2017-03-01 00:00 |
    old       | backup  | GRA  | FR      | 2017-03-01 00:00 | 2026-03-01 00:00
"""


def test_three_weeks_of_trash_and_the_age_of_the_oldest_backup_add_up(compared):
    """An item that leaves the trash on day 21 lies in the snapshot that was taken the day before, and can be restored from
    it as long as that is there. One day is within the tolerance, two are not."""
    snapshot = "snapshot_id | server_id | source_server_id | taken_at | status | holds_trash\n"
    wanted = "reference | place | site | value | at_most | finding | standing\n"
    for taken_on, says in (("2026-03-30", "22 | 22 | | within"), ("2026-03-29", "23 | 22 | over_maximum | to_justify")):
        compared(as_of="2026-03-31", servers=SERVERS,
                 backups=snapshot + f"b1 | vault | s1 | 2026-03-31 04:00 | success | true\n"
                                    f"b2 | vault | s1 | {taken_on} 04:00 | success | true",
                 references=wanted + f"trash-and-backups | vault | SBG | {says}")


def test_a_backup_without_the_trash_counts_by_its_age_alone(compared):
    """It holds the item from before its deletion; the item is gone when the last such snapshot is."""
    snapshot = "snapshot_id | server_id | source_server_id | taken_at | status | holds_trash\n"
    wanted = "reference | place | value | standing\n"
    for taken_on, says in (("2026-03-09", "22 | within"), ("2026-03-08", "23 | to_justify")):
        compared(as_of="2026-03-31", servers=SERVERS,
                 backups=snapshot + f"b1 | vault | s1 | {taken_on} 04:00 | success | false",
                 references=wanted + f"trash-and-backups | vault | {says}")


def test_a_backup_of_which_nobody_says_whether_it_holds_the_trash_is_taken_to_hold_it(compared):
    compared(
        as_of="2026-03-31", servers=SERVERS,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status
            b1          | vault     | s1               | 2026-03-21 04:00 | partial
        """,
        references="""
            reference         | place | value | standing
            trash-and-backups | vault | 31    | to_justify
        """)


def test_what_can_no_longer_be_restored_does_not_count_and_every_server_counts_by_itself(compared):
    """A failed backup holds nothing; a removed one, and one on a server out of service, are gone."""
    compared(
        as_of="2026-03-31", servers=SERVERS,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
            b1          | vault     | s1               | 2026-03-31 04:00 | success | true        |
            b2          | vault     | s1               | 2026-01-01 04:00 | failed  | true        |
            b3          | vault     | s1               | 2026-01-02 04:00 | success | true        | 2026-03-31 23:00
            b4          | old       | s1               | 2026-01-01 04:00 | success | true        |
            b5          | s1        | s1               | 2026-03-01 04:00 | success | false       |
        """,
        references="""
            reference         | place | value | standing
            trash-and-backups | s1    | 30    | to_justify
            trash-and-backups | vault | 21    | within
        """)


def test_a_justification_of_the_sum_covers_every_server(compared):
    compared(
        as_of="2026-03-31", servers=SERVERS,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            b1          | vault     | s1               | 2026-03-21 04:00 | success | true
        """,
        attestations="""
            attestation_id | kind          | reference         | stated_on  | valid_until_on | role
            j1             | justification | trash-and-backups | 2026-01-10 | 2026-12-31     | operations
        """,
        references="""
            reference         | place | standing  | stated_by
            trash-and-backups | vault | justified | operations
        """)


def test_what_was_not_measured_is_not_compared(compared):
    """No backup catalogue, no age: that is not the same as being within."""
    compared(
        as_of="2026-03-31", missing=("backups",),
        references="""
            reference         | place | value | standing
            trash-and-backups |       |       | not_compared
        """)


def test_what_is_provably_there_too_long_stays_a_breach_whoever_justifies_the_sum(judged):
    judged("trash.purged")(
        servers=SERVERS,
        deleted_items="""
            item_id | deleted_at       | purged_at
            t1      | 2026-02-01 10:00 | 2026-02-22 23:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            b1          | vault     | s1               | 2026-02-22 04:00 | success | true
        """,
        attestations="""
            attestation_id | kind          | reference         | stated_on  | valid_until_on | role
            j1             | justification | trash-and-backups | 2026-01-10 | 2026-12-31     | operations
        """,
        states="""
            subject | 2026-02-22 | 2026-02-23
            t1      | open       | overdue
        """)
