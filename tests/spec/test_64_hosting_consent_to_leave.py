"""Hosting: nothing leaves the declared machines without an explicit consent, or a requirement of law.

A consent counts where it has a reference, was given by the moment at which the data left, and had not been withdrawn by
then; one that came afterwards heals nothing. The policy itself lets sub-processors have what it collects: there, the
processor's contract stands for the consent (our reading). What customers store is not among it.
"""

import pytest

title = "Hosting: nothing leaves without consent"


@pytest.fixture
def spec(judged):
    return judged("hosting.consent-to-leave")


@pytest.mark.parametrize("data", ["contact", "billing", "management", "usage", "traffic", "customer_content", ""])
@pytest.mark.parametrize("destination", ["france", "abroad"])
def test_what_leaves_needs_a_consent_or_a_requirement_of_law_whatever_it_is_and_wherever_it_goes(spec, data, destination):
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | consented_at     | recipient_kind | data   | destination   | basis
        agreed        | 2024-03-01 10:00 | 2024-02-01 10:00 | partner        | {data} | {destination} | consent
        ordered       | 2024-03-01 10:00 |                  | authority      | {data} | {destination} | legal_requirement
        contract      | 2024-03-01 10:00 | 2024-02-01 10:00 | partner        | {data} | {destination} | processor_contract
        bare          | 2024-03-01 10:00 | 2024-02-01 10:00 | subprocessor   | {data} | {destination} | none
    """, states="""
        subject  | 2024-03-31
        agreed   | kept
        ordered  | kept
        contract | left_without_consent
        bare     | left_without_consent
    """)


def test_what_stayed_on_the_declared_machines_has_not_left(spec):
    spec(disclosures="""
        disclosure_id | disclosed_at     | recipient_kind | data             | destination  | basis
        host          | 2024-03-01 10:00 | subprocessor   | customer_content | own_machines | processor_contract
        visitor       | 2024-03-01 10:00 | other          | customer_content | own_machines | none
        elsewhere     | 2024-03-01 10:00 | other          | customer_content | france       | none
        unsaid        | 2024-03-01 10:00 | other          | customer_content |              | none
    """, states="""
        subject   | 2024-03-31
        host      | kept
        visitor   | kept
        elsewhere | left_without_consent
        unsaid    | destination_unstated
    """)


def test_a_consent_is_there_before_the_data_leaves_not_after(spec):
    """At that very moment it is there."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | consented_at        | recipient_kind | destination | basis
        earlier       | 2024-03-01 10:00 | 2024-02-01 10:00    | partner        | abroad      | consent
        at_once       | 2024-03-01 10:00 | 2024-03-01 10:00    | partner        | abroad      | consent
        afterwards    | 2024-03-01 10:00 | 2024-03-01 10:00:01 | partner        | abroad      | consent
        in_future     | 2024-03-01 10:00 | 2024-04-10 10:00    | partner        | abroad      | consent
    """, states="""
        subject    | 2024-03-31           | 2024-04-30
        earlier    | kept                 | kept
        at_once    | kept                 | kept
        afterwards | consent_not_in_force | consent_not_in_force
        in_future  | consent_not_in_force | consent_not_in_force
    """)


def test_a_consent_that_was_withdrawn_is_none_any_more(spec):
    """Withdrawn at that very moment, it is withdrawn; withdrawn before it was given (again), it counts."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | consented_at     | consent_withdrawn_at | recipient_kind | destination | basis
        before        | 2024-03-01 10:00 | 2024-02-01 10:00 | 2024-02-20 10:00     | partner        | france      | consent
        at_once       | 2024-03-01 10:00 | 2024-02-01 10:00 | 2024-03-01 10:00     | partner        | france      | consent
        after         | 2024-03-01 10:00 | 2024-02-01 10:00 | 2024-03-01 10:00:01  | partner        | france      | consent
        again         | 2024-03-01 10:00 | 2024-02-01 10:00 | 2024-01-20 10:00     | partner        | france      | consent
    """, states="""
        subject | 2024-03-31
        before  | consent_not_in_force
        at_once | consent_not_in_force
        after   | kept
        again   | kept
    """)


def test_a_flow_of_data_ends_when_its_consent_does(spec):
    """It may end at the moment of the withdrawal; what goes on after it goes on without a consent."""
    head = "disclosure_id | disclosed_at | is_continuous | ended_at | consented_at | consent_withdrawn_at | recipient_kind"
    flow = "{} | 2024-01-10 10:00 | true | {} | 2024-01-01 10:00 | 2024-03-20 10:00 | partner | france | consent"
    spec(disclosures="\n".join([
        f"{head} | destination | basis", flow.format("stopped", "2024-03-20 10:00"),
        flow.format("went_on", "2024-03-20 10:01"), flow.format("goes_on", "")]), states="""
        subject | 2024-03-19 | 2024-03-20           | 2024-03-21
        stopped | kept       | kept                 | kept
        went_on | kept       | consent_not_in_force | consent_not_in_force
        goes_on | kept       | consent_not_in_force | consent_not_in_force
    """)


def test_a_consent_that_nobody_can_show_is_unknown(spec):
    """No reference, or no date: it may have been there."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | consented_at     | has_reference | recipient_kind | destination | basis
        unreferenced  | 2024-03-01 10:00 | 2024-02-01 10:00 | false         | partner        | france      | consent
        undated       | 2024-03-01 10:00 |                  | true          | partner        | france      | consent
        neither       | 2024-03-01 10:00 |                  | false         | partner        | france      | consent
        late          | 2024-03-01 10:00 | 2024-03-02 10:00 | false         | partner        | france      | consent
    """, states="""
        subject      | 2024-03-31
        unreferenced | consent_unproven
        undated      | consent_unproven
        neither      | consent_unproven
        late         | consent_not_in_force
    """)


def test_a_requirement_of_law_has_its_reference(spec):
    """Whoever asked for it: a court may have data handed to a party."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | has_reference | recipient_kind | destination | basis
        order         | 2024-03-01 10:00 | true          | authority      | france      | legal_requirement
        party         | 2024-03-01 10:00 | true          | other          | france      | legal_requirement
        claimed       | 2024-03-01 10:00 | false         | authority      | france      | legal_requirement
    """, states="""
        subject | 2024-03-31
        order   | kept
        party   | kept
        claimed | requirement_unproven
    """)


@pytest.mark.parametrize("data", ["contact", "billing", "management", "usage", "traffic"])
def test_a_sub_processor_under_contract_may_have_what_the_policy_collects(spec, data):
    """Wherever it is, stated or not; whether its task is a declared one is for another promise."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | data   | destination | basis
        contract      | 2024-03-01 10:00 | subprocessor   | {data} | abroad      | processor_contract
        unplaced      | 2024-03-01 10:00 | subprocessor   | {data} |             | processor_contract
    """, states="""
        subject  | 2024-03-31
        contract | kept
        unplaced | kept
    """)


def test_a_sub_processor_under_contract_may_not_have_what_customers_store(spec):
    spec(disclosures="""
        disclosure_id | disclosed_at     | recipient_kind | data             | destination | basis
        content       | 2024-03-01 10:00 | subprocessor   | customer_content | france      | processor_contract
        unsaid        | 2024-03-01 10:00 | subprocessor   |                  | france      | processor_contract
        unplaced      | 2024-03-01 10:00 | subprocessor   | customer_content |             | processor_contract
    """, states="""
        subject  | 2024-03-31
        content  | left_without_consent
        unsaid   | data_unstated
        unplaced | destination_unstated
    """)


def test_a_disclosure_without_a_date_is_unknown_unless_it_is_broken_on_any_day(spec):
    """Of its consent nobody can say that it came first."""
    spec(as_of="2024-03-31", disclosures="""
        disclosure_id | disclosed_at | consented_at     | recipient_kind | destination  | basis
        agreed        |              | 2024-02-01 10:00 | partner        | france       | consent
        ordered       |              |                  | authority      | france       | legal_requirement
        stayed        |              |                  | subprocessor   | own_machines | processor_contract
        bare          |              |                  | partner        | france       | none
    """, conditions="""
        subject | seen_at | ok    | reason               | in_review
        agreed  |         |       | disclosure_undated   | true
        ordered |         |       | disclosure_undated   | true
        stayed  |         |       | disclosure_undated   | true
        bare    |         | false | left_without_consent | true
    """)


@pytest.mark.parametrize(("at", "in_review"), [("2023-04-01 00:00", "true"), ("2023-03-31 23:59:59", "false")])
def test_a_disclosure_counts_for_twelve_months_and_a_flow_for_as_long_as_it_goes_on(spec, at, in_review):
    spec(as_of="2024-03-31", disclosures=f"""
        disclosure_id | disclosed_at     | is_continuous | ended_at | recipient_kind | destination | basis
        once          | {at}             |               |          | partner        | abroad      | none
        ended         | 2019-01-01 10:00 |               | {at}     | partner        | abroad      | none
        goes_on       | 2019-01-01 10:00 | true          |          | partner        | abroad      | none
        tomorrow      | 2024-04-01 00:00 |               |          | partner        | abroad      | none
    """, conditions=f"""
        subject | seen_at | reason               | in_review
        once    | {at}    | left_without_consent | {in_review}
        ended   | {at}    | left_without_consent | {in_review}
        goes_on |         | left_without_consent | true
    """)
