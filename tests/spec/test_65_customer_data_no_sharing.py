"""Customer data: what customers store is not examined, shared, distributed or indexed, unless the law says so.

The disclosures show what was shared, distributed or indexed; the register of processing what it is used for. The law says so
in two ways: an authority requires it, or the customer, whose processor we are, gives a written instruction (GDPR, art.
28(3)(a)), which is a consent in force. To use it for the customer (the service, support, hosting) is no examination; who
opened it, and why, is for another promise.
"""

import pytest

title = "Customer data: not examined, shared or indexed"


@pytest.fixture
def spec(judged):
    return judged("customer-data.no-sharing")


@pytest.mark.parametrize("manner", ["shared", "distributed", "indexed", "sold", "rented", "exchanged"])
@pytest.mark.parametrize("kind", ["subprocessor", "partner", "authority", "other"])
def test_however_it_is_passed_on_and_to_whomever_it_is_broken(spec, manner, kind):
    """A court order is the law."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | manner   | data             | destination  | basis
        bare          | 2024-03-01 10:00 | {kind}         | {manner} | customer_content | france       | none
        contract      | 2024-03-01 10:00 | {kind}         | {manner} | customer_content | france       | processor_contract
        inside        | 2024-03-01 10:00 | {kind}         | {manner} | customer_content | own_machines | none
        unplaced      | 2024-03-01 10:00 | {kind}         | {manner} | customer_content |              | none
        ordered       | 2024-03-01 10:00 | {kind}         | {manner} | customer_content | france       | legal_requirement
    """, states="""
        subject  | 2024-03-31
        bare     | content_disclosed
        contract | content_disclosed
        inside   | content_disclosed
        unplaced | content_disclosed
        ordered  | kept
    """)


@pytest.mark.parametrize("data", ["contact", "billing", "management", "usage", "traffic"])
def test_what_the_policy_collects_itself_is_not_customer_data(spec, data):
    """Nor is it when there is nothing else to judge."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | data             | basis
        collected     | 2024-03-01 10:00 | partner        | {data}           | none
        stored        | 2024-03-01 10:00 | partner        | customer_content | none
    """, processing_register=f"""
        processing_id | purpose   | data
        studied       | profiling | {data}
    """, states="""
        subject | 2024-03-31
        stored  | content_disclosed
    """)


def test_a_requirement_of_law_has_its_reference(spec):
    spec(disclosures="""
        disclosure_id | disclosed_at     | has_reference | recipient_kind | data             | basis
        order         | 2024-03-01 10:00 | true          | authority      | customer_content | legal_requirement
        claimed       | 2024-03-01 10:00 | false         | authority      | customer_content | legal_requirement
    """, states="""
        subject | 2024-03-31
        order   | kept
        claimed | requirement_unproven
    """)


def test_a_customers_instruction_is_in_force_when_it_is_carried_out(spec):
    """Judged as every consent is (see the chapter on what leaves): before, not after, not withdrawn, and to be shown."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | consented_at     | has_reference | recipient_kind | data             | basis
        instructed    | 2024-03-01 10:00 | 2024-03-01 10:00 | true          | partner        | customer_content | consent
        afterwards    | 2024-03-01 10:00 | 2024-03-01 10:01 | true          | partner        | customer_content | consent
        unreferenced  | 2024-03-01 10:00 | 2024-03-01 10:00 | false         | partner        | customer_content | consent
        undated       | 2024-03-01 10:00 |                  | true          | partner        | customer_content | consent
    """, states="""
        subject      | 2024-03-31
        instructed   | kept
        afterwards   | consent_not_in_force
        unreferenced | consent_unproven
        undated      | consent_unproven
    """)


@pytest.mark.parametrize("purpose", ["service", "support", "usage_analysis"])
def test_to_host_it_on_the_declared_machines_is_no_sharing(spec, purpose):
    """Anywhere else it is; and so is anything else that is done with it there."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | data             | purpose   | destination  | basis
        host          | 2024-03-01 10:00 | customer_content | hosting   | own_machines | processor_contract
        elsewhere     | 2024-03-01 10:00 | customer_content | hosting   | france       | processor_contract
        unplaced      | 2024-03-01 10:00 | customer_content | hosting   |              | processor_contract
        other         | 2024-03-01 10:00 | customer_content | {purpose} | own_machines | processor_contract
        unsaid        | 2024-03-01 10:00 | customer_content |           | own_machines | processor_contract
    """, states="""
        subject   | 2024-03-31
        host      | kept
        elsewhere | content_disclosed
        unplaced  | content_disclosed
        other     | content_disclosed
        unsaid    | content_disclosed
    """)


@pytest.mark.parametrize("purpose", ["service", "support", "hosting"])
def test_to_use_it_for_the_customer_is_no_examination(spec, purpose):
    spec(processing_register=f"""
        processing_id | purpose   | data
        stored        | {purpose} | customer_content
        unsaid        | {purpose} |
    """, states="""
        subject | 2024-03-31
        stored  | kept
        unsaid  | kept
    """)


@pytest.mark.parametrize("purpose", ["sales_marketing", "usage_analysis", "improvement", "news_events", "billing", "payment",
                                     "communication", "third_party_promotion", "profiling", "other"])
def test_to_use_it_for_anything_else_is_to_examine_it_even_for_a_declared_purpose(spec, purpose):
    """With the person's consent too: the customer's documents are not the person's to give away."""
    spec(processing_register=f"""
        processing_id | purpose   | data             | legal_basis
        examined      | {purpose} | customer_content |
        agreed        | {purpose} | customer_content | consent
        unsaid        | {purpose} |                  |
    """, states="""
        subject  | 2024-03-31
        examined | content_examined
        agreed   | content_examined
        unsaid   | data_unstated
    """)


def test_a_use_that_the_law_demands_gives_the_law_as_its_basis(spec):
    spec(processing_register="""
        processing_id | purpose          | data             | legal_basis
        demanded      | legal_obligation | customer_content | legal_obligation
        claimed       | legal_obligation | customer_content | legitimate_interest
        blank         |                  | customer_content | legal_obligation
    """, states="""
        subject  | 2024-03-31
        demanded | kept
        claimed  | legal_basis_unstated
        blank    | purpose_unstated
    """)


def test_what_does_not_say_which_data_may_be_customer_data(spec):
    """Where the law or an instruction would let even that go, it does not matter."""
    spec(disclosures="""
        disclosure_id | disclosed_at     | consented_at     | recipient_kind | data | basis
        unsaid        | 2024-03-01 10:00 |                  | subprocessor   |      | processor_contract
        ordered       | 2024-03-01 10:00 |                  | authority      |      | legal_requirement
        instructed    | 2024-03-01 10:00 | 2024-02-01 10:00 | partner        |      | consent
        afterwards    | 2024-03-01 10:00 | 2024-03-02 10:00 | partner        |      | consent
    """, states="""
        subject    | 2024-03-31
        unsaid     | data_unstated
        ordered    | kept
        instructed | kept
        afterwards | data_unstated
    """)


def test_a_disclosure_without_a_date_is_unknown_unless_it_is_broken_on_any_day(spec):
    spec(as_of="2024-03-31", disclosures="""
        disclosure_id | disclosed_at | recipient_kind | data             | basis
        ordered       |              | authority      | customer_content | legal_requirement
        bare          |              | partner        | customer_content | none
    """, conditions="""
        subject | seen_at | ok    | reason             | in_review
        ordered |         |       | disclosure_undated | true
        bare    |         | false | content_disclosed  | true
    """)


def test_a_disclosure_counts_for_twelve_months_and_a_use_for_twelve_after_its_last_day(spec):
    spec(as_of="2024-03-31", disclosures="""
        disclosure_id | disclosed_at        | is_continuous | recipient_kind | data             | basis
        within        | 2023-04-01 00:00    |               | partner        | customer_content | none
        history       | 2023-03-31 23:59:59 |               | partner        | customer_content | none
        goes_on       | 2019-03-31 10:00    | true          | partner        | customer_content | none
        tomorrow      | 2024-04-01 00:00    |               | partner        | customer_content | none
    """, processing_register="""
        processing_id | purpose   | data             | until_on
        stands        | profiling | customer_content |
        ended         | profiling | customer_content | 2023-04-01
        long_ended    | profiling | customer_content | 2023-03-31
    """, conditions="""
        subject    | seen_at             | reason            | in_review
        within     | 2023-04-01 00:00    | content_disclosed | true
        history    | 2023-03-31 23:59:59 | content_disclosed | false
        goes_on    |                     | content_disclosed | true
        stands     |                     | content_examined  | true
        ended      | 2023-04-01 00:00    | content_examined  | true
        long_ended | 2023-03-31 00:00    | content_examined  | false
    """)
