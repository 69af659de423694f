"""What was planted, against what was found: who was missed, and who is accused without having been planted.

Planted subjects come as the source's ids, and are looked for as pseudonyms. Only a demo or a test has such a list.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pipelines import warehouse
from pipelines.collect.pseudonyms import pseudonym
from pipelines.errors import AlpiaError
from pipelines.register import periods, policy
from pipelines.warehouse import Connection

ABSENT = "none"   # planted so that no obligation at all may be found
# What no planting is needed for: obligations and conditions that accuse nobody (nor spare one), and statements.
INNOCENT = ("met", "open", "due_soon", "void", "kept", "valid", "expiring", "expired")
OVER = ("met", "void")
HISTORY = ", before the review period"
# An overdue obligation is always in review, a held one never: of both, and of what is innocent, only the state is compared.
UNDATED = ("overdue", "held", "unknown", *INNOCENT)
FOUND = """SELECT promise, subject, strftime(opened_at::DATE, '%Y-%m-%d') AS opened_on, state, in_review
    FROM obligation.current
    UNION ALL SELECT promise, subject, strftime(seen_at::DATE, '%Y-%m-%d'), coalesce(reason, state), in_review
    FROM obligation.condition
    UNION ALL SELECT promise, attestation_id, strftime(stated_on, '%Y-%m-%d'), state, true
    FROM obligation.statement WHERE kind = 'statement' ORDER BY ALL"""

Key = tuple[str, str, str | None]


def against(found: Connection | Path, planted: list[dict], key: bytes, contracts: Mapping) -> tuple[list[dict], list[dict]]:
    """(missed, invented): planted rows with what was found instead; found rows in an accusing state that nobody planted.

    `planted`: promise, dataset, subject and subject_kind as the source knows them, state, in_review (true if left out),
    opened_on (local day, None for a standing condition), why_fr, why_en; subject_kind None: the subject is no pseudonym.
    `key`: the home's pseudonym key. What nobody has to answer for any more may be gone, once the run has forgotten subjects.
    AlpiaError for a kind of subject that the contracts do not know.
    """
    states, expired_before = _read(found)
    expected = _expected(planted, key, contracts)
    missed = [_missed(rows, states.get(place, Counter())) for place, rows in expected.items()
              if Counter(_due(row) for row in rows if row["state"] != ABSENT) != states.get(place, Counter())
              and not (place not in states and _may_have_expired(rows, expired_before))]
    invented = [{"promise": promise, "subject": subject, "opened_on": opened_on, "state": state}
                for (promise, subject, opened_on), counted in states.items() if (promise, subject, opened_on) not in expected
                for state in counted if state.partition(",")[0] not in INNOCENT]
    return missed, invented


def _due(row: dict) -> str:
    return _state(row["state"], row.get("in_review", True))


def _state(state: str, in_review: bool) -> str:
    """A failure that is history is another thing than one that counts: it must be told from it."""
    return state + HISTORY if state not in UNDATED and not in_review else state


def _may_have_expired(rows: list[dict], before: str | None) -> bool:
    """Whether all of these are over, and opened before the day from which on subjects are kept."""
    return before is not None and all(
        row["opened_on"] is not None and row["opened_on"] < before and _due(row).endswith((*OVER, HISTORY)) for row in rows)


def _read(found: Connection | Path) -> tuple[dict[Key, Counter], str | None]:
    """The states, and the first day (ISO) from which on subjects are kept, None where none has expired."""
    connection = warehouse.read(found) if isinstance(found, Path) else found
    try:
        return _states(connection), _expired_before(connection)
    finally:
        if isinstance(found, Path):
            connection.close()


def _expired_before(connection: Connection) -> str | None:
    tells = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'source' "
                               "AND table_name = 'forgotten' AND database_name = current_database()").fetchone()[0]
    if not tells or not connection.execute("SELECT count(*) FROM source.forgotten WHERE what = 'subjects'").fetchone()[0]:
        return None
    as_of = connection.execute("SELECT as_of FROM register.run").fetchone()[0]
    return periods.months_earlier(as_of, policy.load().forgetting["subject_months"].value).isoformat()


def _states(connection: Connection) -> dict[Key, Counter]:
    """The states found for each (promise, subject, opened_on); two obligations of one day are two states."""
    states: dict[Key, Counter] = {}
    for promise, subject, opened_on, state, in_review in connection.execute(FOUND).fetchall():
        states.setdefault((promise, subject, opened_on), Counter())[_state(state, in_review)] += 1
    return states


def _expected(planted: list[dict], key: bytes, contracts: Mapping) -> dict[Key, list[dict]]:
    kinds = {column.of for contract in contracts.values() for column in contract.columns.values()
             if column.action == "pseudonym"}
    strange = sorted({row["subject_kind"] for row in planted} - kinds - {None})
    if strange:
        raise AlpiaError(f"The list of what is planted names subjects of the kinds {strange}, which no contract knows.")
    expected: dict[Key, list[dict]] = {}
    for row in planted:
        subject = pseudonym(key, row["subject_kind"], row["subject"]) if row["subject_kind"] else row["subject"]
        expected.setdefault((row["promise"], subject, row["opened_on"]), []).append(row)
    return expected


def _missed(rows: list[dict], found: Counter) -> dict:
    row = rows[0]
    return {"promise": row["promise"], "dataset": row["dataset"], "subject": row["subject"],
            "state": ", ".join(sorted(map(_due, rows))), "found": ", ".join(sorted(found)) or ABSENT,
            "opened_on": row["opened_on"], "why": row["why_en"]}
