"""Use: every processing of personal data serves a purpose that the policy declares.

The register of processing is what shows it, a line for each purpose; its words are a closed set, larger than what the policy
allows, so that what is not allowed can be said. Which words are allowed, and by whose reading, stands in the register of
promises: the policy lists four; the tasks that it names where it speaks of hosting and of sub-processors are part of running
the service (our reading); and what the law demands is done whatever the policy says.
"""

import pytest

title = "Use: for the declared purposes alone"


@pytest.fixture
def spec(judged):
    return judged("use.purposes")


@pytest.mark.parametrize("purpose", ["service", "sales_marketing", "usage_analysis", "news_events"])
def test_the_four_purposes_that_the_policy_lists_are_declared(spec, purpose):
    spec(processing_register=f"""
        processing_id | purpose
        one           | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | kept
    """)


@pytest.mark.parametrize("purpose", ["hosting", "improvement", "billing", "payment", "support", "communication"])
def test_the_tasks_that_the_policy_names_elsewhere_are_part_of_the_service(spec, purpose):
    spec(processing_register=f"""
        processing_id | purpose
        one           | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | kept
    """)


@pytest.mark.parametrize("purpose", ["third_party_promotion", "profiling", "other"])
def test_any_other_purpose_is_undeclared_whatever_its_legal_basis(spec, purpose):
    """The person's consent, or the law as its basis, makes a processing lawful; it does not make the policy speak of it."""
    spec(processing_register=f"""
        processing_id | purpose   | legal_basis
        bare          | {purpose} |
        agreed        | {purpose} | consent
        lawful        | {purpose} | legal_obligation
    """, states="""
        subject | 2024-03-31
        bare    | purpose_undeclared
        agreed  | purpose_undeclared
        lawful  | purpose_undeclared
    """)


def test_a_purpose_that_nobody_has_written_down_is_unknown(spec):
    """It may be a declared one; that is for its owner to say."""
    spec(processing_register="""
        processing_id | purpose | legal_basis
        blank         |         |
        lawful        |         | legal_obligation
    """, states="""
        subject | 2024-03-31
        blank   | purpose_unstated
        lawful  | purpose_unstated
    """)


def test_a_duty_of_law_is_one_only_where_the_law_is_its_basis(spec):
    """Else the word would let anything pass."""
    spec(processing_register="""
        processing_id | purpose          | legal_basis
        invoices      | legal_obligation | legal_obligation
        claimed       | legal_obligation | legitimate_interest
        unsaid        | legal_obligation |
    """, states="""
        subject  | 2024-03-31
        invoices | kept
        claimed  | legal_basis_unstated
        unsaid   | legal_basis_unstated
    """)


def test_a_line_counts_from_its_first_day_on(spec):
    spec(processing_register="""
        processing_id | purpose | from_on
        today         | other   | 2024-03-31
        tomorrow      | other   | 2024-04-01
    """, states="""
        subject  | 2024-03-30 | 2024-03-31         | 2024-04-01
        today    |            | purpose_undeclared | purpose_undeclared
        tomorrow |            |                    | purpose_undeclared
    """)


def test_a_line_stands_on_its_last_day_and_counts_for_twelve_months_after_it(spec):
    """Twelve months back from the end of 31 March 2024 is 1 April 2023: a processing of that day is still in review."""
    spec(as_of="2024-03-31", processing_register="""
        processing_id | purpose | until_on
        goes_on       | other   |
        planned       | other   | 2024-12-31
        last_day      | other   | 2024-03-31
        yesterday     | other   | 2024-03-30
        within        | other   | 2023-04-01
        history       | other   | 2023-03-31
        sound         | service | 2023-03-31
    """, conditions="""
        subject   | seen_at          | ok    | reason             | since_on   | in_review
        goes_on   |                  | false | purpose_undeclared | 2024-03-31 | true
        planned   |                  | false | purpose_undeclared | 2024-03-31 | true
        last_day  |                  | false | purpose_undeclared | 2024-03-31 | true
        yesterday | 2024-03-30 00:00 | false | purpose_undeclared | 2024-03-30 | true
        within    | 2023-04-01 00:00 | false | purpose_undeclared | 2023-04-01 | true
        history   | 2023-03-31 00:00 | false | purpose_undeclared | 2023-03-31 | false
        sound     | 2023-03-31 00:00 | true  |                    |            | false
    """)


def test_an_end_before_the_beginning_ends_nothing(spec):
    """A year typed wrong would else turn a breach into history."""
    spec(as_of="2024-03-31", processing_register="""
        processing_id | purpose | from_on    | until_on
        backwards     | other   | 2022-01-01 | 2021-12-31
        one_day       | other   | 2022-01-01 | 2022-01-01
    """, conditions="""
        subject   | seen_at          | in_review
        backwards |                  | true
        one_day   | 2022-01-01 00:00 | false
    """)


WHOLE = """attestation_id | kind | dataset | stated_on | valid_until_on | role
    whole | completeness | processing_register | {} | 2030-01-01 | dpo"""


@pytest.mark.parametrize(("stated_on", "verdict_", "reason"), [
    ("2023-12-31", "compliant", "none"),
    ("2023-12-30", "unverifiable", "completeness_missing"),
])
def test_a_register_that_nobody_states_to_be_complete_shows_nothing_kept(verdict, stated_on, verdict_, reason):
    """What was left out of it would be the breach. Three months at most, the last day included."""
    verdict(as_of="2024-03-31", attestations=WHOLE.format(stated_on), conditions="""
        promise      | subject | ok
        use.purposes | one     | true
    """, verdicts=f"""
        promise      | verdict    | reason
        use.purposes | {verdict_} | {reason}
    """)


def test_a_breach_in_an_incomplete_register_is_a_breach_all_the_same(verdict):
    verdict(as_of="2024-03-31", conditions="""
        promise      | subject | ok    | reason
        use.purposes | one     | false | purpose_undeclared
        use.purposes | two     | true  |
    """, verdicts="""
        promise      | verdict  | reason            | detail
        use.purposes | breached | broken_constraint | broken 1
    """)


def test_an_empty_register_of_processing_shows_nothing(verdict):
    """Who runs a service processes something: no nil return and no completeness makes an empty register believable."""
    verdict(as_of="2024-03-31", attestations=WHOLE.format("2024-01-01"), datasets="""
        dataset             | status    | rows_kept
        processing_register | collected | 0
    """, results="""
        suite | subject             | check_name | success
        trust | processing_register | has_rows   | false
    """, verdicts="""
        promise      | verdict      | reason
        use.purposes | unverifiable | dataset_empty
    """)
