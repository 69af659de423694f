"""Use: nothing is shared, sold, rented or exchanged with third parties for promotion.

The promise knows no exception: neither a consent nor a contract turns promotion into something else. A sub-processor that
sends our own news acts for us and is no third party; one that promotes somebody else with our data is one all the same.
"""

import pytest

title = "Use: nothing shared for promotion"


@pytest.fixture
def spec(judged):
    return judged("use.no-promotional-sharing")


@pytest.mark.parametrize("kind", ["subprocessor", "authority", "partner", "other"])
@pytest.mark.parametrize("basis", ["consent", "legal_requirement", "processor_contract", "none"])
def test_what_promotes_somebody_else_is_broken_whoever_has_it_and_whatever_allows_it(spec, kind, basis):
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | consented_at     | recipient_kind | basis   | purpose
        one           | 2024-03-01 10:00 | 2024-02-01 10:00 | {kind}         | {basis} | third_party_promotion
    """, states="""
        subject | 2024-03-31
        one     | promotional
    """)


@pytest.mark.parametrize("purpose", ["sales_marketing", "news_events"])
def test_our_own_promotion_is_broken_only_in_the_hands_of_a_third_party(spec, purpose):
    """Our reading. A processor acts for us, and is no third party; for whom it may act is told by another promise."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | basis              | purpose
        mailer        | 2024-03-01 10:00 | subprocessor   | processor_contract | {purpose}
        court         | 2024-03-01 10:00 | authority      | legal_requirement  | {purpose}
        partner       | 2024-03-01 10:00 | partner        | consent            | {purpose}
        other         | 2024-03-01 10:00 | other          | none               | {purpose}
    """, states="""
        subject | 2024-03-31
        mailer  | kept
        court   | kept
        partner | promotional
        other   | promotional
    """)


@pytest.mark.parametrize("purpose", ["service", "hosting", "usage_analysis", "improvement", "billing", "payment", "support",
                                     "communication", "legal_obligation", "profiling", "other"])
def test_what_is_shared_for_anything_else_is_no_promotion(spec, purpose):
    """It may break another promise."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | basis   | purpose
        one           | 2024-03-01 10:00 | partner        | consent | {purpose}
    """, states="""
        subject | 2024-03-31
        one     | kept
    """)


@pytest.mark.parametrize("manner", ["sold", "rented", "exchanged"])
def test_what_was_sold_rented_or_exchanged_is_broken_whatever_purpose_is_written(spec, manner):
    """Our reading: nobody trades in data to run our service for us."""
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | basis              | purpose | manner
        partner       | 2024-03-01 10:00 | partner        | consent            | other   | {manner}
        processor     | 2024-03-01 10:00 | subprocessor   | processor_contract | billing | {manner}
        blank         | 2024-03-01 10:00 | partner        | consent            |         | {manner}
    """, states="""
        subject   | 2024-03-31
        partner   | traded
        processor | traded
        blank     | traded
    """)


@pytest.mark.parametrize("manner", ["shared", "distributed", "indexed"])
def test_any_other_manner_is_judged_by_its_purpose(spec, manner):
    spec(disclosures=f"""
        disclosure_id | disclosed_at     | recipient_kind | basis   | purpose               | manner
        service       | 2024-03-01 10:00 | partner        | consent | service               | {manner}
        advert        | 2024-03-01 10:00 | partner        | consent | third_party_promotion | {manner}
    """, states="""
        subject | 2024-03-31
        service | kept
        advert  | promotional
    """)


def test_a_purpose_that_nobody_has_written_down_is_unknown(spec):
    spec(disclosures="""
        disclosure_id | disclosed_at     | recipient_kind | purpose
        one           | 2024-03-01 10:00 | partner        |
    """, states="""
        subject | 2024-03-31
        one     | purpose_unstated
    """)


def test_a_disclosure_without_a_date_is_unknown_unless_it_is_broken_on_any_day(spec):
    spec(as_of="2024-03-31", disclosures="""
        disclosure_id | disclosed_at | recipient_kind | purpose               | manner
        undated       |              | partner        | service               | shared
        advert        |              | partner        | third_party_promotion | shared
        sale          |              | partner        | service               | sold
    """, conditions="""
        subject | seen_at | ok    | reason             | in_review
        undated |         |       | disclosure_undated | true
        advert  |         | false | promotional        | true
        sale    |         | false | traded             | true
    """)


def test_what_has_not_happened_yet_is_not_judged(spec):
    spec(disclosures="""
        disclosure_id | disclosed_at     | recipient_kind | purpose
        midnight      | 2024-04-01 00:00 | partner        | third_party_promotion
    """, states="""
        subject  | 2024-03-31 | 2024-04-01
        midnight |            | promotional
    """)


@pytest.mark.parametrize(("at", "in_review"), [("2023-04-01 00:00", "true"), ("2023-03-31 23:59:59", "false")])
def test_a_disclosure_counts_for_twelve_months_and_a_flow_for_as_long_as_it_goes_on(spec, at, in_review):
    spec(as_of="2024-03-31", disclosures=f"""
        disclosure_id | disclosed_at     | is_continuous | ended_at         | recipient_kind | purpose
        once          | {at}             |               |                  | partner        | third_party_promotion
        ended         | 2019-01-01 10:00 | true          | {at}             | partner        | third_party_promotion
        goes_on       | 2019-01-01 10:00 | true          |                  | partner        | third_party_promotion
        will_end      | 2019-01-01 10:00 | true          | 2024-04-01 00:00 | partner        | third_party_promotion
        backwards     | 2019-01-01 10:00 | true          | 2018-12-31 10:00 | partner        | third_party_promotion
    """, conditions=f"""
        subject   | seen_at | in_review
        once      | {at}    | {in_review}
        ended     | {at}    | {in_review}
        goes_on   |         | true
        will_end  |         | true
        backwards |         | true
    """)


WHOLE = """attestation_id | kind | dataset | stated_on | valid_until_on | role
    whole | {} | disclosures | 2024-01-01 | 2024-03-31 | dpo"""


@pytest.mark.parametrize(("kind", "verdict_", "reason"), [
    ("completeness", "compliant", "none"),
    ("nil_return", "unverifiable", "completeness_missing"),
])
def test_a_register_without_a_disclosure_is_believed_only_if_it_is_stated_to_be_complete(verdict, kind, verdict_, reason):
    """It then says that there was none to judge."""
    verdict(as_of="2024-03-31", attestations=WHOLE.format(kind), datasets="""
        dataset     | status    | rows_kept
        disclosures | collected | 0
    """, verdicts=f"""
        promise                    | verdict    | reason   | judged
        use.no-promotional-sharing | {verdict_} | {reason} | 0
    """)
