"""Durations as people write them: what is read, what is refused, and that nothing is ever guessed."""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.register import durations
from pipelines.register.durations import NUMBER_OF, UNIT_OF, UNITS, Duration, parse

HOUR, MINUTE = 3600, 60
SESSION = Duration(is_session=True)

READ = [
    ("13 mois", Duration(months=13)),
    ("treize mois", Duration(months=13)),
    ("1 year", Duration(months=12)),
    ("un an", Duration(months=12)),
    ("2 ans", Duration(months=24)),
    ("1,5 an", Duration(months=18)),
    ("0.25 year", Duration(months=3)),
    ("6 months", Duration(months=6)),
    ("180 jours", Duration(days=180)),
    ("90 j", Duration(days=90)),
    ("90j.", Duration(days=90)),
    ("1 000 days", Duration(days=1000)),
    ("2 semaines", Duration(days=14)),
    ("24 h", Duration(seconds=24 * HOUR)),  # and not a day, which may have 23
    ("1 h 30", Duration(seconds=HOUR + 30 * MINUTE)),
    ("1h05", Duration(seconds=HOUR + 5 * MINUTE)),
    ("1 h 30 min", Duration(seconds=HOUR + 30 * MINUTE)),
    ("1 h 30 s", Duration(seconds=HOUR + 30)),
    ("30 mn", Duration(seconds=30 * MINUTE)),
    ("31 536 000 secondes", Duration(seconds=31_536_000)),
    ("1 an et 6 mois", Duration(months=18)),
    ("1 year, 2 months and 3 days", Duration(months=14, days=3)),
    ("1 j 1 h 30", Duration(days=1, seconds=HOUR + 30 * MINUTE)),
    ("PT1H", Duration(seconds=HOUR)),
    ("P1Y2M10DT2H30M", Duration(months=14, days=10, seconds=2 * HOUR + 30 * MINUTE)),
    ("P1M", Duration(months=1)),
    ("PT1M", Duration(seconds=MINUTE)),
    ("p2w", Duration(days=14)),
    ("PT0.5H", Duration(seconds=30 * MINUTE)),
    ("Session", SESSION),
    ("  durée  de la session ", SESSION),
    ("End of session.", SESSION),
]
REFUSED = [
    "", " ", ".", "mois", "13", "3600", "0", "n/a", "-", "illimité", "permanent", "persistent", "never", "session ?",
    "1 m", "12 M", "1 a", "5 lunes", "1 mois environ", "environ 1 an", "13 mois maximum", "max. 13 mois", "13 mois max",
    "6 à 12 mois", "6-12 months", "6 ou 12 mois", "< 1 an", "-1 an", "+ 1 an", "~1 an", "1/2 an", "un an et demi",
    "0 j", "P0D", "0.5 mois", "0,5 jour", "1.000 jours", "1,000 days", "1 00 jours", "1.5.2 ans", "1,5 semaine",
    "1 h 5", "1 h 60", "1 h 300", "1 an 6", "1 min 30", "30 h 30 30", "6 mois 1 an", "1 an 1 an", "1 an, 1 an", "1 an,",
    "1 an et", "et 1 an", "unan", "13² mois", "１３ mois", "P", "PT", "P1", "P1H", "PT1D", "P1YT", "P1M1Y", "P-1Y", "P 1Y",
    "9999999 ans", "999999999999 s", "1 an (13 mois)", "1 year/13 months", "13 mois\x00", "2026-01-31",
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_what_people_write_is_read(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(text):
    assert parse(text) is None


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\t", "  ", "\n"])
def test_spaces_of_every_kind_are_spaces(space):
    assert parse(f"1{space}an{space}et{space}6{space}mois") == Duration(months=18)
    assert parse(f"12{space}000{space}jours") == Duration(days=12_000)


# --- properties -----------------------------------------------------------------------------------------------------

quick = settings(max_examples=200, deadline=None)
lengths = st.builds(Duration, months=st.integers(0, durations.MOST_MONTHS), days=st.integers(0, durations.MOST_DAYS),
                    seconds=st.integers(0, durations.MOST_SECONDS))
numbers = st.integers(1, 900)  # so many years and months together are still within the limit


def total(parts: list[tuple[int, str]]) -> Duration:
    """What the parts come to, worked out the plain way."""
    sums = {"months": 0, "days": 0, "seconds": 0}
    for number, unit in parts:
        base, size = {"year": ("months", 12), "month": ("months", 1), "week": ("days", 7), "day": ("days", 1),
                      "hour": ("seconds", 3600), "minute": ("seconds", 60), "second": ("seconds", 1)}[unit]
        sums[base] += number * size
    return Duration(**sums)


@st.composite
def spoken(draw) -> tuple[str, Duration]:
    """A duration in one to seven parts, in any of their words, glued or not; and what it is."""
    units = [unit for unit in UNITS if draw(st.booleans())] or ["month"]
    parts = [(draw(numbers), unit) for unit in units]
    joint = draw(st.sampled_from([" ", ", ", " et ", " and ", ", and "]))
    text = joint.join(f"{number}{draw(st.sampled_from(['', ' ']))}"
                      f"{draw(st.sampled_from(sorted(word for word, of in UNIT_OF.items() if of == unit)))}"
                      for number, unit in parts)
    return text, total(parts)


@quick
@given(lengths)
def test_a_duration_is_read_back_from_its_own_text(length):
    assume(length != Duration())
    assert parse(length.iso) == length
    assert parse(length.iso).iso == length.iso


def test_the_session_is_read_back_from_its_own_text():
    assert parse(SESSION.iso) == SESSION


@quick
@given(spoken(), st.sampled_from([str.upper, str.lower, str.title, str]))
def test_every_unit_in_every_word_adds_up_whatever_the_case(given_text, case):
    text, expected = given_text
    assert parse(case(text)) == expected


@quick
@given(spoken(), st.integers(0, 60), st.characters(exclude_categories=("Z", "Cc", "Cs")))
def test_a_strange_character_never_changes_a_number_silently(given_text, place, character):
    """What is still read after one more character has digits, marks or letters that say so: no noise is passed over."""
    text, expected = given_text
    place = min(place, len(text))
    noisy = text[:place] + character + text[place:]
    read = parse(noisy)
    assert read is None or read == expected or re.fullmatch(r"[0-9a-z.,ıſ]", character.casefold()), noisy


@quick
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_raises(text):
    read = parse(text)
    assert read is None or read.is_session or any((read.months, read.days, read.seconds))


@quick
@given(st.integers(0, 10**6), st.integers(0, 99), st.sampled_from(list(UNITS)), st.sampled_from([",", "."]))
def test_a_fraction_is_read_only_where_it_is_whole_in_its_base(whole, decimals, unit, mark):
    base, size = UNITS[unit]
    exact = Fraction(whole * 100 + decimals, 100) * size
    limit = {"months": durations.MOST_MONTHS, "days": durations.MOST_DAYS, "seconds": durations.MOST_SECONDS}[base]
    expected = Duration(**{base: int(exact)}) if exact.denominator == 1 and 0 < exact <= limit else None
    assert parse(f"{whole}{mark}{decimals:02d} {unit}s") == expected


@quick
@given(st.integers(1, 999), st.text(alphabet="abcdefghijklmnopqrstuvwxyzéû", min_size=1, max_size=8))
def test_a_word_that_is_no_unit_is_never_taken_for_one(number, word):
    assume(word not in UNIT_OF)
    whole_words = {*UNIT_OF, *NUMBER_OF, "et", "and"}
    assume(word not in whole_words)
    assert parse(f"{number} {word}") is None


def test_no_word_means_two_units_and_none_could():
    """`m` alone is a month or a minute, `a` an article, `M` million: none of them is in the list."""
    listed = [word for words in durations._WORDS.values() for word in words.split()]
    assert len(listed) == len(set(listed))
    assert not {"m", "a"} & set(listed)
    assert set(durations._WORDS) == set(UNITS)
