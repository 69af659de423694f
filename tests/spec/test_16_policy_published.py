"""policy.published: the policy is online, and it is the text that was reviewed.

What is online is known by fingerprints alone. A paragraph that is not the reviewed one breaks nothing, for a policy may
change; but nobody has read yet what it promises, so that the promises which rest on it cannot be verified until somebody
has.
"""

import pytest
from casebook import POLICY

title = "The policy: online, and as it was reviewed"

PUBLISHED, INVOICES = "policy.published", "retention.invoices"
HEADER = "place | is_online | fingerprint | checked_at\n"
MARKS = [block.fingerprint for block in POLICY.blocks]
PARAGRAPH = POLICY.paragraphs.index(POLICY.promises[INVOICES].fingerprints[0]) + 1
STRANGE = "f" * 64


def seen(marks, checked_at="2026-04-01 02:00"):
    """What `alpia policy --check URL --save` keeps of these fingerprints."""
    return HEADER + "\n".join(f"{place} | true | {mark} | {checked_at}" for place, mark in enumerate(marks, 1))


def without(mark, *instead):
    return [other for one in MARKS for other in ((one,) if one != mark else instead)]


def kept(*but):
    """The table of conditions in which everything is kept but these paragraphs."""
    rows = [f"paragraph {n} | {'paragraph_changed' if n in but else 'kept'}" for n in range(1, len(POLICY.paragraphs) + 1)]
    return "subject | state\npolicy | kept\n" + "\n".join(rows)


@pytest.fixture
def spec(judged):
    return judged(PUBLISHED)


def test_the_reviewed_text_online_keeps_the_promise(spec):
    spec(published_policy=seen(MARKS), as_of="2026-03-31", conditions=kept())


def test_a_paragraph_that_changed_is_not_to_be_judged_and_nor_is_what_stands_there_instead(spec):
    changed = POLICY.promises[INVOICES].fingerprints[0]
    place = MARKS.index(changed) + 1
    spec(published_policy=seen(without(changed, STRANGE)), as_of="2026-03-31",
         conditions=kept(PARAGRAPH) + f"\nblock {place} online | paragraph_not_reviewed")


def test_a_paragraph_that_is_gone_and_one_that_is_new_are_told_by_themselves(spec):
    changed = POLICY.promises[INVOICES].fingerprints[0]
    spec(published_policy=seen(without(changed)), as_of="2026-03-31", conditions=kept(PARAGRAPH))
    spec(published_policy=seen([*MARKS, STRANGE]), as_of="2026-03-31",
         conditions=kept() + f"\nblock {len(MARKS) + 1} online | paragraph_not_reviewed")


def test_another_text_altogether_is_one_that_nobody_has_reviewed(judged):
    """The other paragraphs, which have changed as the first one has, are left out of the table."""
    others = tuple(f"paragraph {n}" for n in range(2, len(POLICY.paragraphs) + 1))
    judged(PUBLISHED, leave_out=others)(published_policy=seen([STRANGE]), as_of="2026-03-31", conditions="""
        subject        | ok   | state                  | cases
        policy         | true | kept                   | 1
        paragraph 1    |      | paragraph_changed      | 1
        block 1 online |      | paragraph_not_reviewed | 1
    """)


def test_another_order_is_the_same_text(spec):
    """That a paragraph has moved is told by `alpia policy --check`; what it promises has not changed."""
    spec(published_policy=seen([*MARKS[1:], MARKS[0]]), as_of="2026-03-31", conditions=kept())


def test_a_policy_that_is_not_online_is_a_breach_and_tells_nothing_of_its_paragraphs(spec):
    spec(published_policy=HEADER + "0 | false | | 2026-04-01 02:00", as_of="2026-03-31",
         conditions="subject | seen_at | state | in_review\npolicy | | not_online | true")


@pytest.mark.parametrize(("looked_at", "in_review"), [("2025-04-01 00:00", "true"), ("2025-03-31 23:59", "false")])
def test_that_it_was_not_online_stays_a_breach_for_twelve_months(spec, looked_at, in_review):
    spec(published_policy=seen(MARKS) + f"\n0 | false | | {looked_at}", as_of="2026-03-31",
         conditions="subject | seen_at | state | in_review\n" + "\n".join(
             ["policy | | kept | true", f"policy | {looked_at} | not_online | {in_review}"]
             + [f"paragraph {n} | | kept | true" for n in range(1, len(POLICY.paragraphs) + 1)]))


def test_only_the_last_look_tells_of_the_paragraphs(spec):
    older = "\n".join(f"{place} | true | {STRANGE} | 2026-03-01 02:00" for place in (1, 2))
    spec(published_policy=seen(MARKS) + "\n" + older, as_of="2026-03-31",
         conditions=kept() + "\npolicy | kept")


def test_where_nobody_looked_nothing_is_judged(spec):
    spec(published_policy=HEADER.strip(), as_of="2026-03-31", conditions="subject | state")


INVOICE = "invoice_id | issued_on | financial_year_end_on\ni1 | 2020-01-10 | 2020-12-31"


def test_what_rests_on_a_changed_paragraph_cannot_be_verified_until_it_is_reviewed(night):
    changed = POLICY.promises[INVOICES].fingerprints[0]
    night("2026-03-31", INVOICES, published_policy=seen(without(changed, STRANGE)), invoices=INVOICE,
          verdicts=f"verdict | reason | detail\nunverifiable | paragraph_changed | {PARAGRAPH}")
    night("2026-04-01", INVOICES, published_policy=seen(MARKS, "2026-04-02 02:00"), invoices=INVOICE,
          verdicts="verdict | reason\ncompliant | none")


def test_a_promise_that_rests_on_other_paragraphs_is_judged_as_ever(night):
    changed = POLICY.promises["hosting.france"].fingerprints[0]
    night("2026-03-31", INVOICES, published_policy=seen(without(changed)), invoices=INVOICE,
          verdicts="verdict | reason\ncompliant | none")


def test_a_breach_is_one_whatever_has_become_of_the_paragraph(night):
    changed = POLICY.promises[INVOICES].fingerprints[0]
    gone = "invoice_id | issued_on | financial_year_end_on | removed_at\ni1 | 2020-01-10 | 2020-12-31 | 2026-01-10 12:00"
    night("2026-03-31", INVOICES, published_policy=seen(without(changed)), invoices=gone,
          verdicts="verdict | reason\nbreached | premature")


def test_that_nobody_looked_or_that_it_is_not_online_casts_no_doubt_on_other_promises(night):
    """Nothing shows that a paragraph has changed: that is a matter of this promise alone."""
    for number, published in enumerate((HEADER.strip(), HEADER + "0 | false | | 2026-04-01 02:00")):
        night(f"2026-03-{30 + number}", INVOICES, published_policy=published, invoices=INVOICE,
              verdicts="verdict | reason\ncompliant | none")


def test_a_heading_that_nobody_has_reviewed_is_a_block_like_any_other(spec):
    """What stands under it may mean something else now."""
    spec(published_policy=seen([STRANGE, *MARKS[1:]]), as_of="2026-03-31",
         conditions=kept() + "\nblock 1 online | paragraph_not_reviewed")
