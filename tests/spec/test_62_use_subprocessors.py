"""Use: a sub-processor is called in for the declared tasks alone.

Two registers tell of it, and must know of each other: the register of processing says who works for what, the disclosures
say what was handed over. A sub-processor that only one of them knows leaves the promise unknown: its task may be a declared
one, but nobody has written down what it is, or what it was given.
"""

import pytest

title = "Use: sub-processors for the declared tasks alone"
REGISTER = """
    processing_id | subprocessor_id | purpose
    line          | acme            | support
"""


@pytest.fixture
def spec(judged):
    return judged("use.subprocessors")


@pytest.fixture
def handed(judged):
    """The same case with a register in which the sub-processor acme stands, for a declared task."""
    return lambda **given: judged("use.subprocessors", leave_out=("line",))(processing_register=REGISTER, **given)


@pytest.mark.parametrize("purpose", ["improvement", "billing", "payment", "support", "communication"])
def test_the_five_tasks_that_the_policy_lists_are_declared(handed, purpose):
    handed(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        one           | 2024-03-01 10:00 | acme         | processor_contract | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | kept
    """)


@pytest.mark.parametrize("purpose", ["hosting", "usage_analysis", "news_events"])
def test_the_host_is_named_by_the_policy_and_two_words_say_what_the_list_says(handed, purpose):
    handed(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        one           | 2024-03-01 10:00 | acme         | processor_contract | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | kept
    """)


@pytest.mark.parametrize("purpose", ["service", "sales_marketing", "legal_obligation", "third_party_promotion",
                                     "profiling", "other"])
def test_any_other_task_is_broken_even_one_that_the_controller_may_do_itself(handed, purpose):
    handed(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        one           | 2024-03-01 10:00 | acme         | processor_contract | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | subprocessor_purpose
    """)


def test_who_works_under_a_processors_contract_is_a_sub_processor_whatever_it_is_called(handed):
    """A partner with a consent of the customer is none; nor is an authority."""
    handed(disclosures="""
        disclosure_id | disclosed_at     | recipient_kind | recipient_id | basis              | purpose
        contract      | 2024-03-01 10:00 | partner        | acme         | processor_contract | other
        bare          | 2024-03-01 10:00 | subprocessor   | acme         | none               | other
        partner       | 2024-03-01 10:00 | partner        | acme         | consent            | other
        court         | 2024-03-01 10:00 | authority      | acme         | legal_requirement  | other
    """, states="""
        subject  | 2024-03-31
        contract | subprocessor_purpose
        bare     | subprocessor_purpose
    """)


def test_a_task_that_nobody_has_written_down_is_unknown(handed):
    handed(disclosures="""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        one           | 2024-03-01 10:00 | acme         | processor_contract |
    """, states="""
        subject | 2024-03-31
        one     | purpose_unstated
    """)


def test_a_disclosure_without_a_date_is_unknown_unless_it_is_broken_on_any_day(handed):
    handed(as_of="2024-03-31", disclosures="""
        disclosure_id | disclosed_at | recipient_id | basis              | purpose
        undated       |              | acme         | processor_contract | support
        worse         |              | acme         | processor_contract | profiling
    """, conditions="""
        subject | seen_at | ok    | reason               | in_review
        undated |         |       | disclosure_undated   | true
        worse   |         | false | subprocessor_purpose | true
    """)


def test_the_register_must_name_the_sub_processor_on_the_day_of_the_disclosure(spec):
    """From the first day of its line to the last, both included; and a line of the controller itself names nobody."""
    spec(processing_register="""
        processing_id | subprocessor_id | purpose | from_on    | until_on
        line          | acme            | support | 2024-03-10 | 2024-03-20
        own           |                 | support | 2017-03-01 |
    """, disclosures="""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        before        | 2024-03-09 23:59 | acme         | processor_contract | support
        first         | 2024-03-10 00:00 | acme         | processor_contract | support
        last          | 2024-03-20 23:59 | acme         | processor_contract | support
        after         | 2024-03-21 00:00 | acme         | processor_contract | support
        stranger      | 2024-03-15 10:00 | bystander    | processor_contract | support
        nameless      | 2024-03-15 10:00 |              | processor_contract | support
    """, states="""
        subject  | 2024-03-31
        line     | kept
        before   | subprocessor_unregistered
        first    | kept
        last     | kept
        after    | subprocessor_unregistered
        stranger | subprocessor_unregistered
        nameless | subprocessor_unregistered
    """)


def test_the_register_must_name_it_for_as_long_as_the_flow_goes_on(spec):
    """Several lines may follow each other; what outlives the last of them is unknown from the next day on."""
    spec(processing_register="""
        processing_id | subprocessor_id | purpose | from_on    | until_on
        old           | acme            | support | 2024-01-01 | 2024-02-15
        new           | acme            | support | 2024-02-16 | 2024-03-20
    """, disclosures="""
        disclosure_id | disclosed_at     | is_continuous | ended_at         | recipient_id | basis              | purpose
        ended         | 2024-01-10 10:00 | true          | 2024-03-20 18:00 | acme         | processor_contract | support
        goes_on       | 2024-01-10 10:00 | true          |                  | acme         | processor_contract | support
    """, states="""
        subject | 2024-03-20 | 2024-03-21
        old     | kept       | kept
        new     | kept       | kept
        ended   | kept       | kept
        goes_on | kept       | subprocessor_unregistered
    """)


def test_a_line_that_names_a_sub_processor_is_judged_by_the_same_list(spec):
    """It stands, or counts for twelve months after its last day, like any line of the register."""
    spec(as_of="2024-03-31", processing_register="""
        processing_id | subprocessor_id | purpose         | until_on
        payments      | acme            | payment         |
        sales         | acme            | sales_marketing |
        blank         | acme            |                 |
        within        | acme            | sales_marketing | 2023-04-01
        history       | acme            | sales_marketing | 2023-03-31
        own           |                 | sales_marketing |
    """, disclosures="""
        disclosure_id | disclosed_at     | recipient_id | recipient_kind | basis
        any           | 2024-03-01 10:00 | acme         | authority      | none
    """, conditions="""
        subject  | seen_at          | ok    | reason               | in_review
        payments |                  | true  |                      | true
        sales    |                  | false | subprocessor_purpose | true
        blank    |                  |       | purpose_unstated     | true
        within   | 2023-04-01 00:00 | false | subprocessor_purpose | true
        history  | 2023-03-31 00:00 | false | subprocessor_purpose | false
    """)


def test_of_each_sub_processor_a_disclosure_is_recorded(spec):
    """What happens after as_of has not happened; one without a recipient is nobody's."""
    spec(processing_register="""
        processing_id | subprocessor_id | purpose
        known         | acme            | support
        unheard       | bystander       | support
    """, disclosures="""
        disclosure_id | disclosed_at     | recipient_id | basis              | purpose
        one           | 2024-03-01 10:00 | acme         | processor_contract | support
        later         | 2024-04-01 00:00 | bystander    | processor_contract | support
        nameless      | 2024-04-01 00:00 |              | processor_contract | support
    """, states="""
        subject  | 2024-03-31               | 2024-04-01
        known    | kept                     | kept
        unheard  | subprocessor_undisclosed | kept
        one      | kept                     | kept
        later    |                          | kept
        nameless |                          | subprocessor_unregistered
    """)


@pytest.mark.parametrize(("at", "in_review"), [("2023-04-01 00:00", "true"), ("2023-03-31 23:59:59", "false")])
def test_a_disclosure_counts_for_twelve_months_and_a_flow_for_as_long_as_it_goes_on(handed, at, in_review):
    handed(as_of="2024-03-31", disclosures=f"""
        disclosure_id | disclosed_at     | is_continuous | ended_at | recipient_id | basis              | purpose
        once          | {at}             |               |          | acme         | processor_contract | other
        ended         | 2019-01-01 10:00 | true          | {at}     | acme         | processor_contract | other
        goes_on       | 2019-01-01 10:00 | true          |          | acme         | processor_contract | other
    """, conditions=f"""
        subject | seen_at | reason               | in_review
        once    | {at}    | subprocessor_purpose | {in_review}
        ended   | {at}    | subprocessor_purpose | {in_review}
        goes_on |         | subprocessor_purpose | true
    """)
