"""A person may set something apart, with a reason and an end. That changes what is shown, not what is: a breach that
somebody knows of is a breach, and stands there as one, "of which so many under an exception". Only a legal hold has an
effect, and that is the law's: it suspends a delete-by until it ends.
"""

import pytest

title = "Exceptions: set apart, and still a breach"

DELETED = "retention.deleted-accounts"
ACCOUNTS = """
    account_id | deleted_at       | erased_at
    first      | 2021-01-10 12:00 |
    second     | 2021-02-10 12:00 |
    late       | 2021-03-10 12:00 | 2025-12-01 12:00
    long_ago   | 2019-03-10 12:00 | 2023-12-01 12:00
    open       | 2025-01-10 12:00 |
"""


def exception(*subjects, name="known", kind="tolerated", promise=DELETED, since="2026-01-01", until="2026-03-31"):
    line = f'promise = "{promise}"\n' if promise else ""
    return (f'[[exception]]\nid = "{name}"\nkind = "{kind}"\n{line}subjects = {list(subjects)!r}\n'
            f'why = "supplier cannot erase before spring"\nwho = "dpo"\nfrom = {since}\nuntil = {until}\n')


def test_a_breach_under_an_exception_is_still_a_breach_and_counted_apart(night):
    """Two overdue and one late within the review period: three failures; two of them are set apart. What was late two years
    before is history and is not counted, with or without an exception."""
    night("2026-03-31", DELETED, accounts=ACCOUNTS, set_apart=exception("first", "late", "long_ago"),
          verdicts="verdict  | reason  | detail              | excepted\nbreached | overdue | overdue 2; late 1   | 2",
          exceptions="exception | standing | subjects | covered | unmatched\nknown     | in_force | 3        | 2       | 1")


def test_a_promise_whose_every_breach_is_set_apart_is_breached_all_the_same(night):
    night("2026-03-31", DELETED, accounts=ACCOUNTS, set_apart=exception("first", "second", "late"),
          verdicts="verdict  | reason  | detail            | excepted\nbreached | overdue | overdue 2; late 1 | 3")


def test_a_failure_that_two_exceptions_name_counts_once(night):
    night("2026-03-31", DELETED, accounts=ACCOUNTS,
          set_apart=exception("first") + exception("first", name="again"), verdicts="excepted\n1")


@pytest.mark.parametrize(("since", "until", "standing", "excepted"), [
    ("2026-03-31", "2026-12-31", "in_force", 1), ("2026-01-01", "2026-03-31", "in_force", 1),
    ("2026-04-01", "2026-12-31", "to_come", 0), ("2025-01-01", "2026-03-30", "expired", 0),
])
def test_it_counts_from_its_first_day_to_its_last_both_included(night, since, until, standing, excepted):
    night("2026-03-31", DELETED, accounts=ACCOUNTS, set_apart=exception("first", since=since, until=until),
          verdicts=f"excepted\n{excepted}",
          exceptions=f"exception | standing | covered\nknown | {standing} | {excepted}")


def test_one_that_has_expired_and_one_that_matches_nothing_is_a_finding(night):
    """A subject that failed no longer, or never did, is named for nothing: of several subjects, how many. One still to come
    is not, yet."""
    night("2026-03-31", DELETED, accounts=ACCOUNTS,
          set_apart=exception("first", name="over", until="2026-03-30") + exception("open", "gone", "first", name="vain")
          + exception("gone", name="later", since="2026-04-01", until="2026-05-01"),
          useless="kind | subject | detail\nexception_expired | over |\nexception_matches_nothing | vain | 2/3")


def test_a_broken_condition_is_set_apart_like_any_failure(night):
    """By the name that the rule gives to what it judges; what is only unknown is no failure."""
    night("2026-03-31", "hosting.france",
          servers="""
            server_id | role   | country
            abroad    | backup | BE
            unplaced  | backup |
          """,
          set_apart=exception("abroad", "unplaced", promise="hosting.france"),
          verdicts="verdict | reason | excepted\nbreached | broken_constraint | 1",
          exceptions="exception | covered | unmatched\nknown | 1 | 1")


BROKEN = """
    server_id | role   | country | out_of_service_at
    abroad    | backup | BE      |
    left      | backup | LU      | 2025-04-01 00:00
    long_ago  | backup | CH      | 2025-03-31 23:59:59
    unplaced  | backup |         |
    here      | backup | FR      |
"""


def test_a_promise_whose_every_broken_condition_is_set_apart_is_breached_all_the_same(night):
    """One that stands, and one that ended within the review period."""
    night("2026-03-31", "hosting.france", servers=BROKEN, set_apart=exception("abroad", "left", promise="hosting.france"),
          verdicts="verdict | reason | detail | excepted\nbreached | broken_constraint | broken 2 | 2",
          exceptions="exception | covered | unmatched\nknown | 2 | 0", useless="kind | subject")


def test_an_exception_to_a_condition_that_is_not_broken_is_a_finding(night):
    """Broken before the review period, unknown, kept, or judged by nobody: there is no failure to set apart."""
    night("2026-03-31", "hosting.france", servers=BROKEN,
          set_apart=exception("long_ago", "unplaced", "here", "nowhere", "abroad", name="vain", promise="hosting.france"),
          verdicts="excepted\n1",
          useless="kind | subject | detail\nexception_matches_nothing | vain | 4/5")


def test_a_legal_hold_on_what_only_a_condition_judges_suspends_nothing(night):
    """A hold keeps from deleting. Where a server stands, or is patched, is no matter of it. Without a promise it is
    told under the first of those by which something is deleted."""
    night("2026-03-31", "trash.purged", servers=BROKEN,
          set_apart=exception("abroad", name="court", kind="legal_hold", promise=None),
          exceptions="exception | covered | unmatched\ncourt | 0 | 1",
          useless="kind | subject | detail\nexception_matches_nothing | court | 1/1")


def test_an_exception_to_another_promise_covers_nothing(night):
    night("2026-03-31", DELETED, accounts=ACCOUNTS, set_apart=exception("first", promise="retention.inactive-accounts"),
          verdicts="excepted\n0")


@pytest.mark.parametrize(("since", "until", "state"), [
    ("2024-01-10", "2026-03-31", "held"), ("2024-01-11", "2026-03-31", "overdue"), ("2024-01-10", "2026-03-30", "overdue"),
])
def test_a_legal_hold_of_the_register_is_one_like_a_hold_of_the_dataset(night, since, until, state):
    """It suspends what it began before: an account whose term ended on 10 January 2024 is held by a hold of that very day,
    and no longer than to the end of its last day."""
    night("2026-03-31", DELETED, accounts="account_id | deleted_at\nfirst | 2021-01-10 12:00",
          set_apart=exception("first", kind="legal_hold", promise=None, since=since, until=until),
          obligations=f"subject | state\nfirst | {state}")


def test_holds_of_both_kinds_are_counted_and_one_on_nobody_is_a_finding(night):
    """What the dataset says of the past is a record, and no finding."""
    night("2026-03-31", DELETED, accounts="account_id | deleted_at\nfirst | 2021-01-10 12:00\nsecond | 2021-01-10 12:00",
          legal_holds="""
            hold_id | account_id | promise                    | from_at          | until_at
            h1      | first      |                            | 2023-01-01 00:00 | 2027-01-01 00:00
            h2      | nobody     | retention.deleted-accounts | 2023-01-01 00:00 | 2027-01-01 00:00
            h3      | first      |                            | 2022-01-01 00:00 | 2023-01-01 00:00
          """,
          set_apart=exception("second", name="court", kind="legal_hold", since="2023-01-01", until="2026-12-31"),
          obligations="subject | state\nfirst | held\nsecond | held",
          exceptions="""
            exception | kind       | standing | covered | unmatched
            h1        | legal_hold | in_force | 1       | 0
            h2        | legal_hold | in_force | 0       | 1
            h3        | legal_hold | expired  | 0       | 0
            court     | legal_hold | in_force | 1       | 0
          """,
          useless="kind | subject\nexception_matches_nothing | h2")


def test_a_justification_of_what_the_register_does_not_know_is_a_finding(night):
    night("2026-03-31", "policy.published",
          attestations="""
            attestation_id | kind          | reference     | stated_on  | valid_until_on | role
            j1             | justification | idle-accounts | 2026-01-10 | 2026-12-31     | dpo
            j2             | justification | idle-acounts  | 2026-01-10 | 2026-12-31     | dpo
            j3             | justification |               | 2026-01-10 | 2026-12-31     | dpo
          """,
          useless="kind | subject | detail\njustifies_nothing | j2 | idle-acounts\njustifies_nothing | j3 |")
