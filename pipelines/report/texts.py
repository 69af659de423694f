"""Every string of the reports, once: key -> (French, English). Nothing else in the reports speaks.

Forms are separated by ` ¦ ` (none ¦ one ¦ many, or one ¦ many). French spacing is set by `words.typeset`.
"""

_VERDICTS = {
    "verdict.breached": ("Non tenue", "Breached"),
    "verdict.at_risk": ("À surveiller", "At risk"),
    "verdict.unverifiable": ("Non vérifiable", "Unverifiable"),
    "verdict.compliant": ("Tenue", "Compliant"),
    "verdicts.breached": ("promesses non tenues", "promises breached"),
    "verdicts.at_risk": ("à surveiller", "at risk"),
    "verdicts.unverifiable": ("non vérifiables", "unverifiable"),
    "verdicts.compliant": ("tenues", "compliant"),
}

_STATES = {
    "state.open": ("en cours", "open"),
    "state.due_soon": ("échéance proche", "due soon"),
    "state.met": ("respectée", "met"),
    "state.late": ("faite en retard", "late"),
    "state.overdue": ("échue, non faite", "overdue"),
    "state.premature": ("faite trop tôt", "premature"),
    "state.held": ("suspendue", "held"),
    "state.void": ("sans objet", "void"),
    "state.unknown": ("indéterminée", "unknown"),
    "state.none": ("—", "—"),
    "state.kept": ("remplie", "met"),
    "state.broken": ("non remplie", "not met"),
    "state.valid": ("en cours de validité", "counts"),
    "state.expiring": ("à renouveler", "to be renewed"),
    "state.expired": ("expirée", "expired"),
    "state.missing": ("jamais faite", "never made"),
}

_REASONS = {
    "reason.none": ("Toutes les obligations examinées sont dans les délais.", "Every obligation looked at is in time."),
    "reason.none.constraint": ("Toutes les conditions examinées sont remplies.", "Every condition looked at is met."),
    "reason.none.attestation": (
        "Une attestation en cours de validité l’établit.",
        "A statement that still counts shows it.",
    ),
    "reason.condition_unknown": (
        "Les faits ne permettent pas de juger toutes les conditions.",
        "The facts cannot tell for every condition.",
    ),
    "reason.nothing_judged": (
        "Rien n’a pu être examiné, et personne n’atteste qu’il n’y avait rien.",
        "There was nothing to look at, and nobody states that there was nothing.",
    ),
    "reason.completeness_missing": (
        "Un registre tenu à la main n’est pas attesté complet pour le trimestre.",
        "A register kept by hand is not stated to be complete for the quarter.",
    ),
    "reason.attestation_missing": ("Aucune attestation ne l’établit.", "No statement shows it."),
    "reason.attestation_expired": ("La dernière attestation a expiré.", "The last statement has expired."),
    "reason.attestation_expiring": ("L’attestation expire bientôt.", "The statement expires soon."),
    "reason.overdue": (
        "Des échéances sont passées sans que rien ne soit fait.",
        "Due dates have passed with nothing done.",
    ),
    "reason.late": (
        "Des échéances ont été dépassées pendant la période de revue.",
        "Due dates were missed within the review period.",
    ),
    "reason.premature": ("Des données ont disparu avant le terme promis.", "Data went before the promised term."),
    "reason.broken_constraint": ("Une condition promise n’est pas remplie.", "A promised condition is not met."),
    "reason.dataset_missing": (
        "Des données nécessaires ne sont pas branchées.",
        "Data that is needed is not connected.",
    ),
    "reason.dataset_failed": (
        "Des données nécessaires n’ont pas pu être lues.",
        "Data that is needed could not be read.",
    ),
    "reason.dataset_untrusted": (
        "Des données nécessaires ne sont pas fiables.",
        "Data that is needed cannot be trusted.",
    ),
    "reason.dataset_empty": (
        "Un jeu de données est vide, sans déclaration de néant.",
        "A dataset is empty, without a nil return.",
    ),
    "reason.obligation_unknown": (
        "Les faits ne permettent pas de juger toutes les obligations.",
        "The facts cannot tell for every obligation.",
    ),
    "reason.paragraph_changed": (
        "Le texte publié a changé depuis sa relecture, là où cette promesse repose.",
        "The published text has changed since it was reviewed, where this promise rests.",
    ),
    "reason.guard_tripped": (
        "La nuit est peu vraisemblable à côté des précédentes, et nul ne l’a confirmée.",
        "The night is implausible beside those before it, and nobody has confirmed it.",
    ),
    "reason.canary_failed": (
        "Une vérification témoin a échoué : les contrôles eux-mêmes sont en doute.",
        "A canary failed: the checks themselves are in doubt.",
    ),
    "reason.check_failed": (
        "Deux comptages indépendants se contredisent.",
        "Two independent counts contradict each other.",
    ),
    "reason.rule_not_built": (
        "La règle qui la vérifie n’est pas encore construite.",
        "The rule that shows it is not built yet.",
    ),
    "reason.due_soon": ("Des échéances approchent.", "Due dates are near."),
    "detail.overdue": (
        "{n} obligation échue, non faite ¦ {n} obligations échues, non faites",
        "{n} obligation overdue ¦ {n} obligations overdue",
    ),
    "detail.failed": (
        "{n} manquement dans la période de revue ¦ {n} manquements dans la période de revue",
        "{n} failure within the review period ¦ {n} failures within the review period",
    ),
    "detail.due_soon": (
        "{n} obligation à échéance proche ¦ {n} obligations à échéance proche",
        "{n} obligation due soon ¦ {n} obligations due soon",
    ),
    "detail.unknown": (
        "{n} obligation indéterminée ¦ {n} obligations indéterminées",
        "{n} obligation unknown ¦ {n} obligations unknown",
    ),
    "detail.excepted": (
        "dont {n} sous dérogation ¦ dont {n} sous dérogation",
        "of which {n} under an exception ¦ of which {n} under an exception",
    ),
    "detail.paragraphs": ("Paragraphes : {names}", "Paragraphs: {names}"),
    "detail.doubted": ("En doute : {names}", "Doubted: {names}"),
    "detail.broken": ("{why} : {n} cas ¦ {why} : {n} cas", "{why}: {n} case ¦ {why}: {n} cases"),
    "detail.uncertain": ("{n} cas indéterminé ¦ {n} cas indéterminés", "{n} case unknown ¦ {n} cases unknown"),
    "detail.judged.constraint": (
        "rien à juger ¦ 1 cas examiné ¦ {n} cas examinés",
        "0 to judge ¦ 1 case looked at ¦ {n} cases looked at",
    ),
    "detail.judged.attestation": (
        "rien à juger ¦ 1 attestation ou cas examiné ¦ {n} attestations ou cas examinés",
        "0 to judge ¦ 1 statement or case looked at ¦ {n} statements or cases looked at",
    ),
    "detail.datasets": ("Jeux de données : {names}", "Datasets: {names}"),
    "detail.judged": (
        "rien à juger ¦ 1 obligation examinée ¦ {n} obligations examinées",
        "0 to judge ¦ 1 obligation looked at ¦ {n} obligations looked at",
    ),
    "detail.checks": ("Contrôles : {names}", "Checks: {names}"),
    "cure.dataset_missing": (
        "Brancher {names} dans sources.toml (`alpia sources` les teste).",
        "Connect {names} in sources.toml (`alpia sources` tests them).",
    ),
    "cure.dataset_failed": (
        "Rétablir la lecture de {names} (`alpia sources` dit ce qui manque).",
        "Restore the reading of {names} (`alpia sources` says what is missing).",
    ),
    "cure.dataset_untrusted": (
        "Corriger à la source les données de {names} (voir « fiabilité des données »).",
        "Correct the data of {names} at the source (see data trust).",
    ),
    "cure.dataset_empty": (
        "Fournir les données de {names}, ou une déclaration de néant datée.",
        "Supply the data of {names}, or a dated nil return.",
    ),
    "cure.paragraph_changed": (
        "Relire les paragraphes {names} (`alpia policy --check` les compare), puis mettre à jour la promesse, sa règle et "
        "ses empreintes dans policy.toml.",
        "Review the paragraphs {names} (`alpia policy --check` compares them), then bring the promise, its rule and its "
        "fingerprints in policy.toml up to date.",
    ),
    "cure.guard_tripped": (
        "Vérifier la source ({names}) ; si tout est exact, confirmer la nuit avec son motif dans exceptions.toml.",
        "Check the source ({names}); if all is right, confirm the night with its reason in exceptions.toml.",
    ),
    "cure.canary_failed": (
        "Ne rien conclure de cette exécution ; faire corriger les contrôles.",
        "Conclude nothing from this run; have the checks repaired.",
    ),
    "cure.check_failed": (
        "Ne rien conclure sur cette promesse ; faire corriger la règle ou son contrôle.",
        "Conclude nothing on this promise; have the rule or its check repaired.",
    ),
    "cure.rule_not_built": ("Construire la règle.", "Build the rule."),
    "cure.completeness_missing": (
        "Faire attester par une personne désignée que {names} est complet (attestation « completeness »).",
        "Have a named role state that {names} is complete (an attestation of kind `completeness`).",
    ),
    "cure.nothing_judged": (
        "Fournir les données à juger, ou une déclaration de néant datée.",
        "Supply the data to judge, or a dated nil return.",
    ),
    "cure.broken_constraint": (
        "Corriger les lignes en cause à la source.",
        "Correct the rows concerned at the source.",
    ),
    "acts.data": ("exploitation", "operations"),
    "acts.checks": ("développement", "development"),
    "until.overdue": ("en retard depuis le {day}", "overdue since {day}"),
    "until.now": ("dès maintenant", "now"),
    "until.day": ("au plus tard le {day}", "by {day}"),
    "cure.none": ("—", "—"),
}

_PAGE = {
    "page.skip": ("Aller au contenu", "Skip to the content"),
    "page.of": ("Situation au {as_of} au soir (heure de Paris)", "As things stood at the end of {as_of} (Paris time)"),
    "page.before": ("Exécution précédente : {as_of}", "Run before: {as_of}"),
    "page.first": ("Première exécution : rien à comparer", "First run: nothing to compare with"),
    "page.index": ("Tous les rapports", "All reports"),
    "page.product": ("Alpiasoft · DOKUMENTO", "Alpiasoft · DOKUMENTO"),
    "page.filter": ("Filtrer", "Filter"),
    "page.shown": ("{n} / {total}", "{n} / {total}"),
    "page.sort": ("Trier selon cette colonne", "Sort by this column"),
    "chart.isolate": (
        "Double-cliquer dans la légende pour ne garder qu’une série",
        "Double-click on legend to isolate one trace",
    ),
    "chart.zoom_out": ("Double-cliquer pour revenir à la vue entière", "Double-click to zoom back out"),
    "page.contents": ("Sommaire", "Contents"),
    "page.foot": (
        "Rapport produit hors ligne à partir de données pseudonymisées. Il constate ; il n’efface rien. Les listes "
        "de sujets sont dans l’annexe restreinte (`alpia annex`).",
        "Made offline from pseudonymised data. It reports; it deletes nothing. The lists of subjects are in the "
        "restricted annex (`alpia annex`).",
    ),
    "page.scope": (
        "Hors du champ : les prospects sans compte relèvent de la loi, non de cette politique.",
        "Out of scope: prospects without an account fall under the law, not under this policy.",
    ),
    "page.noscript": (
        "Les graphiques demandent JavaScript ; leurs chiffres sont dans les tableaux.",
        "Charts need JavaScript; their figures are in the tables.",
    ),
    "page.chart": (
        "Graphique : {title}. Les mêmes chiffres sont dans le tableau qui suit.",
        "Chart: {title}. The same figures are in the table that follows.",
    ),
    "page.figures_of": ("Chiffres du graphique", "Figures of the chart"),
    "page.how_ended": ("Comment elles se sont éteintes", "How they came to an end"),
    "page.suppressed": (
        "n. c. : non communiqué (moins de {smallest} personnes, ou un nombre qui les révélerait).",
        "n/d: not disclosed (fewer than {smallest} persons, or a number that would reveal them).",
    ),
    "page.nothing": ("Rien à signaler.", "Nothing to report."),
    "page.more": (
        "{n} autre ligne n’est pas montrée. ¦ {n} autres lignes ne sont pas montrées.",
        "{n} more row is not shown. ¦ {n} more rows are not shown.",
    ),
    "page.rest": (
        "{n} autre ligne, moins pressante, n’est pas imprimée : elle est dans la page et dans l’annexe XLSX. ¦ {n} autres "
        "lignes, moins pressantes, ne sont pas imprimées : elles sont dans la page et dans l’annexe XLSX.",
        "{n} more row, less pressing, is not printed: it is in the page and in the XLSX annex. ¦ {n} more rows, less "
        "pressing, are not printed: they are in the page and in the XLSX annex.",
    ),
    "page.unverified": (
        "{n} promesse ne peut pas être vérifiée : le rapport de conformité dit ce qu’il y faut. ¦ {n} promesses ne peuvent "
        "pas être vérifiées : le rapport de conformité dit ce qu’il y faut.",
        "{n} promise cannot be verified: the compliance report says what that takes. ¦ {n} promises cannot be verified: the "
        "compliance report says what that takes.",
    ),
    "value.suppressed": ("n. c.", "n/d"),
    "value.none": ("—", "—"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "unit.days": ("{n}\u00a0jour ¦ {n}\u00a0jours", "{n}\u00a0day ¦ {n}\u00a0days"),
    "unit.seconds": ("{n}\u00a0seconde ¦ {n}\u00a0secondes", "{n}\u00a0second ¦ {n}\u00a0seconds"),
    "unit.minutes": ("{n}\u00a0minute ¦ {n}\u00a0minutes", "{n}\u00a0minute ¦ {n}\u00a0minutes"),
    "unit.hours": ("{n}\u00a0heure ¦ {n}\u00a0heures", "{n}\u00a0hour ¦ {n}\u00a0hours"),
    "unit.bits": ("{n}\u00a0bit ¦ {n}\u00a0bits", "{n}\u00a0bit ¦ {n}\u00a0bits"),
    "unit.count": ("{n}", "{n}"),
    "unit.percent": ("{n} %", "{n}%"),
    "unit.months": ("{n}\u00a0mois ¦ {n}\u00a0mois", "{n}\u00a0month ¦ {n}\u00a0months"),
    "total": ("Total", "Total"),
}

_ANSWERS = {
    "answer.all_kept": ("Au {as_of}, les {n} promesses sont toutes tenues.", "On {as_of}, all {n} promises are kept."),
    "answer.breached": (
        "aucune promesse sur {total} n’est rompue ¦ 1 promesse sur {total} n’est pas tenue ¦ {n} promesses sur "
        "{total} ne sont pas tenues",
        "none of {total} promises is breached ¦ 1 of {total} promises is breached ¦ {n} of {total} promises are "
        "breached",
    ),
    "answer.at_risk": (
        "aucune n’est à surveiller ¦ 1 est à surveiller ¦ {n} sont à surveiller",
        "none is at risk ¦ 1 is at risk ¦ {n} are at risk",
    ),
    "answer.compliant": (
        "aucune n’est établie comme tenue ¦ 1 est tenue ¦ {n} sont tenues",
        "none is shown to be kept ¦ 1 is kept ¦ {n} are kept",
    ),
    "answer.unverifiable": (
        "aucune n’est invérifiable ¦ 1 ne peut pas être vérifiée ¦ {n} ne peuvent pas être vérifiées",
        "none is unverifiable ¦ 1 cannot be verified ¦ {n} cannot be verified",
    ),
    "answer.unbuilt": (
        " ¦ , dont 1 faute de règle construite ¦ , dont {n} faute de règle construite",
        " ¦ , 1 of them for want of a rule ¦ , {n} of them for want of a rule",
    ),
    "answer.compliance": (
        "Au {as_of}, {breached}, {at_risk}, {compliant}, et {unverifiable}{unbuilt}.",
        "On {as_of}, {breached}, {at_risk}, {compliant}, and {unverifiable}{unbuilt}.",
    ),
    "answer.inactive.overdue": (
        "aucun compte n’a dépassé {period} d’inactivité ¦ 1 compte a dépassé {period} d’inactivité et devrait être "
        "effacé ¦ {n} comptes ont dépassé {period} d’inactivité et devraient être effacés",
        "no account has been idle for more than {period} ¦ 1 account has been idle for more than {period} and "
        "should be erased ¦ {n} accounts have been idle for more than {period} and should be erased",
    ),
    "answer.inactive.due": (
        "aucun ne les atteint dans les 30 prochains jours ¦ 1 les atteint dans les 30 prochains jours ¦ {n} les "
        "atteignent dans les 30 prochains jours",
        "none gets there in the next 30 days ¦ 1 gets there in the next 30 days ¦ {n} get there in the next 30 days",
    ),
    "answer.inactivity": ("Au {as_of}, {overdue} ; {due}.", "On {as_of}, {overdue}; {due}."),
    "answer.deletions.overdue": (
        "aucune suppression, purge ou réponse n’est en souffrance ¦ 1 suppression, purge ou réponse est échue et "
        "non faite ¦ {n} suppressions, purges ou réponses sont échues et non faites",
        "no deletion, purge or answer is overdue ¦ 1 deletion, purge or answer is overdue ¦ {n} deletions, purges "
        "or answers are overdue",
    ),
    "answer.deletions.failed": (
        "aucune n’a été faite hors délai pendant la période de revue ¦ 1 a été faite trop tard ou trop tôt pendant "
        "la période de revue ¦ {n} ont été faites trop tard ou trop tôt pendant la période de revue",
        "none was done out of time within the review period ¦ 1 was done too late or too early within the review "
        "period ¦ {n} were done too late or too early within the review period",
    ),
    "answer.deletions": ("Au {as_of}, {overdue} ; {failed}.", "On {as_of}, {overdue}; {failed}."),
    "answer.collect": (
        "{collected} jeux de données sur {total} ont été lus : {rows_in} lignes, dont {rows_kept} gardées et "
        "{rows_set_aside} écartées.",
        "{collected} of {total} datasets were read: {rows_in} rows, of which {rows_kept} kept and {rows_set_aside} "
        "set aside.",
    ),
    "answer.verify": (
        "{checks} contrôles, dont {succeeded} réussis et {failed} en échec ou non décidés.",
        "{checks} checks, of which {succeeded} succeeded and {failed} failed or could not be decided.",
    ),
    "answer.traffic": ("Au {as_of}, {traffic} ; {usage}.", "On {as_of}, {traffic}; {usage}."),
    "answer.traffic.none": ("le trafic du site n’est pas mesuré", "the traffic of the site is not measured"),
    "answer.traffic.visits": (
        "le site a reçu {n} visite de personnes en {span} jours, et {robots} ¦ le site a reçu {n} visites de personnes en "
        "{span} jours, et {robots}",
        "the site had {n} visit of people in {span} days, and {robots} ¦ the site had {n} visits of people in {span} days, "
        "and {robots}",
    ),
    "answer.traffic.robots": (
        "aucune de robots ¦ 1 de robots, comptée à part ¦ {n} de robots, comptées à part",
        "none of robots ¦ 1 of robots, counted apart ¦ {n} of robots, counted apart",
    ),
    "answer.usage.none": ("l’usage n’est pas mesuré", "the use is not measured"),
    "answer.usage.active": (
        "aucun compte n’a été actif en {month} ¦ 1 compte a été actif en {month} ¦ {n} comptes ont été actifs en {month}",
        "no account was active in {month} ¦ 1 account was active in {month} ¦ {n} accounts were active in {month}",
    ),
    "answer.believe": (
        "Les comptes concordent : {n} rapprochements, aucun écart.",
        "The books balance: {n} reconciliations, no difference.",
    ),
    "key.visits": ("visites de personnes", "visits of people"),
    "key.visits_a_day": ("visites de personnes par jour", "visits of people a day"),
    "key.mean_minutes": ("minutes par visite, en moyenne", "minutes a visit, on average"),
    "key.robot_visits": ("visites de robots", "visits of robots"),
    "key.days_lacking": ("jours manquants ou incomplets", "days missing or incomplete"),
    "key.active_month": ("comptes actifs en {month}", "accounts active in {month}"),
    "key.active_day": ("comptes actifs par jour en {month}", "accounts active a day in {month}"),
    "key.accounts": ("comptes avec données personnelles", "accounts with personal data"),
    "key.overdue": ("échus, non effacés", "overdue, not erased"),
    "key.due_30": ("échéance sous 30 jours", "due within 30 days"),
    "key.due_365": ("échéance sous un an", "due within a year"),
    "key.unknown": ("indéterminés", "unknown"),
    "key.asked": ("demandes de suppression de compte", "requests to delete an account"),
    "key.done_in_time": ("faites dans les délais", "done in time"),
    "key.all_overdue": ("obligations échues, non faites", "obligations overdue"),
    "key.failed": ("manquements dans la période de revue", "failures within the review period"),
    "key.findings": ("constats à expliquer", "findings to explain"),
    "key.conditions": ("conditions examinées", "conditions looked at"),
    "key.obligations": ("obligations examinées", "obligations looked at"),
    "key.rows": ("lignes lues", "rows read"),
    "key.rows_set_aside": ("lignes écartées", "rows set aside"),
    "key.built": ("règles construites sur {total}", "rules built of {total}"),
    "key.datasets": ("jeux de données lus sur {total}", "datasets read of {total}"),
    "key.checks": ("contrôles", "checks"),
    "key.failed_checks": ("contrôles en échec", "checks failed"),
}

_COLUMNS = {
    "column.promise": ("Promesse", "Promise"),
    "column.summary": ("Promesse", "Promise"),
    "column.section": ("Section", "Section"),
    "column.verdict": ("Verdict", "Verdict"),
    "column.previous_verdict": ("Verdict précédent", "Verdict before"),
    "column.since_on": ("Depuis le", "Since"),
    "column.why": ("Pourquoi", "Why"),
    "column.cure": ("Remède", "Cure"),
    "column.acts": ("Qui agit", "Who acts"),
    "column.until": ("Échéance", "Until"),
    "column.reason": ("Motif", "Reason"),
    "column.state": ("État", "State"),
    "column.from_state": ("État avant", "State before"),
    "column.to_state": ("État maintenant", "State now"),
    "column.subjects": ("Nombre", "Number"),
    "column.in_review": ("dans la période de revue", "within the review period"),
    "column.cases": ("Cas", "Cases"),
    "column.older_cases": ("Cas plus anciens, hors revue", "Older cases, before the review"),
    "column.stated_by": ("Par", "By"),
    "column.stated_on": ("Attesté le", "Stated on"),
    "column.counts_until_on": ("Vaut jusqu’au", "Counts until"),
    "column.accounts": ("Comptes", "Accounts"),
    "column.share": ("Part", "Share"),
    "column.idle_class": ("Durée d’inactivité", "Idle for"),
    "column.age_class": ("Âge du compte", "Age of the account"),
    "column.plan": ("Formule", "Plan"),
    "column.days": ("Dans les", "Within"),
    "column.month_on": ("Mois", "Month"),
    "column.overdue_class": ("En retard depuis", "Overdue for"),
    "column.overdue_since_on": ("Plus ancien retard depuis le", "Oldest overdue since"),
    "column.opened": ("Ouvertes", "Opened"),
    "column.void": ("Sans objet", "Void"),
    "column.in_time": ("Dans les délais", "In time"),
    "column.not_in_time": ("Hors délai", "Out of time"),
    "column.overdue": ("Échues, non faites", "Overdue"),
    "column.unknown": ("Indéterminées", "Unknown"),
    "column.margin_class": ("Marge par rapport à la limite", "Margin to the limit"),
    "column.server_id": ("Serveur", "Server"),
    "column.role": ("Rôle", "Role"),
    "column.site": ("Site", "Site"),
    "column.held": ("Copies présentes", "Copies held"),
    "column.held_overdue": ("dont à purger", "of which overdue"),
    "column.cannot_tell": ("Copies incertaines", "Cannot tell"),
    "column.gone_30_days": ("Parties en 30 jours", "Gone in 30 days"),
    "column.gone": ("Parties en tout", "Gone in all"),
    "column.oldest_deleted_on": ("Plus ancienne supprimée le", "Oldest deleted on"),
    "column.trash_age": ("Dans la corbeille depuis", "In the trash for"),
    "column.outcome": ("Issue", "Outcome"),
    "column.recoveries": ("Demandes", "Requests"),
    "column.last_requested_on": ("Dernière demande", "Last asked"),
    "column.term_class": ("Terme des dix ans", "Ten-year term"),
    "column.invoices": ("Factures", "Invoices"),
    "column.first_term_on": ("Premier terme", "First term"),
    "column.received_on": ("Reçue le", "Received"),
    "column.safe_due_on": ("Date sûre", "Safe date"),
    "column.last_due_on": ("Dernier jour légal", "Last legal day"),
    "column.requests": ("Demandes", "Requests"),
    "column.right": ("Droit", "Right"),
    "column.kind": ("Constat", "Finding"),
    "column.stored": ("Quoi", "What"),
    "column.files": ("Fichiers", "Files"),
    "column.bytes": ("Octets", "Bytes"),
    "column.kept": ("Conservation", "Kept for"),
    "column.mode": ("Droits", "Mode"),
    "column.what": ("Quoi", "What"),
    "column.columns": ("Colonnes lues", "Columns read"),
    "column.texts": ("Textes lus", "Texts read"),
    "column.stage": ("Étape", "Stage"),
    "column.seen": ("Nombre", "Number"),
    "stored.warehouse": ("Entrepôt, un fichier par jour", "Warehouse, a file a day"),
    "stored.rebuilt": ("Journées reconstruites", "Days rebuilt"),
    "stored.building": ("Entrepôts en construction", "Warehouses being built"),
    "stored.records": ("Carnets exécutés", "Executed notebooks"),
    "stored.revealed": ("Listes avec les identifiants des sources", "Lists with the sources’ own ids"),
    "stored.restricted": ("Listes de sujets, sous pseudonyme", "Lists of subjects, as pseudonyms"),
    "stored.reports": ("Rapports", "Reports"),
    "stored.probes": ("Relevés de sondes", "Records of probes"),
    "stored.ledger": ("Journal des exécutions", "Ledger of runs"),
    "stored.evidence": ("Preuves signées", "Signed evidence"),
    "stored.keys": ("Clés", "Keys"),
    "stored.stays": ("sans limite", "without limit"),
    "own.email": ("Adresses électroniques", "E-mail addresses"),
    "own.ip_v4": ("Adresses IPv4", "IPv4 addresses"),
    "own.ip_v6": ("Adresses IPv6", "IPv6 addresses"),
    "own.undeclared_calls": ("Appels non déclarés, refusés", "Undeclared calls, refused"),
    "own.fetching_settings": ("Réglages qui laisseraient DuckDB télécharger", "Settings that would let DuckDB fetch"),
    "stage.collect": ("Collecte", "Collection"),
    "stage.verify": ("Vérification", "Verification"),
    "column.findings": ("Nombre", "Number"),
    "column.first_noticed_on": ("Premier", "First"),
    "column.last_noticed_on": ("Dernier", "Last"),
    "column.promises": ("Promesses", "Promises"),
    "column.built": ("Règles construites", "Rules built"),
    "column.unbuilt": ("À construire", "To build"),
    "column.breached": ("Non tenues", "Breached"),
    "column.at_risk": ("À surveiller", "At risk"),
    "column.unverifiable": ("Non vérifiables", "Unverifiable"),
    "column.compliant": ("Tenues", "Compliant"),
    "column.dataset": ("Jeu de données", "Dataset"),
    "column.trust": ("Confiance", "Trust"),
    "column.status": ("Lecture", "Reading"),
    "column.detail": ("Détail", "Detail"),
    "column.written_on": ("Écrit le", "Written on"),
    "column.rows_in": ("Lignes lues", "Rows in"),
    "column.rows_kept": ("Gardées", "Kept"),
    "column.rows_set_aside": ("Écartées", "Set aside"),
    "column.set_aside_share": ("Part écartée", "Share set aside"),
    "column.absent_columns": ("Colonnes absentes", "Absent columns"),
    "column.checks": ("Contrôles", "Checks"),
    "column.failed_checks": ("En échec", "Failed"),
    "column.raised_checks": ("Non décidés", "Undecided"),
    "column.column_name": ("Colonne", "Column"),
    "column.catalogue_column": ("Colonne de la base", "Database column"),
    "column.data_type": ("Type", "Type"),
    "column.is_declared": ("Catégorie déclarée", "Declared category"),
    "column.is_special": ("Évoque une catégorie particulière", "Sounds like a special category"),
    "column.place": ("Endroit", "Place"),
    "column.rows": ("Lignes", "Rows"),
    "column.suite": ("Suite", "Suite"),
    "column.subject": ("Objet", "Subject"),
    "column.check_name": ("Contrôle", "Check"),
    "column.breaches": ("Manquements", "Breaches"),
    "column.nulls": ("Indécidables", "Nulls"),
    "column.raised": ("Erreur", "Raised"),
    "column.succeeded": ("Réussis", "Succeeded"),
    "column.failed": ("En échec", "Failed"),
    "column.parameter": ("Paramètre", "Parameter"),
    "column.value": ("Valeur", "Value"),
    "column.limit": ("Référence", "Reference"),
    "column.standing": ("Au regard de la référence", "Against the reference"),
    "column.source": ("Source", "Source"),
    "column.exception": ("Identifiant", "Name"),
    "column.exception_kind": ("Nature", "Kind"),
    "column.validity": ("Validité", "Validity"),
    "column.covered": ("Couvre", "Covers"),
    "column.unmatched": ("Sans objet", "Match nothing"),
    "column.who": ("Décidé par", "Decided by"),
    "column.from_on": ("À partir du", "From"),
    "column.until_on": ("Jusqu’au", "Until"),
    "column.guard": ("Garde-fou", "Guard"),
    "column.concerns": ("Porte sur", "Concerns"),
    "column.guard_state": ("État", "State"),
    "column.found": ("Constaté", "Found"),
    "column.compared_with": ("Comparé à", "Compared with"),
    "column.confirmed_on": ("Confirmé le", "Confirmed on"),
    "column.reading": ("Lecture", "Reading"),
    "column.as_of": ("Situation au", "As of"),
    "column.reconciliation": ("Rapprochement", "Reconciliation"),
    "column.left": ("Un compte", "One count"),
    "column.right_side": ("L’autre", "The other"),
    "column.closed_by": ("Motif", "Reason"),
    "column.week_on": ("Semaine du", "Week of"),
    "column.day_on": ("Jour", "Day"),
    "column.hour": ("Heure", "Hour"),
    "column.visits": ("Visites de personnes", "Visits of people"),
    "column.robot_visits": ("Visites de robots", "Visits of robots"),
    "column.visit_share": ("Part des visites", "Share of visits"),
    "column.hits": ("Requêtes de personnes", "Requests of people"),
    "column.robot_hits": ("Requêtes de robots", "Requests of robots"),
    "column.hit_share": ("Part des requêtes", "Share of requests"),
    "column.days_logged": ("Jours dans le journal", "Days in the log"),
    "column.days_partial": ("dont incomplets", "of which incomplete"),
    "column.is_partial": ("Incomplet", "Incomplete"),
    "column.is_whole": ("Période complète", "Whole period"),
    "column.origin": ("Origine", "Origin"),
    "column.country": ("Pays", "Country"),
    "column.system": ("Système", "System"),
    "column.device": ("Appareil", "Device"),
    "column.robot": ("Robot", "Robot"),
    "column.version": ("Navigateur et version", "Browser and version"),
    "column.before_share": ("Part, 28 jours plus tôt", "Share, 28 days earlier"),
    "column.mean_minutes": ("Minutes par visite", "Minutes a visit"),
    "column.answer.status": ("Réponse", "Answer"),
    "column.answer.tls": ("Chiffrement", "Encryption"),
    "column.action": ("Fonction", "Feature"),
    "column.account_share": ("Part des comptes actifs", "Share of active accounts"),
    "column.actions": ("Actions de personnes", "Actions of people"),
    "column.machine_actions": ("Actions de machines", "Actions of machines"),
    "column.active_accounts": ("Comptes actifs dans le mois", "Accounts active in the month"),
    "column.mean_week": ("par semaine, en moyenne", "in a week, on average"),
    "column.mean_day": ("par jour, en moyenne", "in a day, on average"),
    "column.day_share": ("jour ÷ mois", "day ÷ month"),
    "column.users": ("Utilisateurs actifs", "Active users"),
    "column.month_number": ("Après la création", "After the creation"),
    "cohort.of": ("{quarter} ({size} comptes)", "{quarter} ({size} accounts)"),
}

_CLASSES = {
    "idle_class.covered": ("abonnement en cours", "subscription running"),
    "idle_class.months_0_1": ("moins de 1 mois", "under 1 month"),
    "idle_class.months_1_3": ("1 à 3 mois", "1 to 3 months"),
    "idle_class.months_3_6": ("3 à 6 mois", "3 to 6 months"),
    "idle_class.months_6_12": ("6 à 12 mois", "6 to 12 months"),
    "idle_class.months_12_24": ("1 à 2 ans", "1 to 2 years"),
    "idle_class.months_24_36": ("2 à 3 ans", "2 to 3 years"),
    "idle_class.months_36": ("3 ans et plus", "3 years or more"),
    "idle_class.unknown": ("indéterminée", "unknown"),
    "age_class.years_0_1": ("moins de 1 an", "under 1 year"),
    "age_class.years_1_3": ("1 à 3 ans", "1 to 3 years"),
    "age_class.years_3_5": ("3 à 5 ans", "3 to 5 years"),
    "age_class.years_5": ("5 ans et plus", "5 years or more"),
    "age_class.unknown": ("indéterminé", "unknown"),
    "age_class.days_0_7": ("0 à 7 jours", "0 to 7 days"),
    "age_class.days_8_14": ("8 à 14 jours", "8 to 14 days"),
    "age_class.days_15_21": ("15 à 21 jours", "15 to 21 days"),
    "age_class.days_22_23": ("22 à 23 jours", "22 to 23 days"),
    "age_class.days_24_60": ("24 à 60 jours", "24 to 60 days"),
    "age_class.days_61": ("plus de 60 jours", "over 60 days"),
    "overdue_class.days_0_7": ("7 jours au plus", "7 days at most"),
    "overdue_class.days_8_30": ("8 à 30 jours", "8 to 30 days"),
    "overdue_class.days_31_90": ("31 à 90 jours", "31 to 90 days"),
    "overdue_class.days_91_365": ("91 à 365 jours", "91 to 365 days"),
    "overdue_class.days_366": ("plus de 365 jours", "over 365 days"),
    "margin_class.spare_365": ("plus d’un an d’avance", "over a year to spare"),
    "margin_class.spare_91_365": ("91 à 365 jours d’avance", "91 to 365 days to spare"),
    "margin_class.spare_31_90": ("31 à 90 jours d’avance", "31 to 90 days to spare"),
    "margin_class.spare_8_30": ("8 à 30 jours d’avance", "8 to 30 days to spare"),
    "margin_class.spare_1_7": ("1 à 7 jours d’avance", "1 to 7 days to spare"),
    "margin_class.spare_0": ("le dernier jour", "on the last day"),
    "margin_class.failed_1_7": ("1 à 7 jours hors délai", "1 to 7 days out of time"),
    "margin_class.failed_8_30": ("8 à 30 jours hors délai", "8 to 30 days out of time"),
    "margin_class.failed_31": ("plus de 30 jours hors délai", "over 30 days out of time"),
    "term_class.held_past": ("terme passé, encore conservée", "past the term, still held"),
    "term_class.within_30": ("terme sous 30 jours", "term within 30 days"),
    "term_class.within_90": ("terme sous 31 à 90 jours", "term within 31 to 90 days"),
    "term_class.within_365": ("terme sous 91 à 365 jours", "term within 91 to 365 days"),
    "term_class.later": ("terme plus tard", "term later"),
    "term_class.removed_after": ("retirée après le terme", "removed after the term"),
    "term_class.removed_before": ("retirée avant le terme", "removed before the term"),
    "term_class.unknown": ("indéterminée", "unknown"),
    "outcome.pending": ("en attente", "pending"),
    "outcome.served": ("rendu", "served"),
    "outcome.refused": ("refusé", "refused"),
    "outcome.withdrawn": ("retiré", "withdrawn"),
    "outcome.unpaid": ("non payé", "unpaid"),
    "right.access": ("accès", "access"),
    "right.rectification": ("rectification", "rectification"),
    "right.erasure": ("effacement", "erasure"),
    "right.objection": ("opposition", "objection"),
    "right.restriction": ("limitation", "restriction"),
    "right.portability": ("portabilité", "portability"),
    "right.none": ("non précisé", "not told"),
    "plan.none": ("non précisée", "not told"),
    "role.primary": ("principal", "primary"),
    "role.replica": ("réplique", "replica"),
    "role.backup": ("sauvegarde", "backup"),
    "role.none": ("inconnu", "unknown"),
    "kind.statement": ("attestation", "statement"),
    "kind.completeness": ("attestation de complétude", "statement of completeness"),
    "kind.vanished": ("disparition inexpliquée", "unexplained disappearance"),
    "kind.erased_but_present": ("effacé selon le journal, mais encore présent", "erased by the journal, yet present"),
    "kind.resurrected": ("revenu après effacement ou disparition", "back after its erasure or disappearance"),
    "kind.unknown_server": ("copie sur un serveur inconnu", "copy on an unknown server"),
    "kind.served_after_window": (
        "récupération servie hors délai : la purge a failli",
        "recovery served after the window: the purge failed",
    ),
    "kind.invoice_number_gap": ("trou dans une série de factures", "gap in a series of invoices"),
    "kind.invoice_held_longer": ("facture conservée au-delà du terme", "invoice held past its term"),
    "kind.idle_user": (
        "utilisateur inactif dans un compte actif : à justifier",
        "idle user in an active account: to be justified",
    ),
    "trust.trusted": ("fiable", "trusted"),
    "trust.untrusted": ("non fiable", "untrusted"),
    "trust.unchecked": ("non contrôlé", "unchecked"),
    "trust.missing": ("non branché", "not connected"),
    "trust.failed": ("lecture en échec", "reading failed"),
    "status.collected": ("lu", "read"),
    "status.missing": ("non branché", "not connected"),
    "status.failed": ("en échec", "failed"),
    "suite.trust": ("fiabilité des données", "data trust"),
    "suite.kept": ("promesses tenues", "promises kept"),
    "suite.canary": ("témoins", "canaries"),
    "set_aside.wrong_type": ("type inattendu", "wrong type"),
    "set_aside.missing_value": ("valeur obligatoire absente", "required value missing"),
    "set_aside.duplicate_key": ("clé en double", "duplicate key"),
    "set_aside.unknown_reference": ("référence inconnue", "unknown reference"),
    "set_aside.in_future": ("date dans le futur", "date in the future"),
    "set_aside.before_company": ("date antérieure à l’entreprise", "date before the company existed"),
    "set_aside.time_without_zone": ("heure sans fuseau", "time without zone"),
    "set_aside.not_utf8": ("texte non UTF-8", "not UTF-8"),
    "set_aside.unknown_value": ("valeur hors de la liste", "value not in the list"),
    "set_aside.too_long": ("texte trop long", "text too long"),
    "set_aside.unreadable_line": ("ligne illisible", "unreadable line"),
    "set_aside.unmapped_source": ("machine ou base sauvegardée non déclarée", "host or database backed up not declared"),
    "set_aside.unmapped_place": ("dépôt de sauvegardes non déclaré", "backup repository not declared"),
    "set_aside.older_lines_gone": (
        "jour dont les lignes plus anciennes ont disparu",
        "day of which older lines are gone",
    ),
    "set_aside.truncated": ("fichier tronqué", "truncated file"),
    "client.person": ("personnes", "people"),
    "client.robot": ("robots", "robots"),
    "origin.direct": ("accès direct", "direct"),
    "origin.internal": ("page du site lui-même", "a page of the site itself"),
    "origin.address": ("adresse IP", "an IP address"),
    "origin.malformed": ("origine illisible", "unreadable origin"),
    "origin.other": ("autres origines", "other origins"),
    "country.unknown": ("inconnu", "unknown"),
    **{f"country.{code}": names for code, names in {
        "AT": ("Autriche", "Austria"), "BE": ("Belgique", "Belgium"), "BR": ("Brésil", "Brazil"), "CA": ("Canada", "Canada"),
        "CH": ("Suisse", "Switzerland"), "CI": ("Côte d’Ivoire", "Ivory Coast"), "CN": ("Chine", "China"),
        "DE": ("Allemagne", "Germany"), "DK": ("Danemark", "Denmark"), "DZ": ("Algérie", "Algeria"),
        "ES": ("Espagne", "Spain"), "FI": ("Finlande", "Finland"), "FR": ("France", "France"),
        "GB": ("Royaume-Uni", "United Kingdom"), "GF": ("Guyane", "French Guiana"), "GP": ("Guadeloupe", "Guadeloupe"),
        "IE": ("Irlande", "Ireland"), "IN": ("Inde", "India"), "IT": ("Italie", "Italy"), "JP": ("Japon", "Japan"),
        "LU": ("Luxembourg", "Luxembourg"), "MA": ("Maroc", "Morocco"), "MC": ("Monaco", "Monaco"),
        "MQ": ("Martinique", "Martinique"), "NC": ("Nouvelle-Calédonie", "New Caledonia"), "NL": ("Pays-Bas", "Netherlands"),
        "NO": ("Norvège", "Norway"), "PF": ("Polynésie française", "French Polynesia"), "PL": ("Pologne", "Poland"),
        "PT": ("Portugal", "Portugal"), "RE": ("La Réunion", "Réunion"), "RO": ("Roumanie", "Romania"),
        "RU": ("Russie", "Russia"), "SE": ("Suède", "Sweden"), "SN": ("Sénégal", "Senegal"), "TN": ("Tunisie", "Tunisia"),
        "US": ("États-Unis", "United States")}.items()},
    "country.other": ("autres pays", "other countries"),
    "system.other": ("autres systèmes", "other systems"),
    "browser.other": ("autres navigateurs", "other browsers"),
    "robot.other": ("autres robots", "other robots"),
    "device.computer": ("ordinateur", "computer"),
    "device.phone": ("téléphone", "phone"),
    "device.tablet": ("tablette", "tablet"),
    "device.robot": ("robot", "robot"),
    "device.other": ("autre", "other"),
    "status.1xx": ("1xx : en cours", "1xx: under way"),
    "status.2xx": ("2xx : réussie", "2xx: done"),
    "status.3xx": ("3xx : renvoi ou inchangé", "3xx: redirect or unchanged"),
    "status.4xx": ("4xx : refusée ou introuvable", "4xx: refused or not found"),
    "status.5xx": ("5xx : panne du serveur", "5xx: server failure"),
    "status.unknown": ("inconnue", "unknown"),
    "status.empty": ("vide", "empty"),
    "tls.bits": ("chiffrée, {bits} bits", "encrypted, {bits} bits"),
    "tls.plain": ("non chiffrée", "not encrypted"),
    "tls.plain_redirect": ("non chiffrée, redirigée", "not encrypted, redirected"),
    "tls.plain_redirect_page": ("non chiffrée, redirigée (avec une page)", "not encrypted, redirected (with a page)"),
    "tls.plain_refused": ("non chiffrée, sans suite", "not encrypted, turned away"),
    "tls.unknown": ("inconnu", "unknown"),
    "tls.not_logged": ("non inscrit au journal", "not in the log"),
    "action.any": ("au moins une action", "any action"),
    "action.other": ("autres fonctions", "other features"),
    "action.unnamed": ("fonction non précisée", "feature not told"),
    "hour": ("{hour}\u00a0h", "{hour}:00"),
    "month_number": ("mois\u00a0{n}", "month\u00a0{n}"),
    "why.opened": ("nouvelle", "opened"),
    "why.restarted": ("un nouvel acte a rouvert le délai", "a new act restarted the term"),
    "why.dropped": ("n’est plus à juger", "no longer to be judged"),
    "why.reopened": ("rouverte", "reopened"),
    "why.term": ("échéance changée", "term changed"),
    "why.time": ("le temps a passé", "time went by"),
    "standing.in_force": ("en vigueur", "in force"),
    "standing.expired": ("expirée", "expired"),
    "standing.to_come": ("à venir", "to come"),
    "guard_state.tripped": ("à confirmer", "to be confirmed"),
    "guard_state.confirmed": ("confirmée", "confirmed"),
    "kind.legal_hold": ("gel légal", "legal hold"),
    "kind.tolerated": ("dérogation", "exception"),
    "kind.exception_expired": ("dérogation expirée", "exception that has expired"),
    "kind.exception_matches_nothing": ("dérogation sans objet", "exception that matches nothing"),
    "kind.justifies_nothing": (
        "justification d’une référence inconnue",
        "justification of a reference that nobody knows",
    ),
    "standing.to_justify": ("à justifier", "to be justified"),
    "standing.justified": ("justifié", "justified"),
    "standing.within": ("conforme à la référence", "within the reference"),
    "standing.not_compared": ("non comparé", "not compared"),
    "limit.at_least": ("au moins {least}", "at least {least}"),
    "limit.at_most": ("au plus {most}", "at most {most}"),
    "limit.between": ("de {least} à {most}", "{least} to {most}"),
    "justified.by": (
        "Justifié par {role} le {stated}, jusqu’au {until}.",
        "Justified by {role} on {stated}, until {until}.",
    ),
    "justified.lapsed": ("La justification a expiré le {day}.", "The justification expired on {day}."),
    "source.of": ("{authority} : {title}, {article}", "{authority}: {title}, {article}"),
    "source.dated": ("({day}).", "({day})."),
    "reading.policy": ("la politique", "the policy"),
    "reading.law": ("la loi", "the law"),
    "reading.ours": ("notre choix", "our choice"),
}

_TITLES = {
    "finding.first": ("Au premier rang : {name}, {number} {unit}.", "First comes {name}: {number} {unit}."),
    "finding.first.tied": (
        "À égalité au premier rang : {name}, {number} {unit}.",
        "Tied for first: {name}, {number} {unit} each.",
    ),
    "finding.first_used": (
        "Tous usages confondus, au premier rang : {name}, {number} {unit}.",
        "Of those that used anything, first comes {name}: {number} {unit}.",
    ),
    "finding.first_used.tied": (
        "Tous usages confondus, à égalité au premier rang : {name}, {number} {unit}.",
        "Of those that used anything, tied for first: {name}, {number} {unit} each.",
    ),
    "finding.first_past": (
        "Inactifs depuis 3\u00a0ans ou plus, au premier rang : {name}, {number} {unit}.",
        "Of those idle for 3\u00a0years or more, first comes {name}: {number} {unit}.",
    ),
    "finding.first_past.tied": (
        "Inactifs depuis 3\u00a0ans ou plus, à égalité au premier rang : {name}, {number} {unit}.",
        "Of those idle for 3\u00a0years or more, tied for first: {name}, {number} {unit} each.",
    ),
    "finding.none": ("Rien à compter.", "Nothing to count."),
    "finding.too_few": ("Trop peu de cas pour en tirer un constat.", "Too few cases to tell anything."),
    "finding.returned": (
        "Aucun compte n’est revenu sur toute la période. ¦ 1 compte est revenu sur la période, en {month}. ¦ {n} comptes "
        "sont revenus sur la période, les derniers en {month}.",
        "No account came back in the whole period. ¦ 1 account came back in the period, in {month}. ¦ {n} accounts came "
        "back in the period, the last in {month}.",
    ),
    "finding.peak": ("Le plus haut : {number} {unit}, {label}.", "Highest: {number} {unit}, {label}."),
    "finding.moved": (
        "De {before} à {now} {unit}, de {from_day} à {to_day}.",
        "From {before} to {now} {unit}, {from_day} to {to_day}.",
    ),
    "finding.past": (
        "Aucun compte n’est inactif depuis 3\u00a0ans ou plus. ¦ 1 compte est inactif depuis 3\u00a0ans ou plus. ¦ {n} "
        "comptes sont inactifs depuis 3\u00a0ans ou plus.",
        "No account has been idle for 3\u00a0years or more. ¦ 1 account has been idle for 3\u00a0years or more. ¦ {n} "
        "accounts have been idle for 3\u00a0years or more.",
    ),
    "finding.oldest": ("Le plus ancien retard date du {day}.", "The oldest has been overdue since {day}."),
    "finding.late": (
        "Dernier mois avec un hors-délai : {month} ({number}).",
        "Last month with one out of time: {month} ({number}).",
    ),
    "finding.never_late": ("Aucun hors-délai sur toute la période.", "None was out of time in the whole period."),
    "finding.trash": (
        "Rien n’est resté après le terme. ¦ 1 élément est encore là après le terme. ¦ {n} éléments sont encore là après le "
        "terme.",
        "Nothing stayed past the term. ¦ 1 item is still there past the term. ¦ {n} items are still there past the term.",
    ),
    "finding.invoices": (
        "Aucune facture n’est gardée au-delà du terme. ¦ 1 facture a passé le terme et est encore conservée. ¦ {n} factures "
        "ont passé le terme et sont encore conservées.",
        "No invoice is held past its term. ¦ 1 invoice is past its term and still held. ¦ {n} invoices are past their term "
        "and still held.",
    ),
    "finding.coverage": (
        "Chaque promesse a sa règle. ¦ 1 promesse n’a pas encore de règle. ¦ {n} promesses n’ont pas encore de règle.",
        "Every promise has its rule. ¦ 1 promise has no rule yet. ¦ {n} promises have no rule yet.",
    ),
    "finding.kept": (
        "Promesses tenues : {now} le {to_day}, contre {before} le {from_day}.",
        "Promises kept: {now} on {to_day}, against {before} on {from_day}.",
    ),
    "finding.leads": ("En tête en {month} : {name}, {share}.", "Ahead in {month}: {name}, {share}."),
    "finding.range": ("Entre {low} et {high} minutes.", "Between {low} and {high} minutes."),
    "finding.server": (
        "Personne n’a vu de panne du serveur. ¦ 1 requête de personnes s’est soldée par une panne du serveur. ¦ {n} "
        "requêtes de personnes se sont soldées par une panne du serveur.",
        "Nobody saw a server failure. ¦ 1 request of people ended in a server failure. ¦ {n} requests of people ended in a "
        "server failure.",
    ),
    "finding.stayed": (
        "Des comptes créés au {quarter}, {share} sont encore actifs au {month}.",
        "Of the accounts opened in {quarter}, {share} are still active in {month}.",
    ),
    "title.idle_distribution": ("Comptes selon leur durée d’inactivité", "Accounts by how long they have been idle"),
    "title.idle_by_plan": (
        "Comptes selon leur durée d’inactivité, par formule",
        "Accounts by how long they have been idle, by plan",
    ),
    "title.idle_by_age": (
        "Comptes selon leur durée d’inactivité, par âge du compte",
        "Accounts by how long they have been idle, by age of the account",
    ),
    "title.due_by_month": (
        "Comptes inactifs dont l’effacement vient à échéance, par mois",
        "Idle accounts whose erasure falls due, by month",
    ),
    "title.due_within": ("Échéances d’effacement à venir (cumul)", "Erasures that fall due (cumulative)"),
    "title.overdue_inactive": ("Comptes inactifs échus, selon le retard", "Overdue idle accounts, by how long"),
    "title.conditions": (
        "Conditions non remplies, ou qu’on ne peut pas juger",
        "Conditions that are not met, or that cannot be told",
    ),
    "title.conditions_met": ("Conditions remplies", "Conditions that are met"),
    "title.statements": ("Attestations par promesse", "Statements by promise"),
    "title.completeness": (
        "Registres tenus à la main : attestés complets",
        "Registers kept by hand: stated to be complete",
    ),
    "title.shared_parameters": (
        "Nombres communs à plusieurs promesses",
        "Numbers that several promises share",
    ),
    "title.overdue": ("Obligations échues et non faites, selon le retard", "Overdue obligations, by how long"),
    "title.reactivations": (
        "Comptes revenus après un an d’inactivité ou plus, par mois",
        "Accounts that came back after a year or more, by month",
    ),
    "title.changes": ("Ce qui a changé depuis l’exécution précédente", "What changed since the run before"),
    "title.outcome": ("Obligations de suppression, par état", "Obligations to delete, by state"),
    "title.requests": (
        "Demandes de suppression de compte : reçues et faites, par mois",
        "Requests to delete an account: received and done, by month",
    ),
    "title.purges": (
        "Éléments mis à la corbeille et purgés, par mois",
        "Items moved to the trash and purged, by month",
    ),
    "title.margin": ("À quelle distance de la limite c’est fait", "How far from the limit it is done"),
    "title.margin_of": ("« {promise} » : à quelle distance de la limite", "“{promise}”: how far from the limit"),
    "title.recovery_states": (
        "Obligations de rendre un élément, par état",
        "Obligations to give an item back, by state",
    ),
    "title.trash_age": (
        "Éléments dans la corbeille, selon leur ancienneté",
        "Items in the trash, by how long they have been there",
    ),
    "title.trash_by_server": ("Copies de ce qui a été supprimé, par serveur", "Copies of what was deleted, by server"),
    "title.recovery": ("Demandes de récupération, par issue", "Requests to recover, by outcome"),
    "title.invoice_term": ("Factures selon le terme des dix ans", "Invoices by their ten-year term"),
    "title.rights_due": ("Demandes en attente d’une réponse", "Requests that await an answer"),
    "title.rights_by_right": ("Demandes par droit exercé et par état", "Requests by right and state"),
    "title.findings": ("Constats à expliquer", "Findings to explain"),
    "title.verdicts": ("Promesses par verdict", "Promises by verdict"),
    "title.actions": ("Ce qu’il faut faire", "What must be done"),
    "title.promises": ("Promesses qu’une règle vérifie", "Promises that a rule judges"),
    "title.unbuilt": (
        "Promesses non vérifiables : leur règle n’est pas encore construite",
        "Unverifiable promises: their rule is not built yet",
    ),
    "title.new_column": ("Nouvelles colonnes de la base de données", "New columns of the database"),
    "title.verdict_change": ("Verdicts qui ont changé", "Verdicts that changed"),
    "title.verdict_trend": ("Verdicts au fil des exécutions", "Verdicts over the runs"),
    "title.states": ("Obligations par promesse et par état", "Obligations by promise and state"),
    "title.unknown_why": (
        "Obligations indéterminées, et ce qui les éclaircirait",
        "Unknown obligations, and what makes them known",
    ),
    "title.references": (
        "Promesses comparées à la loi, au régulateur et à elles-mêmes",
        "Promises held against the law, the regulator and themselves",
    ),
    "title.own_storage": ("Ce que le produit conserve", "What the product stores"),
    "title.own_open_file": (
        "Fichiers et dossiers accessibles à d’autres que leur propriétaire",
        "Files and folders that others than their owner can use",
    ),
    "title.own_content": ("Adresses cherchées dans l’entrepôt", "Addresses looked for in the warehouse"),
    "title.own_call": ("Appels vers l’extérieur", "Calls to the outside"),
    "title.exceptions": ("Dérogations et gels légaux", "Exceptions and legal holds"),
    "title.guards": (
        "Nuits peu vraisemblables, à confirmer ou confirmées",
        "Implausible nights, to be confirmed or confirmed",
    ),
    "title.coverage": ("Couverture de la politique, section par section", "Coverage of the policy, section by section"),
    "title.data_trust": ("Jeux de données : lignes et contrôles", "Datasets: rows and checks"),
    "title.set_aside": ("Lignes écartées, et pourquoi", "Rows set aside, and why"),
    "title.failed_checks": ("Contrôles en échec ou non décidés", "Checks that failed or could not be decided"),
    "title.check_count": ("Contrôles par suite", "Checks by suite"),
    "title.parameters": ("Les nombres qui décident", "The numbers that decide"),
    "title.believe": ("Rapprochements", "Reconciliations"),
    "title.closing": ("Comment les obligations se sont éteintes", "How obligations came to an end"),
    "title.traffic_week.person": ("Visites de personnes, par semaine", "Visits of people, by week"),
    "title.traffic_week.robot": ("Visites de robots, par semaine", "Visits of robots, by week"),
    "title.traffic.origin": (
        "Visites de personnes selon l’origine, {span} jours",
        "Visits of people by origin, {span} days",
    ),
    "title.traffic.country": (
        "Visites de personnes selon le pays, {span} jours",
        "Visits of people by country, {span} days",
    ),
    "title.traffic.system": (
        "Visites de personnes selon le système, {span} jours",
        "Visits of people by system, {span} days",
    ),
    "title.traffic.device": (
        "Visites de personnes selon l’appareil, {span} jours",
        "Visits of people by device, {span} days",
    ),
    "title.traffic.robot": ("Visites de robots, par robot, {span} jours", "Visits of robots, by robot, {span} days"),
    "title.traffic.status": (
        "Requêtes selon la réponse du serveur, {span} jours",
        "Requests by the server’s answer, {span} days",
    ),
    "title.traffic.tls": (
        "Requêtes selon le chiffrement de la connexion, {span} jours",
        "Requests by the encryption of the connection, {span} days",
    ),
    "title.traffic_browser_month": (
        "Part des navigateurs dans les visites de personnes, par mois",
        "Share of browsers in the visits of people, by month",
    ),
    "title.traffic_version": (
        "Versions de navigateur des 28 derniers jours",
        "Versions of browsers in the last 28 days",
    ),
    "title.durations": (
        "Durée moyenne d’une visite de personne, par semaine",
        "Mean duration of a visit of people, by week",
    ),
    "title.traffic_hour": ("Requêtes selon l’heure du jour, {span} jours", "Requests by hour of the day, {span} days"),
    "title.busiest.day": ("Les dix jours les plus chargés", "The ten busiest days"),
    "title.busiest.hour": ("Les dix heures les plus chargées", "The ten busiest hours"),
    "title.usage_by_action": (
        "Comptes qui ont utilisé chaque fonction, {span} jours",
        "Accounts that used each feature, {span} days",
    ),
    "title.usage_by_plan": (
        "Comptes qui ont utilisé chaque fonction, par formule, {span} jours",
        "Accounts that used each feature, by plan, {span} days",
    ),
    "title.usage_by_age": (
        "Comptes qui ont utilisé chaque fonction, par âge du compte, {span} jours",
        "Accounts that used each feature, by age of the account, {span} days",
    ),
    "title.active_month": ("Comptes actifs par mois, par semaine et par jour", "Active accounts by month, week and day"),
    "title.active.day": ("Comptes actifs, jour par jour", "Active accounts, day by day"),
    "title.active.week": ("Comptes actifs, par semaine", "Active accounts, by week"),
    "title.retention": (
        "Part des comptes encore actifs, mois après mois, selon le trimestre de création",
        "Share of accounts still active, month after month, by quarter of creation",
    ),
    "axis.visits": ("visites", "visits"),
    "axis.person_hits": ("requêtes de personnes", "requests of people"),
    "week_of": ("semaine du {day}", "week of {day}"),
    "axis.hits": ("requêtes", "requests"),
    "axis.share": ("part des visites", "share of visits"),
    "axis.minutes": ("minutes", "minutes"),
    "axis.retention": ("part des comptes créés", "share of accounts opened"),
    "series.active.accounts": ("du mois", "of the month"),
    "series.active.mean_week": ("d’une semaine moyenne", "of a mean week"),
    "series.active.mean_day": ("d’un jour moyen", "of a mean day"),
    "series.whole": ("période complète", "whole period"),
    "series.lower_bound": ("période incomplète (minimum)", "incomplete period (lower bound)"),
    "axis.accounts": ("comptes", "accounts"),
    "axis.items": ("éléments", "items"),
    "axis.obligations": ("obligations", "obligations"),
    "axis.promises": ("promesses", "promises"),
    "axis.requests": ("demandes", "requests"),
    "axis.invoices": ("factures", "invoices"),
    "series.asked": ("Reçues", "Received"),
    "series.trashed": ("Mis à la corbeille", "Moved to the trash"),
    "series.subjects": ("échéances", "due"),
    "series.held": ("présentes", "held"),
    "series.held_overdue": ("à purger", "overdue"),
    "series.recoveries": ("demandes", "requests"),
    "series.invoices": ("factures", "invoices"),
    "note.due_within": (
        "Cumulé ; ce qui est déjà échu n’est pas compté. Suspendues comprises.",
        "Cumulative; what is overdue already is not counted. Held ones are.",
    ),
    "note.due_by_month": (
        "Mois du dernier jour où l’effacement est encore dans les délais.",
        "Month of the last day on which the erasure is still in time.",
    ),
    "note.margin": (
        "Jours entiers entre la clôture et la limite. Pour ce qui doit être conservé, l’avance compte à partir du "
        "premier jour permis.",
        "Whole days between closing and limit. For what must be kept, days to spare count from the first day "
        "allowed.",
    ),
    "note.rights_due": (
        "La date sûre est le quantième du mois suivant ; le dernier jour légal tient compte des week-ends, des "
        "jours fériés et des prolongations.",
        "The safe date is the same date of the next month; the last legal day takes account of week-ends, holidays "
        "and extensions.",
    ),
    "note.reactivations": (
        "Ces comptes ont quitté d’eux-mêmes la liste des effacements à venir.",
        "These accounts left the list of those to be erased by themselves.",
    ),
    "note.trash_by_server": (
        "Copies attendues ou recensées ; les éléments restaurés ne sont pas comptés.",
        "Copies expected or listed; restored items are not counted.",
    ),
    "note.annex": (
        "La liste : `alpia annex {promise} --state {state}`",
        "The list: `alpia annex {promise} --state {state}`",
    ),
    "note.traffic_week": (
        "Une visite compte pour le jour où elle commence. Une semaine en cours, ou dont le journal n’est pas entier, donne "
        "un minimum.",
        "A visit counts for the day on which it begins. A week under way, or whose log is not whole, gives a lower bound.",
    ),
    "note.days_missing": (
        "Sur {span} jours, {n} n’est pas dans le journal : rien n’est compté ce jour-là. ¦ Sur {span} jours, {n} ne sont "
        "pas dans le journal : rien n’est compté ces jours-là.",
        "Of {span} days, {n} is not in the log: nothing is counted for it. ¦ Of {span} days, {n} are not in the log: "
        "nothing is counted for them.",
    ),
    "note.days_partial": (
        "Sur {span} jours, {n} est incomplet : ses chiffres sont un minimum. ¦ Sur {span} jours, {n} sont incomplets : "
        "leurs chiffres sont un minimum.",
        "Of {span} days, {n} is incomplete: its figures are a lower bound. ¦ Of {span} days, {n} are incomplete: their "
        "figures are a lower bound.",
    ),
    "note.traffic.origin": (
        "Le domaine de la page qui a mené au site. Seuls les douze premiers sont nommés, et seulement si un même jour en a "
        "amené cinq visiteurs ; le reste est réuni.",
        "The domain of the page that led to the site. Only the first twelve are named, and only if a single day brought "
        "five visitors from there; the rest is added up.",
    ),
    "note.traffic.country": (
        "D’après l’adresse, qui n’est pas conservée ; un pays n’est nommé que si un même jour en a amené cinq visiteurs.",
        "By the address, which is not kept; a country is named only if a single day brought five visitors from there.",
    ),
    "note.traffic.system": (
        "Tel que le navigateur le déclare.",
        "As the browser declares it.",
    ),
    "note.traffic.device": (
        "Tel que le navigateur le déclare ; certaines tablettes se disent ordinateurs.",
        "As the browser declares it; some tablets say that they are computers.",
    ),
    "note.traffic.robot": (
        "Les robots qui se déclarent ; ceux qui se font passer pour des personnes sont comptés parmi elles.",
        "Robots that say so; those that pass for people are counted among them.",
    ),
    "note.running_month": (
        "Le mois en cours n’est compté que jusqu’au dernier jour.",
        "The running month is counted up to the last day only.",
    ),
    "note.durations": (
        "Du premier au dernier accès de la visite. Une visite d’un seul accès dure 0 : la moyenne est donc un minimum.",
        "From the first to the last request of a visit. A visit of one request lasts 0: the mean is therefore a lower "
        "bound.",
    ),
    "note.traffic_hour": (
        "Heure de Paris. Au passage à l’heure d’hiver, l’heure répétée n’en fait qu’une.",
        "Paris time. When the clock is set back, the repeated hour is one.",
    ),
    "note.tls.plain": (
        "{n} requête a reçu sa réponse sans chiffrement. ¦ {n} requêtes ont reçu leur réponse sans chiffrement.",
        "{n} request was answered without encryption. ¦ {n} requests were answered without encryption.",
    ),
    "note.tls.not_logged": (
        "Pour {n} requête, le journal ne dit rien du chiffrement : ajouter sa variable au format du journal. ¦ Pour {n} "
        "requêtes, le journal ne dit rien du chiffrement : ajouter sa variable au format du journal.",
        "For {n} request the log says nothing of encryption: add its variable to the format of the log. ¦ For {n} requests "
        "the log says nothing of encryption: add its variable to the format of the log.",
    ),
    "note.usage_by_action": (
        "Un compte est compté une fois par fonction, si une personne l’a utilisée ; les machines (clés d’API, tâches de "
        "fond) sont à part.",
        "An account counts once a feature, if a person used it; machines (API keys, background jobs) are apart.",
    ),
    "note.active_month": (
        "Un compte est actif si une personne y a fait une action. Le rapport jour ÷ mois dit quelle part des comptes du "
        "mois on retrouve un jour moyen.",
        "An account is active if a person did something in it. Day ÷ month says which share of the month’s accounts a mean "
        "day sees.",
    ),
    "note.rounded": (
        "Chaque nombre est arrondi au multiple de 5 le plus proche : d’un jour à l’autre, un écart ne désigne personne.",
        "Each number is rounded to the nearest multiple of 5: from one day to the next, a difference points to nobody.",
    ),
    "note.not_drawn": (
        "Ce qui n’est pas communiqué, parce que trop peu de comptes sont en cause, n’est pas dessiné.",
        "What is not disclosed, since too few accounts are concerned, is not drawn.",
    ),
    "note.retention": (
        "Mois 0 : celui de la création. Un compte supprimé reste compté parmi les comptes créés. Seuls les mois révolus "
        "pour tout le trimestre sont montrés.",
        "Month 0: the one of the creation. A deleted account stays among those opened. Only months that are over for the "
        "whole quarter are shown.",
    ),
    "nothing.traffic.missing": (
        "Non mesuré : le journal du serveur web n’est pas branché. Brancher `access_log` dans sources.toml (`alpia sources` "
        "le teste).",
        "Not measured: the log of the web server is not connected. Connect `access_log` in sources.toml (`alpia sources` "
        "tests it).",
    ),
    "nothing.traffic.failed": (
        "Non mesuré : le journal du serveur web n’a pas pu être lu (`alpia sources` dit ce qui manque).",
        "Not measured: the log of the web server could not be read (`alpia sources` says what is missing).",
    ),
    "nothing.traffic.empty": (
        "Non mesuré : le journal du serveur web ne contient aucune ligne de ces jours. Vérifier les fichiers nommés dans "
        "sources.toml.",
        "Not measured: the log of the web server holds no line of these days. Check the files that sources.toml names.",
    ),
    "nothing.usage.missing": (
        "Non mesuré : le journal d’activité n’est pas branché. Brancher `activity` dans sources.toml (`alpia sources` le "
        "teste).",
        "Not measured: the log of activity is not connected. Connect `activity` in sources.toml (`alpia sources` tests it).",
    ),
    "nothing.usage.failed": (
        "Non mesuré : le journal d’activité n’a pas pu être lu (`alpia sources` dit ce qui manque).",
        "Not measured: the log of activity could not be read (`alpia sources` says what is missing).",
    ),
    "nothing.usage.empty": (
        "Non mesuré : le journal d’activité ne contient aucune action. Vérifier la requête de `activity` dans sources.toml.",
        "Not measured: the log of activity holds no action. Check the query of `activity` in sources.toml.",
    ),
    "nothing.country": (
        "Le pays des visiteurs n’est pas connu : aucune base de pays n’est déclarée pour le journal du serveur web dans "
        "sources.toml.",
        "The country of the visitors is not known: no country database is declared for the web server’s log in "
        "sources.toml.",
    ),
    "nothing.retention": (
        "Pas encore de quoi le dire : aucun trimestre de création n’est révolu sous le journal d’activité.",
        "Too early to tell: no quarter of creation is over under the log of activity.",
    ),
    "note.states": ("Nombres exacts.", "Exact numbers."),
    "note.references": (
        "Ce qui est à justifier n’est pas un manquement : la promesse est tenue ou non, mais elle-même s’explique. Une "
        "attestation de nature `justification` qui nomme la référence l’explique, jusqu’à son terme.",
        "What is to be justified is no breach: the promise is kept or not, but it needs an explanation itself. An "
        "attestation of kind `justification` that names the reference explains it, until it ends.",
    ),
    "note.own_storage": (
        "Tel que le trouve l’exécution, avant qu’elle ne publie et n’oublie.",
        "As the run finds it, before it publishes and forgets.",
    ),
    "note.own_missing": (
        "Cette exécution ne s’est pas examinée elle-même : une version antérieure du produit l’a faite. Rien n’en est donc "
        "dit ici.",
        "This run did not look at itself: an older version of the product made it. So nothing is said of that here.",
    ),
    "note.own_closed": (
        "Fichiers et dossiers examinés : {looked_at}, tous réservés à leur propriétaire.",
        "Files and folders looked at: {looked_at}, all of them their owner’s alone.",
    ),
    "note.own_open": (
        "Fichiers et dossiers examinés : {looked_at}, dont {open} accessibles à d’autres que leur propriétaire : retirez-"
        "leur ces droits (`chmod go=`).",
        "Files and folders looked at: {looked_at}, of which {open} can be used by others than their owner: take these "
        "rights away (`chmod go=`).",
    ),
    "note.own_content": (
        "Tous les textes de l’entrepôt sont relus en clair à chaque exécution ; une adresse de chaque sorte, placée exprès, "
        "doit d’abord être trouvée.",
        "In each run all texts of the warehouse are read in the clear; an address of each kind, planted on purpose, must be "
        "found first.",
    ),
    "note.own_call": (
        "Compté dans le processus de chaque étape : tout appel d’une bibliothèque vers une autre machine est refusé ; "
        "seules les sources déclarées sont interrogées.",
        "Counted in the process of each stage: every call of a library to another machine is refused; only declared "
        "sources are asked.",
    ),
    "note.exceptions": (
        "Une dérogation ne change aucun verdict : un manquement qu’elle couvre reste un manquement, compté à part.",
        "An exception changes no verdict: a failure that it covers stays a failure, counted apart.",
    ),
    "note.guards": (
        "Un garde-fou rend indéterminé ce qu’il met en doute, jusqu’à une confirmation motivée dans exceptions.toml ; il ne "
        "retient jamais un manquement.",
        "A guard makes unknown what it doubts, until a confirmation with a reason in exceptions.toml; it never withholds a "
        "breach.",
    ),
    "note.findings": (
        "Un constat n’est pas un manquement ; il demande une explication.",
        "A finding is no breach; it wants an explanation.",
    ),
}

_CHECKS = {
    "believe.states": (
        "Obligations comptées par état = obligations jugées",
        "Obligations counted by state = obligations judged",
    ),
    "believe.verdicts": (
        "Promesses comptées par verdict = promesses du registre",
        "Promises counted by verdict = promises of the register",
    ),
    "believe.rows": ("Lignes lues = lignes gardées + lignes écartées", "Rows in = rows kept + rows set aside"),
    "believe.set_aside": (
        "Lignes écartées par motif = lignes écartées par jeu de données",
        "Rows set aside by reason = rows set aside by dataset",
    ),
    "believe.idle": (
        "Comptes du tableau d’inactivité = obligations en cours + abonnements en cours",
        "Accounts in the table of idleness = standing obligations + running subscriptions",
    ),
    "believe.idle_plan": (
        "Comptes par formule = comptes par durée d’inactivité",
        "Accounts by plan = accounts by idleness",
    ),
    "believe.idle_age": ("Comptes par âge = comptes par durée d’inactivité", "Accounts by age = accounts by idleness"),
    "believe.overdue": (
        "Obligations échues par retard = obligations échues",
        "Obligations overdue by age = obligations overdue",
    ),
    "believe.margin": (
        "Obligations closes par marge = obligations closes",
        "Obligations closed by margin = obligations closed",
    ),
    "believe.trash": ("Éléments en corbeille par ancienneté = purges dues", "Items in the trash by age = purges owed"),
    "believe.invoices": ("Factures par terme = factures jugées", "Invoices by term = invoices judged"),
    "believe.rights": ("Demandes par droit = demandes jugées", "Requests by right = requests judged"),
    "believe.coverage": (
        "Promesses par section = promesses du registre",
        "Promises by section = promises of the register",
    ),
    "believe.checks": ("Contrôles par suite = contrôles faits", "Checks by suite = checks made"),
    **{f"believe.traffic_{dimension}": (
        f"Jours de trafic, personnes et robots à part = jours où la somme {french} égale le total",
        f"Days of traffic, people and robots apart = days on which the sum of the {english} equals the total",
    ) for dimension, french, english in (
        ("hour", "des heures", "hours"), ("origin", "des origines", "origins"), ("country", "des pays", "countries"),
        ("browser", "des navigateurs", "browsers"), ("system", "des systèmes", "systems"),
        ("device", "des appareils", "devices"), ("status", "des réponses", "answers"),
        ("tls", "des chiffrements", "encryptions"), ("account", "des comptes", "accounts"))},
    "believe.traffic_weeks": ("Requêtes par semaine = requêtes du journal", "Requests by week = requests of the log"),
    "believe.traffic_shown": (
        "Visites par origine, système, appareil et robot = visites comptées",
        "Visits by origin, system, device and robot = visits counted",
    ),
    "believe.traffic_answers": (
        "Requêtes par réponse et par chiffrement = deux fois les requêtes comptées",
        "Requests by answer and by encryption = twice the requests counted",
    ),
    "believe.usage_days": (
        "Jours d’usage = jours où les actions par fonction et par utilisateur concordent",
        "Days of use = days on which the actions by feature and by user agree",
    ),
    "believe.usage_actions": (
        "Comptes par fonction et par formule = comptes par fonction et par âge",
        "Accounts by feature and plan = accounts by feature and age",
    ),
    "believe.usage_plan": ("Comptes actifs par formule = comptes actifs", "Active accounts by plan = active accounts"),
    "believe.usage_age": ("Comptes actifs par âge = comptes actifs", "Active accounts by age = active accounts"),
    "believe.cohorts": (
        "Comptes suivis par trimestre de création = comptes créés",
        "Accounts followed by quarter of creation = accounts opened",
    ),
    "believe.conditions": (
        "Cas comptés par condition et par motif = cas jugés",
        "Cases counted by condition and reason = cases judged",
    ),
    "believe.condition_counts": ("Conditions par motif = historique du jour", "Conditions by reason = the day’s history"),
    "believe.counts": ("Obligations par état = historique du jour", "Obligations by state = the day’s history"),
}

_INDEX = {
    "index.title": ("Rapports de conformité Alpiasoft", "Alpiasoft compliance reports"),
    "index.lead": (
        "Chaque jour jugé, le plus récent d’abord, avec ses rapports et ses exécutions.",
        "Each day judged, newest first, with its reports and its runs.",
    ),
    "index.empty": ("Aucun rapport : `alpia run` en produit.", "No report yet: `alpia run` makes them."),
    "index.unrecorded": ("jour reconstitué, hors de l’historique", "a day rebuilt, not part of the history"),
    "index.search": ("Chercher un jour, un rapport ou une promesse", "Look for a day, a report or a promise"),
    "index.show": ("Montrer", "Show"),
    "index.show.all": ("tous les jours", "all days"),
    "index.show.broken": ("ceux où une promesse n’est pas tenue", "those on which a promise is breached"),
    "index.show.changed": ("ceux où un verdict a changé", "those on which a verdict changed"),
    "index.show.amiss": ("ceux où une exécution n’a pas abouti", "those on which a run went wrong"),
    "index.found": ("Jours montrés : {n} sur {total}", "Days shown: {n} of {total}"),
    "index.nothing": ("Aucun jour ne correspond.", "No day fits."),
    "index.broken": ("Celles qui ne sont pas tenues", "Those that are breached"),
    "index.moved": ("{n} verdict a changé : ¦ {n} verdicts ont changé :", "{n} verdict changed: ¦ {n} verdicts changed:"),
    "index.days": ("{n} jour ¦ {n} jours", "{n} day ¦ {n} days"),
    "index.days.amiss": (", dont {n} avec une exécution non aboutie ¦ , dont {n} avec une exécution non aboutie",
                         ", {n} of them with a run that went wrong ¦ , {n} of them with a run that went wrong"),
    "index.no_report": ("Aucun rapport de ce jour.", "No report of this day."),
    "index.runs": ("{n} exécution ¦ {n} exécutions", "{n} run ¦ {n} runs"),
    "index.runs.amiss": (
        ", dont {n} non aboutie ¦ , dont {n} non abouties",
        ", {n} of them went wrong ¦ , {n} of them went wrong",
    ),
    "index.at": ("{day} à {time}", "{day} at {time}"),
    "index.last.failed": (
        "L’exécution du {at} a échoué : l’exploitation en sait la raison (alpia status --history).",
        "The run of {at} failed: operators can tell why (alpia status --history).",
    ),
    "index.last.killed": (
        "L’exécution du {at} a été interrompue avant sa fin.",
        "The run of {at} was killed before its end.",
    ),
    "index.last.incomplete": (
        "L’exécution du {at} a publié ses verdicts, mais pas tous ses rapports.",
        "The run of {at} published its verdicts, but not all of its reports.",
    ),
    "index.last.refused": (
        "L’exécution du {at} a été refusée : ce jour ne peut plus être reconstitué.",
        "The run of {at} was refused: this day cannot be rebuilt any more.",
    ),
    "index.run": ("Exécution", "Run"),
    "index.kind": ("Nature", "Kind"),
    "index.began": ("Début (heure de Paris)", "Began (Paris time)"),
    "index.lasted": ("Durée", "Took"),
    "index.result": ("Résultat", "Result"),
    "run.kind.run": ("jugement du jour", "judging the day"),
    "run.kind.past": ("jour reconstitué", "a past day rebuilt"),
    "run.kind.report": ("rapports", "reports"),
    "run.done": ("terminée", "done"),
    "run.breached": ("terminée : une promesse au moins n’est pas tenue", "done: at least one promise is breached"),
    "run.unverifiable": (
        "terminée : une promesse au moins n’est pas vérifiable",
        "done: at least one promise is unverifiable",
    ),
    "run.unchanged": ("terminée : rien n’avait changé", "done: nothing had changed"),
    "run.incomplete": ("publiée, sans tous ses rapports", "published, without all of its reports"),
    "run.failed": ("échouée", "failed"),
    "run.refused": ("refusée", "refused"),
    "run.killed": ("interrompue", "killed"),
    "run.running": ("en cours", "running"),
    "name.management": ("Vue d’ensemble", "Overview"),
    "name.compliance": ("Conformité", "Compliance"),
    "name.inactivity": ("Inactivité des comptes", "Inactivity of accounts"),
    "name.deletions": ("Suppressions et conservation", "Deletions and retention"),
    "name.traffic": ("Trafic et usage", "Traffic and usage"),
    "name.collect": ("Collecte", "Collection"),
    "name.verify": ("Vérification", "Verification"),
}

_WORKBOOKS = {
    "xlsx.about": ("À propos", "About"),
    "xlsx.title": ("Annexe : {report}", "Annex: {report}"),
    "xlsx.subjects": ("Annexe restreinte : sujets concernés", "Restricted annex: subjects concerned"),
    "xlsx.restricted": ("DIFFUSION RESTREINTE", "RESTRICTED"),
    "xlsx.restricted_why": (
        "Pseudonymes de personnes et de comptes : pour qui doit agir, et pour personne d’autre. Ne pas transmettre.",
        "Pseudonyms of persons and accounts: for those who must act, and for nobody else. Do not pass on.",
    ),
    "xlsx.as_of": ("Situation au", "As of"),
    "xlsx.system": ("Système observé", "Watched system"),
    "xlsx.source": ("Source", "Source"),
    "xlsx.made_by": (
        "Alpia, hors ligne, à partir de données pseudonymisées",
        "Alpia, offline, from pseudonymised data",
    ),
    "xlsx.note": ("Contenu", "Content"),
    "xlsx.figures_of": (
        "Les chiffres de la page du même nom, une feuille par tableau ; ce qu’elle ne communique pas ne l’est pas ici non "
        "plus.",
        "The figures of the page of the same name, a sheet for each table; what it does not disclose is not disclosed "
        "here either.",
    ),
    "xlsx.listed": (
        "Les sujets sur lesquels il y a quelque chose à faire ou à savoir, une feuille par promesse ; les autres : "
        "alpia annex.",
        "The subjects on which something is to be done or known, a sheet for each promise; the others: alpia annex.",
    ),
    "xlsx.sheet": ("Feuille", "Sheet"),
    "xlsx.table": ("Tableau", "Table"),
    "xlsx.rows": ("Lignes", "Rows"),
    "xlsx.id": ("Identifiant", "Id"),
    "annex.subject": ("Sujet (pseudonyme)", "Subject (pseudonym)"),
    "annex.state": ("État", "State"),
    "annex.opened_at": ("Ouverte le", "Opened"),
    "annex.earliest_at": ("Pas avant", "Not before"),
    "annex.due_at": ("Hors délai à partir de", "Too late from"),
    "annex.safe_due_at": ("Échéance prudente", "Safe limit"),
    "annex.closed_at": ("Close le", "Closed"),
    "annex.closed_by": ("Close par", "Closed by"),
    "annex.basis": ("Fondement", "Basis"),
    "annex.reason": ("Motif", "Reason"),
    "annex.seen_at": ("Vu le", "Seen"),
    "annex.since_on": ("Depuis le", "Since"),
    "annex.cases": ("Cas", "Cases"),
    "annex.in_review": ("Dans la période de revue", "Within the review period"),
    "annex.role": ("Rôle", "Role"),
    "annex.stated_on": ("Attesté le", "Stated on"),
    "annex.valid_until_on": ("Valable jusqu’au", "Valid until"),
    "annex.counts_until_on": ("Compte jusqu’au", "Counts until"),
    "xlsx.split": (
        "sur {n} feuilles, de {most} lignes au plus",
        "on {n} sheets of at most {most} rows",
    ),
}

_MANAGEMENT = {
    "answer.management": ("Au {as_of}, {kept} ; {broken} ; {moved}.", "On {as_of}, {kept}; {broken}; {moved}."),
    "answer.kept": (
        "aucune promesse sur {total} n’est tenue ¦ {n} promesse sur {total} est tenue ¦ {n} promesses sur {total} sont "
        "tenues",
        "none of {total} promises is kept ¦ {n} of {total} promises is kept ¦ {n} of {total} promises are kept",
    ),
    "answer.broken": (
        "aucune n’est rompue ¦ une n’est pas tenue, depuis le {day} ¦ {n} ne le sont pas, la première depuis le {day}",
        "none is breached ¦ one is breached, since {day} ¦ {n} are breached, the first since {day}",
    ),
    "answer.moved.first": ("c’est la première exécution", "this is the first run"),
    "answer.moved.none": ("aucun verdict n’a changé depuis le {day}", "no verdict has changed since {day}"),
    "answer.moved": ("depuis le {day}, {better} et {worse}", "since {day}, {better} and {worse}"),
    "answer.better": (
        "aucun verdict ne s’est amélioré ¦ {n} verdict s’est amélioré ¦ {n} verdicts se sont améliorés",
        "no verdict got better ¦ {n} verdict got better ¦ {n} verdicts got better",
    ),
    "answer.worse": (
        "aucun ne s’est dégradé ¦ {n} s’est dégradé ¦ {n} se sont dégradés",
        "none got worse ¦ {n} got worse ¦ {n} got worse",
    ),
    "key.management.kept": (
        "promesse tenue sur {total} ¦ promesses tenues sur {total}", "promise kept of {total} ¦ promises kept of {total}"
    ),
    "key.management.broken": (
        "promesse non tenue ¦ promesses non tenues", "promise breached ¦ promises breached"
    ),
    "key.management.overdue": (
        "obligation échue, non faite ¦ obligations échues, non faites", "obligation overdue ¦ obligations overdue"
    ),
    "key.management.better": (
        "verdict amélioré depuis l’exécution précédente ¦ verdicts améliorés depuis l’exécution précédente",
        "verdict better than at the run before ¦ verdicts better than at the run before",
    ),
    "key.management.worse": (
        "verdict dégradé depuis l’exécution précédente ¦ verdicts dégradés depuis l’exécution précédente",
        "verdict worse than at the run before ¦ verdicts worse than at the run before",
    ),
    "column.rule": ("Règle", "Rule"),
    "column.judged": ("Cas jugés", "Cases judged"),
    "column.datasets": ("Jeux de données", "Datasets"),
    "rule.obligation": ("une échéance à tenir, `rules/{name}.sql`", "something owed by a date, `rules/{name}.sql`"),
    "rule.constraint": ("une condition à remplir, `rules/{name}.sql`", "a condition to meet, `rules/{name}.sql`"),
    "rule.attestation": ("l’attestation d’une personne désignée", "the statement of a named role"),
    "title.to_do": ("Ce qui n’est pas tenu ou risque de ne plus l’être", "What is breached, or may soon be"),
    "title.cannot_tell": (
        "Ce qu’on ne peut pas vérifier, et ce qu’il y faut", "What cannot be verified, and what that takes"
    ),
    "title.compared": ("Nombre de promesses par verdict, avant et maintenant", "Promises by verdict, before and now"),
    "title.grounds": ("Chaque promesse, sa règle et ce qu’elle examine", "Each promise, its rule and what it looks at"),
    "note.grounds": (
        "Une promesse mène à son détail dans le rapport de conformité ; les règles sont dans `expectations/rules`, leurs "
        "nombres dans `expectations/policy.toml`.",
        "A promise leads to its detail in the compliance report; the rules are in `expectations/rules`, their numbers in "
        "`expectations/policy.toml`.",
    ),
}

# The Markdown cells of the notebooks: <notebook>.<cell id>. The English text is the committed cell's; a test compares.
_CELLS = {
    "management.title": (
        "# Vue d’ensemble\n\nPour la direction : combien de promesses sont tenues, lesquelles ne le sont pas et depuis "
        "quand, qui doit faire quoi, et est-ce mieux qu’avant ?",
        "# Overview\n\nFor management: how many promises are kept, which are not and since when, who must do what, and is "
        "it better than before?",
    ),
    "management.actions": (
        "## Qu’est-ce qui n’est pas tenu, depuis quand, et qui doit faire quoi ?",
        "## What is not kept, since when, and who must do what?",
    ),
    "management.better": ("## Est-ce mieux qu’avant ?", "## Is it better than before?"),
    "management.grounds": ("## D’où vient chaque chiffre ?", "## Where does each figure come from?"),
    "management.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "compliance.title": (
        "# Conformité à la politique de confidentialité\n\nPour la direction et le délégué à la protection des "
        "données : chaque promesse publiée est-elle tenue, depuis quand, pourquoi, et que faut-il faire ?",
        "# Compliance with the privacy policy\n\nFor management and the data protection officer: is each published "
        "promise kept, since when, why, and what is to be done?",
    ),
    "compliance.actions": ("## Que faut-il faire, et pour quand ?", "## What must be done, and until when?"),
    "compliance.promises": ("## Chaque promesse est-elle tenue ?", "## Is each promise kept?"),
    "compliance.changes": (
        "## Qu’est-ce qui a changé depuis l’exécution précédente ?",
        "## What changed since the last run?",
    ),
    "compliance.states": (
        "## Sur combien d’obligations ces verdicts reposent-ils ?",
        "## On how many obligations do the verdicts rest?",
    ),
    "compliance.conditions": (
        "## Quelles conditions promises ne sont pas remplies ?",
        "## Which promised conditions are not met?",
    ),
    "compliance.statements": (
        "## Qu’est-ce qui est attesté, par qui et jusqu’à quand ?",
        "## What is stated, by whom and until when?",
    ),
    "compliance.unknown": (
        "## Que ne peut-on pas juger, et qu’est-ce qui l’éclaircirait ?",
        "## What cannot be judged, and what would cure it?",
    ),
    "compliance.coverage": ("## Quelle part de la politique est vérifiée ?", "## How much of the policy is judged?"),
    "compliance.trust": ("## Peut-on se fier aux données ?", "## Can the data be trusted?"),
    "compliance.checks": ("## Quels contrôles ont échoué ?", "## Which checks failed?"),
    "compliance.findings": ("## Qu’a-t-on remarqué d’autre ?", "## What else was noticed?"),
    "compliance.parameters": ("## Sur quels nombres juge-t-on ?", "## By which numbers is it judged?"),
    "compliance.references": (
        "## Quelles promesses sont plus larges que la loi ou le régulateur ?",
        "## Which promises are looser than the law or the regulator?",
    ),
    "compliance.exceptions": (
        "## Qu’a-t-on mis à part, et qu’est-ce qui attend une confirmation ?",
        "## What has somebody set apart, and what awaits a confirmation?",
    ),
    "compliance.own": (
        "## Que conserve le produit lui-même, qui peut le lire, et quelque chose est-il parti ?",
        "## What does the product itself store, who can read it, and did anything leave?",
    ),
    "compliance.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "inactivity.title": (
        "# Inactivité des comptes\n\nPour la direction et les analystes : quels comptes dorment, depuis combien de "
        "temps, et quand leurs données doivent-elles être effacées ?",
        "# Inactivity of accounts\n\nFor management and analysts: which accounts are idle, for how long, and when "
        "must their data be erased?",
    ),
    "inactivity.idle": (
        "## Depuis combien de temps les comptes sont-ils inactifs ?",
        "## How long have accounts been idle?",
    ),
    "inactivity.plan": ("## Cela dépend-il de la formule ?", "## Does it depend on the plan?"),
    "inactivity.age": ("## Cela dépend-il de l’âge du compte ?", "## Does it depend on the age of the account?"),
    "inactivity.within": (
        "## Combien viennent à échéance sous 30, 60, 90 et 365 jours ?",
        "## How many fall due in 30, 60, 90 and 365 days?",
    ),
    "inactivity.month": ("## Combien viennent à échéance, mois par mois ?", "## How many fall due, month by month?"),
    "inactivity.overdue": (
        "## Combien sont échus, et depuis combien de temps ?",
        "## How many are overdue, and by how long?",
    ),
    "inactivity.changes": (
        "## Que s’est-il passé depuis l’exécution précédente ?",
        "## What happened since the last run?",
    ),
    "inactivity.reactivations": (
        "## Quels comptes sont revenus d’eux-mêmes ?",
        "## Which accounts came back by themselves?",
    ),
    "inactivity.parameters": ("## Sur quels nombres juge-t-on ?", "## By which numbers is it judged?"),
    "inactivity.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "deletions.title": (
        "# Suppressions et conservation\n\nPour la direction, le support et l’exploitation : ce qui a été demandé "
        "est-il fait, à temps, et ce qui doit être conservé l’est-il ?",
        "# Deletions and retention\n\nFor management, support and operations: is what was asked done, in time, and is"
        " what must be kept still there?",
    ),
    "deletions.outcome": (
        "## Qu’a-t-on demandé, qu’a-t-on fait, et à temps ?",
        "## What was asked, what was done, and was it in time?",
    ),
    "deletions.flow": (
        "## Combien de demandes arrivent et aboutissent, mois par mois ?",
        "## How many requests come in and are done, month by month?",
    ),
    "deletions.margin": ("## À quelle distance de la limite est-ce fait ?", "## How far from the limit is it done?"),
    "deletions.overdue": (
        "## Qu’est-ce qui est échu, et depuis combien de temps ?",
        "## What is overdue, and by how long?",
    ),
    "deletions.within": ("## Qu’est-ce qui vient à échéance ?", "## What falls due?"),
    "deletions.trash": (
        "## Que contient la corbeille, et depuis quand ?",
        "## What lies in the trash, and for how long?",
    ),
    "deletions.servers": (
        "## La corbeille est-elle purgée sur tous les serveurs ?",
        "## Is the trash purged on every server?",
    ),
    "deletions.purges": (
        "## Combien d’éléments sont purgés, mois par mois ?",
        "## How many items are purged, month by month?",
    ),
    "deletions.recovery": (
        "## Que deviennent les demandes de récupération ?",
        "## What becomes of the requests to recover?",
    ),
    "deletions.invoices": (
        "## Les factures sont-elles conservées dix ans, et pas davantage ?",
        "## Are invoices kept for ten years, and no longer?",
    ),
    "deletions.rights": (
        "## Quelles demandes de personnes attendent une réponse, et jusqu’à quand ?",
        "## Which requests of data subjects await an answer, and until when?",
    ),
    "deletions.right": ("## Quels droits sont exercés ?", "## Which rights are exercised?"),
    "deletions.findings": (
        "## Y a-t-il des disparitions inexpliquées ou d’autres constats ?",
        "## Are there unexplained disappearances or other findings?",
    ),
    "deletions.changes": (
        "## Que s’est-il passé depuis l’exécution précédente ?",
        "## What happened since the last run?",
    ),
    "deletions.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "traffic.title": (
        "# Trafic et usage\n\nPour la direction, les analystes et l’exploitation : qui vient, d’où et quand, "
        "qu’utilise-t-on, et les clients restent-ils ?",
        "# Traffic and usage\n\nFor management, analysts and operations: who comes, from where and when, what is used, and "
        "do customers stay?",
    ),
    "traffic.visits": ("## Combien de visites, de qui ?", "## How many visits, and by whom?"),
    "traffic.origin": ("## D’où viennent les visites ?", "## From where do visits come?"),
    "traffic.browsers": (
        "## Avec quels navigateurs, quels systèmes et quels appareils ?",
        "## With which browsers, systems and devices?",
    ),
    "traffic.durations": ("## Combien de temps durent les visites ?", "## How long do visits last?"),
    "traffic.peaks": ("## Quand sont les pointes ?", "## When are the peaks?"),
    "traffic.answers": (
        "## Le serveur répond-il bien, et la connexion est-elle chiffrée ?",
        "## Does the server answer well, and is the connection encrypted?",
    ),
    "traffic.features": ("## Quelles fonctions sont utilisées ?", "## Which features are used?"),
    "traffic.plan": ("## Cela dépend-il de la formule ?", "## Does it depend on the plan?"),
    "traffic.age": ("## Cela dépend-il de l’âge du compte ?", "## Does it depend on the age of the account?"),
    "traffic.active": (
        "## Combien de comptes sont actifs, par jour, par semaine et par mois ?",
        "## How many accounts are active, by day, by week and by month?",
    ),
    "traffic.retention": ("## Les clients restent-ils ?", "## Do customers stay?"),
    "traffic.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "collect.title": (
        "# Collecte\n\nPour l’exploitation : qu’est-ce qui a été lu, gardé et écarté ?",
        "# Collection\n\nFor operations: what was read, kept and set aside?",
    ),
    "collect.datasets": ("## Qu’est-ce qui a été lu ?", "## What was read?"),
    "collect.aside": ("## Qu’est-ce qui a été écarté, et pourquoi ?", "## What was set aside, and why?"),
    "collect.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
    "verify.title": (
        "# Vérification\n\nPour l’exploitation : les faits peuvent-ils être jugés, les règles sont-elles tenues, et "
        "les contrôles eux-mêmes fonctionnent-ils ?",
        "# Verification\n\nFor operations: are the facts fit to be judged, are the rules kept, and do the checks "
        "themselves work?",
    ),
    "verify.checks": ("## Quels contrôles ont été faits ?", "## Which checks were made?"),
    "verify.failed": ("## Quels contrôles ont échoué ?", "## Which checks failed?"),
    "verify.verdicts": ("## Quels verdicts en sortent ?", "## Which verdicts follow?"),
    "verify.believe": ("## Peut-on croire ces chiffres ?", "## Can these numbers be believed?"),
}

_MAIL = {
    "mail.subject": ("{system} : {report}, au {as_of}", "{system}: {report}, as of {as_of}"),
    "mail.attached": ("Le rapport est joint.", "The report is attached."),
    "mail.why": (
        "Ce message est envoyé automatiquement selon le calendrier des rapports.",
        "This message is sent automatically, as the schedule of reports asks.",
    ),
    "mail.changed": (
        "Depuis l’envoi précédent, au {as_of}, 1 promesse a changé : ¦ Depuis l’envoi précédent, au {as_of}, {n} "
        "promesses ont changé :",
        "Since the last message, as of {as_of}, 1 promise has changed: ¦ Since the last message, as of {as_of}, {n} "
        "promises have changed:",
    ),
    "mail.unchanged": (
        "Aucun verdict n’a changé depuis l’envoi précédent, au {as_of}.",
        "No verdict has changed since the last message, as of {as_of}.",
    ),
    "mail.trouble.subject": (
        "{system} : 1 incident ¦ {system} : {n} incidents",
        "{system}: 1 thing went wrong ¦ {system}: {n} things went wrong",
    ),
    "mail.trouble.lead": (
        "Un incident est à traiter ; aucun lecteur n’en est informé. ¦ {n} incidents sont à traiter ; aucun lecteur "
        "n’en est informé.",
        "One thing went wrong; no reader is told of it. ¦ {n} things went wrong; no reader is told of them.",
    ),
    "mail.trouble.cure": (
        "`alpia status --history --home {home}` montre les exécutions, `alpia schedule --home {home}` ce qui reste dû.",
        "`alpia status --history --home {home}` shows the runs, `alpia schedule --home {home}` what is still due.",
    ),
    "mail.trouble.run": ("L’exécution du {about} n’a pas abouti.", "The run of {about} was not completed."),
    "mail.trouble.failed": (
        "{about} : la page n’a pas pu être produite ; nouvel essai à la prochaine exécution.",
        "{about}: the page could not be made; the next run tries again.",
    ),
    "mail.trouble.withheld": (
        "{about} : données incomplètes, rien n’est envoyé aux lecteurs. Sources illisibles ou témoins manqués :",
        "{about}: the data are incomplete, and readers are sent nothing. Unreadable datasets or missed canaries:",
    ),
    "mail.trouble.lost": (
        "{about} : la collecte de ce jour n’est pas disponible ; ce rapport ne sera pas produit.",
        "{about}: no collection of that day is held; this report will not be made.",
    ),
    "mail.trouble.never": (
        "{about} : une version antérieure a moins conservé de cette nuit ; ce rapport ne sera pas produit.",
        "{about}: an older version kept less of that night; this report will not be made.",
    ),
    "mail.trouble.refused": (
        "{about} : un message a été refusé définitivement.",
        "{about}: a mail was refused for good.",
    ),
    "mail.trouble.unsure": (
        "{about} : un message a peut-être été reçu, peut-être non ; il ne sera pas renvoyé.",
        "{about}: a mail may have been taken or not; it is not sent again.",
    ),
    "mail.trouble.deferred": (
        "{about} : un message est différé par le serveur ; nouvel essai à la prochaine exécution.",
        "{about}: a mail is put off by the server; the next run tries again.",
    ),
    "mail.trouble.undelivered": (
        "{about} : le serveur de messagerie est inutilisable ; nouvel essai à la prochaine exécution.",
        "{about}: the mail server cannot be used; the next run tries again.",
    ),
    "mail.test.subject": ("{system} : message d’essai", "{system}: a test"),
    "mail.test.text": (
        "Ce message montre que les incidents du dossier {home} vous parviendront.",
        "This message shows that you will hear of what goes wrong in {home}.",
    ),
}

TEXTS: dict[str, tuple[str, str]] = {
    **_MAIL,
    **_VERDICTS, **_STATES, **_REASONS, **_PAGE, **_ANSWERS, **_COLUMNS, **_CLASSES, **_TITLES, **_CHECKS, **_INDEX,
    **_WORKBOOKS, **_MANAGEMENT, **_CELLS,
}
