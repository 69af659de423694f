"""Invented persons: names from lists, domains, telephone numbers and addresses that are reserved for fiction.

They look real, so that a search for them in what a run leaves behind means something. Telephone numbers lie in the ranges
that the French regulator keeps for works of fiction, IP addresses in those kept for documentation, mail at example domains.
"""

FIRST = (
    "Adèle", "Bastien", "Camille", "Damien", "Élodie", "Fabrice", "Gaëlle", "Hugo", "Inès", "Jérôme", "Karine", "Léopold",
    "Maëlys", "Noémie", "Océane", "Pascal", "Quentin", "Roxane", "Sylvain", "Tiphaine", "Ulysse", "Valérie", "Wilfried",
    "Xavière", "Yannick", "Zoé", "Anatole", "Béatrice", "Corentin", "Delphine",
)
LAST = (
    "Abrivard", "Bellocq", "Chastaing", "Delpeyroux", "Estournel", "Farigoule", "Gramusset", "Hautecloque", "Imbertot",
    "Jaubertie", "Kerdoncuff", "Lavergnolle", "Montagnier", "Noirmoutard", "Orsatelli", "Peyregrosse", "Quillerou",
    "Roumégas", "Sarrazinet", "Tournebride", "Urtizbéa", "Vachotte", "Wasselin", "Xaintrailles", "Yvernault", "Zaccarelle",
    "Brossolard", "Caillebotin", "Dumontel", "Escoffard",
)
STREETS = ("rue du Mélèze", "allée des Edelweiss", "chemin de la Marmotte", "place du Vieux-Refuge", "quai de la Drisse",
           "impasse du Glacier", "avenue des Gentianes", "montée du Belvédère", "sentier du Chamois", "cours de la Lauze")
TOWNS = ("Valmont-sur-Drisse", "Saint-Ambrin", "Roche-Lauzière", "Pont-de-Marnaz", "Les Adrets-Neufs", "Col-Fleuri",
         "Montalieu-le-Bas", "Sainte-Orsanne", "Brégnac", "Villard-Chaussé")
DOMAINS = ("example.fr", "example.com", "example.org", "example.net")
PHONES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
FIRMS = ("Atelier", "Cabinet", "Groupe", "Société", "Maison", "Coopérative", "Étude", "Bureau")


def _list(words) -> str:
    return "[" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + "]"


# n is the id of the person or customer; each macro takes another multiple of it, so that the parts do not move in step.
MACROS = f"""
CREATE MACRO pick(words, n) AS words[1 + (n) % len(words)];
CREATE MACRO first_name(n) AS pick({_list(FIRST)}, n * 7919 + n // 31);
CREATE MACRO last_name(n) AS pick({_list(LAST)}, n * 104729 + n // 7);
CREATE MACRO full_name(n) AS first_name(n) || ' ' || last_name(n);
CREATE MACRO email(n) AS lower(strip_accents(first_name(n))) || '.' || lower(strip_accents(last_name(n))) || (n)::VARCHAR
    || '@' || pick({_list(DOMAINS)}, n);
CREATE MACRO phone(n) AS pick({_list(PHONES)}, n * 13) || ' ' || lpad(((n * 37) % 100)::VARCHAR, 2, '0') || ' '
    || lpad(((n * 61 + n // 100) % 100)::VARCHAR, 2, '0');
CREATE MACRO address(n) AS ((n * 17) % 180 + 1)::VARCHAR || ' ' || pick({_list(STREETS)}, n * 3) || ', '
    || lpad((1001 + (n * 389) % 94000)::VARCHAR, 5, '0') || ' ' || pick({_list(TOWNS)}, n * 11);
CREATE MACRO ip(n) AS pick({_list(NETWORKS)}, n) || ((n * 41) % 254 + 1)::VARCHAR;
CREATE MACRO firm(n) AS pick({_list(FIRMS)}, n * 5) || ' ' || last_name(n + 3);
CREATE MACRO note(n) AS 'Rappeler ' || full_name(n) || ' au ' || phone(n) || ', absence le lundi.';
"""
