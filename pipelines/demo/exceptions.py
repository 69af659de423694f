"""What somebody has set apart in the demo: an exception that covers a breach, two that are of no use, and a legal hold."""

from datetime import date, timedelta

from pipelines.collect.pseudonyms import pseudonym

TEXT = """# What is set apart in the demo, with a reason and an end; expectations/exceptions.toml says how to write one.
# Subjects are pseudonyms, as `alpia annex` prints them.
"""
ENTRY = """
[[exception]]
id = "{id}"
kind = "{kind}"
promise = "{promise}"
subjects = ["{subject}"]
why = "{why}"
who = "{who}"
from = {first}
until = {last}
"""
PROMISE = "retention.deleted-accounts"
# id, kind, the state of the planted subject, why, who, first and last day from as_of on.
SET_APART = (
    ("sous-traitant", "tolerated", "overdue", "effacement commandé au sous-traitant, livré au prochain trimestre",
     "délégué à la protection des données", -30, 60),
    ("ancienne-purge", "tolerated", "overdue", "reprise de la purge après la migration", "exploitation", -400, -35),
    ("dossier-clos", "tolerated", "met", "effacement en attente d’une réponse du client", "support", -90, 90),
    ("contentieux", "legal_hold", "met", "procédure en cours", "conseil juridique", -200, 165),
)


def exceptions_toml(as_of: date, key: bytes, planted: list[dict]) -> str:
    """The text of the demo's exceptions.toml; none of it changes the state of what is planted."""
    entries = [ENTRY.format(id=name, kind=kind, promise=PROMISE, why=why, who=who, subject=_subject(key, planted, state),
                            first=as_of + timedelta(days=first), last=as_of + timedelta(days=last))
               for name, kind, state, why, who, first, last in SET_APART]
    return TEXT + "".join(entries)


def _subject(key: bytes, planted: list[dict], state: str) -> str:
    """The first planted account that must be found in this state."""
    row = next(row for row in planted if (row["promise"], row["state"], row["subject_kind"]) == (PROMISE, state, "account"))
    return pseudonym(key, row["subject_kind"], row["subject"])
