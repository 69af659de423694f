"""E-mails: nothing more is sent to whoever has opted out, until they agree again.

The policy says that one may stop the e-mails, and not when that takes effect. Our reading: with the end of the next local
day. A mailing that was prepared when somebody opts out may still leave in the night; whoever is written to on the day after
that was not listened to. What is sent in between is no breach; the one day is `effect_days` of the register.
"""

import pytest

title = "E-mails: an opt-out is respected"


@pytest.fixture
def spec(judged):
    return judged("marketing.respected")


def emails(*rows: str) -> str:
    return "\n".join(["email_id | recipient | kind | sent_at", *rows])


def opt_outs(*rows: str) -> str:
    return "\n".join(["recipient | kind | stopped_at | resumed_at", *rows])


@pytest.mark.parametrize("stopped", ["2024-03-10 00:00", "2024-03-10 23:59:59"])
def test_it_takes_effect_with_the_end_of_the_next_local_day(spec, stopped):
    """Whatever the hour of 10 March, all of 11 March is in time; the midnight that ends it is the first instant too late."""
    spec(as_of="2024-03-31", opt_outs=opt_outs(f"r | all | {stopped} |"), emails=emails(
        "same_day | r | marketing | 2024-03-10 23:59:59",
        "in_time  | r | marketing | 2024-03-11 23:59:59.999999",
        "too_late | r | marketing | 2024-03-12 00:00"), conditions="""
        subject              | seen_at          | ok    | reason             | cases
        marketing 2024-03-10 | 2024-03-10 00:00 | true  |                    | 1
        marketing 2024-03-11 | 2024-03-11 00:00 | true  |                    | 1
        too_late             | 2024-03-12 00:00 | false | sent_after_opt_out | 1
    """)


def test_the_local_day_counts_when_the_clocks_change(spec):
    """The next day, 31 March 2024, has 23 hours: its end is 22:00 UTC, not 23:00."""
    spec(as_of="2024-04-01", opt_outs=opt_outs("r | all | 2024-03-30 12:00 |"), emails=emails(
        "in_time  | r | marketing | 2024-03-31T21:59:59Z",
        "too_late | r | marketing | 2024-03-31T22:00:00Z"), conditions="""
        subject              | ok
        marketing 2024-03-31 | true
        too_late             | false
    """)


def test_an_opt_in_again_counts_from_its_own_instant(spec):
    """What was stopped a second before is stopped; there is no waiting for what somebody asks to receive."""
    spec(opt_outs=opt_outs("r | all | 2024-03-01 12:00 | 2024-03-20 09:00"), emails=emails(
        "before | r | marketing | 2024-03-20 08:59:59",
        "at     | r | marketing | 2024-03-20 09:00",
        "after  | r | marketing | 2024-03-22 09:00"), states="""
        subject              | 2024-03-31
        before               | sent_after_opt_out
        marketing 2024-03-20 | kept
        marketing 2024-03-22 | kept
    """)


def test_an_opt_in_before_the_effect_leaves_nothing_stopped(spec):
    spec(opt_outs=opt_outs("r | all | 2024-03-01 12:00 | 2024-03-02 08:00"), emails=emails(
        "next | r | marketing | 2024-03-03 00:00"), states="""
        subject              | 2024-03-31
        marketing 2024-03-03 | kept
    """)


@pytest.mark.parametrize("resumed", ["2024-02-01 12:00", "2024-03-01 12:00"])
def test_an_opt_in_that_does_not_come_after_the_opt_out_is_none(spec, resumed):
    """Somebody agreed, then stopped: the opt-out stands. Where both bear one instant too: in doubt nothing is sent."""
    spec(opt_outs=opt_outs(f"r | all | 2024-03-01 12:00 | {resumed}"), emails=emails(
        "sent | r | marketing | 2024-03-10 12:00"), states="""
        subject | 2024-03-31
        sent    | sent_after_opt_out
    """)


def test_whoever_opts_out_once_more_is_stopped_once_more(spec):
    """Each opting out is a row with an end of its own; agreeing again ends that one and no other."""
    spec(opt_outs=opt_outs(
        "r | all       | 2024-03-01 12:00 | 2024-03-10 12:00",
        "r | all       | 2024-03-20 12:00 |",
        "s | marketing | 2024-03-01 12:00 |",
        "s | all       | 2024-03-05 12:00 | 2024-03-10 12:00"), emails=emails(
        "between | r | marketing   | 2024-03-15 12:00",
        "again   | r | marketing   | 2024-03-22 00:00",
        "still   | s | marketing   | 2024-03-15 12:00",
        "news    | s | information | 2024-03-15 12:00"), states="""
        subject                | 2024-03-31
        marketing 2024-03-15   | kept
        again                  | sent_after_opt_out
        still                  | sent_after_opt_out
        information 2024-03-15 | kept
    """)


def test_one_kind_is_stopped_or_all_and_a_transactional_email_never(spec):
    """Who stops the advertising still hears of a breakdown; who stops all stops both, and still gets the receipts."""
    spec(opt_outs=opt_outs(
        "m | marketing   | 2024-03-01 12:00 |",
        "i | information | 2024-03-01 12:00 |",
        "a | all         | 2024-03-01 12:00 |"), emails=emails(
        "m_m | m | marketing     | 2024-03-11 12:00",
        "m_i | m | information   | 2024-03-12 12:00",
        "i_i | i | information   | 2024-03-13 12:00",
        "i_m | i | marketing     | 2024-03-14 12:00",
        "a_m | a | marketing     | 2024-03-15 12:00",
        "a_i | a | information   | 2024-03-16 12:00",
        "a_t | a | transactional | 2024-03-17 12:00"), states="""
        subject                | 2024-03-31
        m_m                    | sent_after_opt_out
        information 2024-03-12 | kept
        i_i                    | sent_after_opt_out
        marketing 2024-03-14   | kept
        a_m                    | sent_after_opt_out
        a_i                    | sent_after_opt_out
    """)


def test_an_opt_out_is_its_recipients_alone(spec):
    """One mailing to three: the one who had stopped is named, the others are counted."""
    spec(as_of="2024-03-31", opt_outs=opt_outs("r | all | 2024-03-01 12:00 |"), emails=emails(
        "to_r | r | marketing | 2024-03-11 12:00",
        "to_s | s | marketing | 2024-03-11 12:00",
        "to_t | t | marketing | 2024-03-11 12:00"), conditions="""
        subject              | ok    | cases
        to_r                 | false | 1
        marketing 2024-03-11 | true  | 2
    """)


def test_an_email_that_two_opt_outs_forbid_is_one_breach(spec):
    spec(as_of="2024-03-31", opt_outs=opt_outs("r | all | 2024-03-01 12:00 |", "r | marketing | 2024-03-02 12:00 |"),
         emails=emails("sent | r | marketing | 2024-03-11 12:00"), conditions="""
        subject | cases
        sent    | 1
    """)


def test_it_counts_for_twelve_months_from_when_it_was_sent(spec):
    """However long ago the opt-out was. Twelve months back from the end of 31 March 2024: 1 April 2023, included."""
    spec(as_of="2024-03-31", opt_outs=opt_outs("r | all | 2020-01-01 12:00 |"), emails=emails(
        "within  | r | marketing | 2023-04-01 00:00",
        "history | r | marketing | 2023-03-31 23:59:59",
        "ahead   | r | marketing | 2024-04-01 00:00"), conditions="""
        subject | seen_at             | since_on   | in_review
        within  | 2023-04-01 00:00    | 2023-04-01 | true
        history | 2023-03-31 23:59:59 | 2023-03-31 | false
    """)


@pytest.mark.parametrize(("status", "reason"), [("missing", "dataset_missing"), ("collected", "none")])
def test_without_the_list_of_opt_outs_nothing_is_kept(verdict, status, reason):
    """A breach is told from both datasets, as is compliance. An empty list that trust accepts (a nil return) is a list."""
    verdict(as_of="2024-03-31", datasets=f"""
        dataset   | status   | rows_kept
        opt_outs  | {status} | 0
    """, conditions="""
        promise             | subject              | seen_at          | ok
        marketing.respected | marketing 2024-03-11 | 2024-03-11 00:00 | true
    """, verdicts=f"""
        promise             | reason
        marketing.respected | {reason}
    """)
