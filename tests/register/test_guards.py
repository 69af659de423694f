"""The guards of the register, and what they refuse."""

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import guards, policy


@pytest.fixture(scope="module")
def ours():
    return policy.load()


def test_both_guards_are_there_and_say_why(ours):
    assert set(ours.guards) == set(guards.WORDS)
    assert all(one.fr != one.en and one.why_fr != one.why_en for one in ours.guards.values())


@pytest.mark.parametrize(("old", "new", "refusal"), [
    ('word = "fewer_rows"', 'word = "odd_rows"', "word is 'odd_rows'; write one of fewer_rows, more_closings"),
    ("limit_percent = 20\n", "limit_percent = 100\n", "limit_percent is 100, and no dataset can lose more than all"),
    ("limit_percent = 500\n", "limit_percent = 99\n", "limit_percent is 99: as many as ever would be doubted"),
    ("at_least = 50\n", "at_least = 0\n", "at_least is 0; write a whole number of at least 1"),
    ("at_least = 50\n", "", "at_least is missing"),
])
def test_nonsense_is_refused(ours, tmp_path, old, new, refusal):
    text = ours.path.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "policy.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "rules").symlink_to(ours.path.parent / "rules")
    with pytest.raises(AlpiaError) as refused:
        policy.load(tmp_path / "policy.toml")
    assert refusal in str(refused.value)
