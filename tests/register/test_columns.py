"""What the name or comment of a column smells of, word by word."""

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import columns


@pytest.fixture(scope="module")
def register():
    return columns.load()


@pytest.mark.parametrize(("text", "category"), [
    ("race", "race"), ("userRace", "race"), ("USER_RACE", "race"), ("HTTPRace", "race"), ("race2", "race"),
    ("couleur_de_la_peau", "race"), ("origine_ethnique", "race"),
    ("santé", "health"), ("ÉTAT_DE_SANTÉ", "health"), ("etatDeSante", "health"), ("groupeSanguin", "health"),
    ("maladies", "health"), ("allergies", "health"), ("arret_de_travail", "health"), ("sick_leaves", "health"),
    ("orientation_sexuelle", "sexual_orientation"), ("sexualOrientation", "sexual_orientation"),
    ("opinions politiques", "political"), ("political_party", "political"), ("trade_union", "political"),
    ("croyances", "philosophical"), ("religion", "religious"), ("régime_halal", "religious"), ("bapteme", "religious"),
])
def test_what_is_told_by_a_word(register, text, category):
    smell = register.smell([None, "x", text])
    assert (smell.category, smell.is_ambiguous) == (category, False)


@pytest.mark.parametrize("text", [
    "trace", "trace_id", "stackTrace", "grace_period", "embrace", "racecar", "health_check_url", "healthChecks",
    "race_condition",
    "page_orientation", "sangle", "is_disabled", "parti", "third_party", "union_all", "unhealthy", "",
])
def test_what_only_looks_like_it(register, text):
    assert register.smell([text]) is None


@pytest.mark.parametrize(("text", "category"), [
    ("sexe", "sexual_orientation"), ("Gender", "sexual_orientation"), ("genre", "sexual_orientation"),
    ("politique_mot_de_passe", "political"), ("diagnostic", "health"), ("patient_id", "health"), ("culte", "religious"),
])
def test_what_may_mean_something_else_is_ambiguous(register, text, category):
    smell = register.smell([text])
    assert (smell.category, smell.is_ambiguous) == (category, True)


def test_a_plain_term_goes_before_an_ambiguous_one(register):
    assert register.smell(["sexe", "santé"]).category == "health"
    assert register.smell(["sexe et santé"]).terms == ("sante",)


def test_an_innocent_phrase_does_not_excuse_the_rest(register):
    assert register.smell(["health_check_of_blood_pressure"]).terms == ("blood",)
    assert register.smell(["health health_check"]).category == "health"


@pytest.mark.parametrize(("pattern", "does_fit"), [
    ("person.email", True), ("PERSON.E*", True), ("*.email", True), ("app.person.email", True), ("*.*.email", True),
    ("other.person.email", False), ("person.mail", False), ("erson.email", False),
])
def test_patterns(pattern, does_fit):
    assert columns.fits(pattern, "app", "Person", "Email") is does_fit


def test_what_a_term_must_be(tmp_path):
    text = (columns.EXPECTATIONS / "columns.toml").read_text()
    for old, new, words in (('"page orientation"', '"12"', "no word"), ("billing = [", "bills = [", "no category"),
                            ("[special.health]", "[special.wealth]", "special.health"),
                            ('"invoice.*"', '"invoice"', "table.column")):
        assert old in text
        (tmp_path / "columns.toml").write_text(text.replace(old, new, 1))
        with pytest.raises(AlpiaError, match=words):
            columns.load(tmp_path / "columns.toml")
