"""Collection: columns of the application that nobody declared, that name a special category, or that only sound like one."""

from pipelines.demo.cases import DECLARED, SPECIAL, Cases
from pipelines.demo.moments import NONE

SOURCE, SCHEMA = "schema", "app"
# Of the catalogue alone: (table, column, comment). No table of the demo has them, and no row is ever read.
COLUMNS = (
    ("usage_event", "trace_id", "identifiant technique de la requête"),
    ("survey", "religion", None),
    ("survey", "diet", "menu choisi pour le séminaire"),
    ("survey", "mood_score", None),
    ("survey", "remark", "maladie signalée lors du séminaire"),
    ("team", "race_number", "dossard de la course d'entreprise"),
)
EXEMPTIONS = (("team.race_number", "le numéro de dossard d'une course à pied"), ("old_form.health_status", "table retirée"))
CATEGORIES = {
    "usage": ("usage_event.*", "*.last_sign_in_at", "*.last_edit_at"),
    "billing": ("customer.paid_*",),
    "management": ("customer.plan", "customer.state", "customer.notes", "*.*_at", "membership.*", "trashed_item.*",
                   "recovery.*", "deletion_request.*", "survey.religion", "survey.diet", "survey.remark", "team.*"),
}


def plant(cases: Cases) -> None:
    for table, column, state, french, english in (
        ("survey", "religion", "special_category", "une enquête demande la religion", "a survey asks for the religion"),
        ("survey", "remark", "special_category", "un commentaire parle de maladie", "a comment speaks of illness"),
        ("survey", "diet", "special_term_unclear", "un régime dit beaucoup, ou rien", "a diet tells much, or nothing"),
        ("usage_event", "trace_id", "kept", "trace n'est pas race", "trace is not race"),
        ("team", "race_number", "kept", "une course à pied, exemptée", "a foot race, exempted"),
    ):
        cases.condition(SPECIAL, "column", f"{SOURCE}.{SCHEMA}.{table}.{column}", state, NONE, french, english)
    cases.condition(SPECIAL, "column", f"{SOURCE}.exemption.{EXEMPTIONS[1][0]}", "exemption_unused", NONE,
                    "l'exemption d'une table qui n'existe plus", "the exemption of a table that is no longer there")
    for table, column, state, french, english in (
        ("survey", "mood_score", "column_undeclared", "personne ne l'a rangée dans une catégorie",
         "nobody has put it into a category"),
        ("survey", "diet", "kept", "déclarée pour la gestion", "declared for management"),
    ):
        cases.condition(DECLARED, "column", f"{SOURCE}.{SCHEMA}.{table}.{column}", state, NONE, french, english)


def sources_toml(file: str, until: str) -> str:
    """The part of the demo's sources.toml that says where the catalogue lies and what is said of the columns in it."""
    lines = [f"[{SOURCE}]", 'kind = "files"', f"[{SOURCE}.datasets]", f'source_columns = "{file}"', f"[{SOURCE}.categories]"]
    lines += [f"{name} = [{', '.join(f'{chr(34)}{pattern}{chr(34)}' for pattern in patterns)}]"
              for name, patterns in CATEGORIES.items()]
    for column, why in EXEMPTIONS:
        lines += [f"[[{SOURCE}.exemptions]]", f'column = "{column}"', f'why = "{why}"',
                  'who = "délégué à la protection des données"', f"until = {until}"]
    return "\n".join(lines)
