"""The policy online: a paragraph that was reworded and that nobody has reviewed, and days on which it was not there."""

from pipelines.demo.cases import PUBLISHED, Cases
from pipelines.demo.moments import HOUR, NONE, at
from pipelines.register import policy

REWORDED = 3     # the paragraph that is no longer what was reviewed
INSTEAD = policy.fingerprint("Une phrase que personne n’a encore relue.")


def plant(cases: Cases) -> None:
    """The review period ends twelve months back: what was seen a second earlier is history."""
    world = cases.world
    for seen_at, french, english in (
        (world.ago(40), "page introuvable il y a quarante jours", "no such page forty days ago"),
        (world.review_from, "page introuvable quand commence la période de revue",
         "no such page as the review period begins"),
        (world.review_from - 1, "page introuvable une seconde plus tôt", "no such page a second earlier"),
    ):
        _look(cases, seen_at, 0, False, None)
        cases.condition(PUBLISHED, "published", "policy", "not_online", seen_at, french, english)
    _today(cases, at(world.today, 22 * HOUR))


def _today(cases: Cases, seen_at: int) -> None:
    reviewed = policy.load()
    lost = reviewed.paragraphs[REWORDED - 1]
    for place, block in enumerate(reviewed.blocks, 1):
        _look(cases, seen_at, place, True, INSTEAD if block.fingerprint == lost else block.fingerprint)
        if block.fingerprint == lost:
            cases.condition(PUBLISHED, "published", f"block {place} online", "paragraph_not_reviewed", NONE,
                            "une phrase que personne n'a relue", "a sentence that nobody has reviewed")
    cases.condition(PUBLISHED, "published", f"paragraph {REWORDED}", "paragraph_changed", NONE,
                    "le paragraphe relu n'est plus en ligne", "the reviewed paragraph is no longer online")
    cases.condition(PUBLISHED, "published", f"paragraph {REWORDED + 1}", "kept", NONE, "inchangé", "unchanged")
    cases.condition(PUBLISHED, "published", "policy", "kept", NONE, "en ligne aujourd'hui", "online today")


def _look(cases: Cases, seen_at: int, place: int, is_online: bool, mark: str | None) -> None:
    cases.rows["published_policy"].append(
        {"checked_at": seen_at, "place": place, "is_online": is_online, "fingerprint": mark})
