"""The closed sets of words of the source system; arrays hold the position in them."""

PLANS = ("essai", "solo", "equipe", "entreprise")
STATES = ("active", "trial", "suspended", "deleted")
ACTORS = ("person", "api", "system", "mail_open")
ACTIONS = ("sign_in", "document_edit", "document_share", "comment", "export", "token_call", "nightly_index", "newsletter")
INVOICE_KINDS = ("invoice", "credit_note", "corrected")
OUTCOMES = ("pending", "served", "refused", "withdrawn", "unpaid")
CHANNELS = ("in_app", "email", "post", "other")
RIGHTS = ("access", "rectification", "erasure", "objection", "restriction", "portability")
MAIL_KINDS = ("marketing", "information", "transactional")
STOPPED_KINDS = ("marketing", "information", "all")
ANSWERS = ("granted", "refused", "withdrawn")
PRIMARY, REPLICA, FORMER, VAULT = "par-app-1", "lyo-app-2", "mrs-app-1", "sbg-bkp-1"
DRILLS, DRILL_OUTCOMES = ("failover", "restore"), ("success", "failed", "aborted")
# Servers that only hold old backups, and one that no inventory lists.
ABROAD, LEFT_ABROAD, LONG_ABROAD, SOMEWHERE, UNLISTED = "bru-bkp-1", "lux-bkp-1", "gva-bkp-1", "off-bkp-1", "inconnu-7"
SERVERS = (PRIMARY, REPLICA, FORMER, VAULT, UNLISTED, ABROAD, LEFT_ABROAD, LONG_ABROAD, SOMEWHERE)
TICKET_KINDS = ("support", "assistance", "other")
REASONS = ("service", "technical", "support", "legal", "other")
SERVER_ROLES = ("primary", "replica", "backup")

PURPOSES = ("service", "hosting", "sales_marketing", "usage_analysis", "improvement", "news_events", "billing", "payment",
            "support", "communication", "legal_obligation", "third_party_promotion", "profiling", "other")
KINDS_OF_DATA = ("contact", "billing", "management", "usage", "traffic", "customer_content")
LEGAL_BASES = ("contract", "consent", "legal_obligation", "legitimate_interest")
RECIPIENT_KINDS = ("subprocessor", "authority", "partner", "other")
MANNERS = ("shared", "distributed", "indexed", "sold", "rented", "exchanged")
DESTINATIONS = ("own_machines", "france", "abroad")
BASES = ("consent", "legal_requirement", "processor_contract", "none")
# Invented firms: the host, those that work for the publisher, one that did, one that is on no register, one that was given
# nothing; then whoever else may be given data.
HOST, CASHIER, DESK, GAUGE, MAILER, FORMER_MAILER, UNREGISTERED, UNUSED = (
    "Hébergement de la Deûle", "Encaisse & Cie", "Guichet Assistance", "Mesures et Usages", "Le Postier Numérique",
    "Plume et Timbre", "Appels du Ponant", "Tri Postal Vernon")
COURT, SUCCESSOR, NETWORK = "Tribunal judiciaire de Valmont", "Reprise Logiciels", "Régie Belle Affiche"
RECIPIENTS = (HOST, CASHIER, DESK, GAUGE, MAILER, FORMER_MAILER, UNREGISTERED, UNUSED, COURT, SUCCESSOR, NETWORK)


def code(words: tuple[str, ...], word: str) -> int:
    """The position of a word in its set; ValueError for a stranger."""
    return words.index(word)
