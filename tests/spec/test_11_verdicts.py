"""The verdict on each promise: exactly one, the first that fits of breached, unverifiable, at risk, compliant.

The obligations are given with their dates; all datasets are collected and trusted, all canaries caught, unless a table says
otherwise. `results` are checks as Great Expectations reported them.
"""

import pytest
from casebook import POLICY, rows_of, scratch

title = "Verdicts"

INVOICES = "retention.invoices"
DELETED = "retention.deleted-accounts"


# --- breached -----------------------------------------------------------------------------------------------------


def test_breached_by_what_is_overdue(verdict):
    """However long ago it fell due: what is still not done is broken today."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at
        retention.deleted-accounts | a1      | 2024-03-31 24:00
        cancellation.done          | d1      | 2019-03-01 24:00
        rights.answered            | r1      | 2024-03-31 24:00
        rights.answered            | r2      | 2024-06-30 24:00
    """, verdicts="""
        promise                    | verdict  | reason  | detail    | judged
        retention.deleted-accounts | breached | overdue | overdue 1 | 1
        cancellation.done          | breached | overdue | overdue 1 | 1
        rights.answered            | breached | overdue | overdue 1 | 2
    """)


def test_breached_by_what_was_late_within_the_review_period(verdict):
    """Twelve months back from the end of 31 March 2024: 1 April 2023, that first instant included. Older is history."""
    verdict(as_of="2024-03-31", duties="""
        promise                     | subject | due_at           | closed_at           | closed_by
        retention.deleted-accounts  | a1      | 2023-03-01 24:00 | 2023-04-01 00:00    | erased
        retention.inactive-accounts | a1      | 2023-03-01 24:00 | 2023-03-31 23:59:59 | active
    """, verdicts="""
        promise                     | verdict   | reason | detail | judged
        retention.deleted-accounts  | breached  | late   | late 1 | 1
        retention.inactive-accounts | compliant | none   |        | 1
    """)


def test_breached_by_what_was_premature_within_the_review_period(verdict):
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at      | closed_at           | closed_by
        trash.kept         | i1      | 2023-04-10 14:00 | 2023-04-01 00:00    | purged
        retention.invoices | f1      | 2030-12-31 24:00 | 2023-03-31 23:59:59 | removed
    """, verdicts="""
        promise            | verdict   | reason    | detail
        trash.kept         | breached  | premature | premature 1
        retention.invoices | compliant | none      |
    """)


def test_all_that_is_broken_is_counted_and_the_worst_gives_the_reason(verdict):
    verdict(as_of="2024-03-31", duties="""
        promise      | subject | earliest_at      | due_at           | closed_at        | closed_by
        trash.purged | i1      |                  | 2024-03-01 24:00 |                  |
        trash.purged | i2      |                  | 2024-03-01 24:00 | 2024-03-10 12:00 | purged
        trash.purged | i3      |                  | 2024-03-01 24:00 | 2024-03-11 12:00 | purged
        trash.purged | i4      | 2024-02-01 24:00 | 2024-03-01 24:00 | 2024-01-10 12:00 | purged
    """, verdicts="""
        promise      | verdict  | reason  | detail                         | judged
        trash.purged | breached | overdue | overdue 1; late 2; premature 1 | 4
    """)


def test_a_breach_outranks_what_is_missing(verdict):
    """What completes the picture is missing; the breach is proven without it. An unknown beside it hides nothing."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at           | closed_by
        retention.deleted-accounts | a1      | 2024-03-01 24:00 |
        retention.deleted-accounts | a2      | 2024-03-01 24:00 | vanished
        trash.purged               | i1      | 2024-03-01 24:00 |
    """, datasets="""
        dataset         | status
        erasure_journal | missing
        backups         | failed
    """, results="""
        suite | subject     | check_name | success
        trust | item_copies | key_unique | false
    """, verdicts="""
        promise                    | verdict  | reason
        retention.deleted-accounts | breached | overdue
        trash.purged               | breached | overdue
    """)


def test_a_breach_must_rest_on_trusted_datasets(verdict):
    """Where what it rests on is itself not to be believed, nothing is proven."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at           | closed_at        | closed_by
        retention.deleted-accounts | a1      | 2024-03-01 24:00 |                  |
        cancellation.done          | d1      | 2024-03-01 24:00 | 2024-03-05 12:00 | deleted
    """, results="""
        suite | subject  | check_name | success
        trust | accounts | key_unique | false
    """, verdicts="""
        promise                    | verdict      | reason            | detail
        retention.deleted-accounts | unverifiable | dataset_untrusted | accounts
        cancellation.done          | unverifiable | dataset_untrusted | accounts
    """)


def test_breached_by_a_condition_that_is_not_met(verdict):
    """The detail says for how many cases it is not, not in how many rows. What stands is always in review; what happened
    counts for twelve months, the first instant included, and is history before."""
    verdict(as_of="2024-03-31", conditions="""
        promise               | subject | seen_at             | ok    | reason         | cases
        hosting.france        | s1      |                     | false | abroad         | 1
        hosting.france        | s2      |                     | true  |                | 1
        marketing.unsubscribe | e1      | 2023-04-01 00:00    | false | no_unsubscribe | 7
        marketing.unsubscribe | e2      | 2023-03-31 23:59:59 | false | no_unsubscribe | 5
        policy.published      | policy  | 2023-03-31 23:59:59 | false | not_online     | 1
        policy.published      | policy  | 2024-03-31 22:00    | true  |                | 1
    """, verdicts="""
        promise               | verdict   | reason            | detail   | judged
        hosting.france        | breached  | broken_constraint | broken 1 | 2
        marketing.unsubscribe | breached  | broken_constraint | broken 7 | 7
        policy.published      | compliant | none              |          | 1
    """)


def test_a_broken_condition_outranks_what_is_missing_but_must_rest_on_trusted_datasets(verdict):
    """An unknown beside it hides nothing, nor does a dataset that only completes the picture; one that it rests on does."""
    conditions = """
        promise             | subject | seen_at          | ok    | reason             | cases
        hosting.france      | s1      |                  | false | abroad             | 1
        hosting.france      | s2      |                  |       | country_unknown    | 1
        marketing.respected | e1      | 2024-03-01 12:00 | false | sent_after_opt_out | 1
    """
    verdict(as_of="2024-03-31", conditions=conditions, datasets="""
        dataset     | status
        item_copies | missing
        opt_outs    | missing
    """, verdicts="""
        promise             | verdict      | reason            | detail
        hosting.france      | breached     | broken_constraint | broken 1
        marketing.respected | unverifiable | dataset_missing   | opt_outs
    """)


# --- unverifiable -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dataset", "role"), [("invoices", "needs"), ("erasure_journal", "completes")])
@pytest.mark.parametrize(("status", "reason"), [("missing", "dataset_missing"), ("failed", "dataset_failed")])
def test_unverifiable_where_a_dataset_did_not_come(verdict, dataset, role, status, reason):
    """Neither what the rule rests on nor what completes it may be missing for a promise to be called kept."""
    assert dataset in getattr(POLICY.rules[INVOICES], role)
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, datasets=f"""
        dataset   | status
        {dataset} | {status}
    """, verdicts=f"""
        promise            | verdict      | reason   | detail
        retention.invoices | unverifiable | {reason} | {dataset}
    """)


@pytest.mark.parametrize(("check", "reason"), [("has_rows", "dataset_empty"), ("is_fresh", "dataset_untrusted")])
@pytest.mark.parametrize("dataset", ["invoices", "erasure_journal"])
def test_unverifiable_where_a_dataset_is_empty_or_untrusted(verdict, dataset, check, reason):
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, results=f"""
        suite | subject   | check_name | success
        trust | {dataset} | {check}    | false
    """, verdicts=f"""
        promise            | verdict      | reason   | detail
        retention.invoices | unverifiable | {reason} | {dataset}
    """)


def test_unverifiable_where_a_check_of_trust_could_not_be_told(verdict):
    """A check that raised says neither yes nor no."""
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, results="""
        suite | subject  | check_name | raised | success
        trust | invoices | is_fresh   | true   | false
    """, verdicts="""
        promise            | verdict      | reason
        retention.invoices | unverifiable | dataset_untrusted
    """)


def test_unverifiable_where_nothing_was_looked_at(verdict):
    """Nothing is ever compliant because there was nothing to look at: no dataset, no row, no check."""
    verdict(as_of="2024-03-31", datasets="""
        dataset            | status
        accounts           | missing
        users              | missing
        deletion_requests  | missing
    """, verdicts="""
        promise                    | verdict      | reason          | judged
        retention.deleted-accounts | unverifiable | dataset_missing | 0
    """)


def test_unverifiable_where_an_obligation_is_unknown(verdict):
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at      | closed_by
        retention.invoices | f1      | 2030-12-31 24:00 | vanished
        retention.invoices | f2      | 2030-12-31 24:00 |
    """, verdicts="""
        promise            | verdict      | reason             | detail    | judged
        retention.invoices | unverifiable | obligation_unknown | unknown 1 | 2
    """)


def test_unverifiable_where_a_condition_is_unknown(verdict):
    """Unknown is not kept, in however few cases; before the review period it is history, like a breach."""
    verdict(as_of="2024-03-31", conditions="""
        promise               | subject | seen_at             | ok   | reason              | cases
        hosting.france        | s1      |                     |      | country_unknown     | 1
        hosting.france        | s2      |                     | true |                     | 1
        marketing.unsubscribe | e1      | 2023-04-01 00:00    |      | unsubscribe_unknown | 2
        marketing.unsubscribe | day     | 2024-03-01 00:00    | true |                     | 900
        policy.published      | policy  | 2023-03-31 23:59:59 |      | paragraph_changed   | 1
        policy.published      | policy  | 2024-03-31 22:00    | true |                     | 1
    """, verdicts="""
        promise               | verdict      | reason            | detail    | judged
        hosting.france        | unverifiable | condition_unknown | unknown 1 | 2
        marketing.unsubscribe | unverifiable | condition_unknown | unknown 2 | 902
        policy.published      | compliant    | none              |           | 1
    """)


def test_unverifiable_where_a_condition_had_nothing_to_judge(verdict):
    """Rows came, and none was of the kind that the rule judges, or none within the review period: nothing shows it kept."""
    verdict(as_of="2024-03-31", conditions="""
        promise               | subject | seen_at             | ok   | cases
        marketing.unsubscribe | day     | 2023-03-31 00:00    | true | 900
        marketing.respected   | day     | 2023-04-01 00:00    | true | 900
    """, verdicts="""
        promise               | verdict      | reason         | judged | looked_at
        hosting.france        | unverifiable | nothing_judged | 0      | 10
        marketing.unsubscribe | unverifiable | nothing_judged | 0      | 10
        marketing.respected   | compliant    | none           | 900    | 20
    """)


@pytest.mark.parametrize(("judged", "dataset", "promise", "until", "reason"), [
    ("marketing.respected", "emails", "", "2024-03-31", "none"),
    ("marketing.respected", "emails", "", "2024-03-30", "nothing_judged"),
    ("marketing.respected", "", "marketing.respected", "2024-03-31", "none"),
    ("marketing.respected", "", "marketing.unsubscribe", "2024-03-31", "nothing_judged"),
    ("hosting.france", "servers", "", "2024-03-31", "nothing_judged"),
])
def test_a_nil_return_says_that_there_was_nothing_to_judge(verdict, judged, dataset, promise, until, reason):
    """On an event dataset that the rule needs, or on the promise itself; through its last day. A list of what there is, as
    of the servers, is never rightly empty."""
    verdict(as_of="2024-03-31", attestations=f"""
        attestation_id | kind       | dataset   | promise   | stated_on  | valid_until_on | role
        nothing        | nil_return | {dataset} | {promise} | 2024-03-31 | {until}        | dpo
    """, verdicts=f"""
        promise  | reason   | judged
        {judged} | {reason} | 0
    """)


def test_what_operations_owe_every_day_is_never_nothing(verdict):
    """A list of servers without a primary one owes no backup: that is a list to complete, and no promise kept. Nor does a
    nil return say otherwise."""
    verdict(as_of="2024-03-31", duties="""
        promise         | subject | opened_at        | due_at
        rights.answered | r1      | 2024-03-01 10:00 | 2024-05-01 00:00
    """, attestations="""
        attestation_id | kind       | dataset        | stated_on  | valid_until_on | role
        nothing        | nil_return | restore_drills | 2024-03-31 | 2024-06-30     | operations
    """, verdicts="""
        promise                  | verdict      | reason         | judged
        backup.several-daily     | unverifiable | nothing_judged | 0
        backup.restorable        | unverifiable | nothing_judged | 0
        hosting.security-updates | unverifiable | nothing_judged | 0
        trash.kept               | compliant    | none           | 0
    """)


@pytest.mark.parametrize("check", ["no_broken", "no_unknown"])
def test_unverifiable_where_the_two_ways_of_counting_conditions_disagree(verdict, check):
    verdict(as_of="2024-03-31", conditions="""
        promise        | subject | ok   | cases
        hosting.france | s1      | true | 1
    """, results=f"""
        suite | subject        | check_name | success
        kept  | hosting.france | {check}    | false
    """, verdicts="""
        promise        | verdict      | reason
        hosting.france | unverifiable | check_failed
    """)


def test_unverifiable_where_a_canary_was_missed_whatever_else_is_true(verdict):
    """A run that misses a canary, or accuses a kept one, proves nothing any more: no promise has a verdict of its own."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at
        retention.deleted-accounts | a1      | 2024-03-01 24:00
    """, results="""
        suite  | subject    | check_name | success
        canary | trash.kept | states     | false
    """, verdicts="""
        promise                    | verdict      | reason        | detail
        retention.deleted-accounts | unverifiable | canary_failed | trash.kept
        retention.invoices         | unverifiable | canary_failed | trash.kept
        rights.answered            | unverifiable | canary_failed | trash.kept
    """)


def test_unverifiable_where_no_canary_was_let_out(verdict):
    verdict(as_of="2024-03-31", without="canary", verdicts="""
        promise            | verdict      | reason
        retention.invoices | unverifiable | canary_failed
    """)


def test_unverifiable_where_the_rule_is_not_built(verdict):
    """Every promise of the policy has a verdict from the first day on; those without a rule say so."""
    unbuilt = ("trash.kept", "hosting.france", "hosting.staff")
    verdict(as_of="2024-03-31", unbuilt=unbuilt, verdicts="""
        promise        | verdict      | reason         | judged
        trash.kept     | unverifiable | rule_not_built | 0
        hosting.france | unverifiable | rule_not_built | 0
        hosting.staff  | unverifiable | rule_not_built | 0
    """)


def test_unverifiable_where_the_two_ways_of_counting_disagree(verdict):
    """The obligations say that nothing is overdue, Great Expectations counts one: neither is believed."""
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, results="""
        suite | subject            | check_name | success
        kept  | retention.invoices | no_overdue | false
    """, verdicts="""
        promise            | verdict      | reason
        retention.invoices | unverifiable | check_failed
    """)


def test_unverifiable_where_an_obligation_is_of_no_known_rule(verdict):
    """Somebody judged what the register does not know: then no count of this run is believed."""
    verdict(as_of="2024-03-31", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, results="""
        suite | subject            | check_name    | success
        kept  | obligation.current | rule_is_known | false
    """, verdicts="""
        promise            | verdict      | reason
        retention.invoices | unverifiable | check_failed
    """)


def test_unverifiable_where_the_rules_were_not_checked_at_all(verdict):
    verdict(as_of="2024-03-31", without="kept", duties="""
        promise            | subject | earliest_at
        retention.invoices | f1      | 2030-12-31 24:00
    """, verdicts="""
        promise            | verdict      | reason
        retention.invoices | unverifiable | check_failed
    """)


# --- at risk and compliant ----------------------------------------------------------------------------------------


def test_at_risk_where_something_is_due_soon(verdict):
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at
        retention.deleted-accounts | a1      | 2024-04-30 24:00
        retention.deleted-accounts | a2      | 2025-04-30 24:00
        cancellation.done          | d1      | 2024-04-07 24:00
    """, verdicts="""
        promise                    | verdict | reason   | detail     | judged
        retention.deleted-accounts | at_risk | due_soon | due_soon 1 | 2
        cancellation.done          | at_risk | due_soon | due_soon 1 | 1
    """)


def test_what_is_missing_outranks_a_risk(verdict):
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at           | closed_by
        retention.deleted-accounts | a1      | 2024-04-30 24:00 |
        rights.answered            | r1      | 2024-04-07 24:00 |
        rights.answered            | r2      | 2024-03-01 24:00 | missing_date
        trash.recoverable          | v1      | 2024-04-07 24:00 |
        trash.recoverable          | v2      | 2024-03-01 24:00 | missing_date
    """, datasets="""
        dataset         | status
        erasure_journal | missing
    """, verdicts="""
        promise                    | verdict      | reason
        retention.deleted-accounts | unverifiable | dataset_missing
        rights.answered            | unverifiable | dataset_missing
        trash.recoverable          | unverifiable | obligation_unknown
    """)


def test_compliant_with_how_much_was_looked_at(verdict):
    """Open, met, held, void, and late long ago: kept. It says how many obligations were judged, on how many rows."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at           | closed_at        | closed_by
        retention.deleted-accounts | open    | 2024-06-01 24:00 |                  |
        retention.deleted-accounts | met     | 2024-03-01 24:00 | 2024-02-01 12:00 | erased
        retention.deleted-accounts | void    | 2024-03-01 24:00 | 2024-02-01 12:00 | reinstated
        retention.deleted-accounts | old     | 2021-03-01 24:00 | 2021-05-01 12:00 | erased
    """, verdicts="""
        promise                    | verdict   | reason | detail | judged | looked_at
        retention.deleted-accounts | compliant | none   |        | 4      | 30
    """)


def test_a_nil_return_makes_nothing_to_judge_compliant(verdict):
    """No request came, somebody says so with a date, and trust accepts the empty dataset: compliant, "0 to judge"."""
    verdict(as_of="2024-03-31", datasets="""
        dataset         | rows_kept
        rights_requests | 0
    """, verdicts="""
        promise         | verdict   | reason | judged | looked_at
        rights.answered | compliant | none   | 0      | 0
    """)


def test_every_promise_has_exactly_one_verdict(verdict):
    verdict(as_of="2024-03-31", verdicts="promise | verdict")
    told = rows_of(scratch(), "FROM verdict.current", ["promise"])
    assert told == sorted((promise,) for promise in POLICY.promises)


# --- since when ---------------------------------------------------------------------------------------------------


def test_a_verdict_holds_since_the_run_that_first_gave_it(verdict):
    """The same verdict keeps its date, whatever its reason; another begins today, as does the first on a promise."""
    verdict(as_of="2024-03-31", duties="""
        promise                    | subject | due_at
        retention.deleted-accounts | a1      | 2024-03-01 24:00
        cancellation.done          | d1      | 2024-03-01 24:00
    """, history="""
        as_of      | promise                    | verdict   | since_on
        2024-03-29 | retention.deleted-accounts | compliant | 2024-01-01
        2024-03-30 | retention.deleted-accounts | breached  | 2024-03-30
        2024-03-30 | cancellation.done          | compliant | 2024-01-01
    """, verdicts="""
        promise                    | verdict   | since_on   | previous_verdict
        retention.deleted-accounts | breached  | 2024-03-30 | breached
        cancellation.done          | breached  | 2024-03-31 | compliant
        retention.invoices         | compliant | 2024-03-31 |
    """)


def test_the_history_of_verdicts_is_appended(verdict):
    verdict(as_of="2024-03-31", history="""
        as_of      | promise            | verdict   | since_on
        2024-03-29 | retention.invoices | breached  | 2024-03-01
        2024-03-30 | retention.invoices | compliant | 2024-03-30
    """, verdicts="promise | verdict")
    found = rows_of(scratch(), "FROM verdict.history", ["as_of", "promise", "verdict", "since_on"])
    assert [row for row in found if row[1] == INVOICES] == [
        ("2024-03-29", INVOICES, "breached", "2024-03-01"),
        ("2024-03-30", INVOICES, "compliant", "2024-03-30"),
        ("2024-03-31", INVOICES, "compliant", "2024-03-30"),
    ]
