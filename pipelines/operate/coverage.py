"""The policy as a whole: what every promise rests on, who says each number, and what was last found.

`alpia policy` shows it; `alpia policy --check` holds the published text against the reviewed one.
"""

import json
from dataclasses import dataclass
from datetime import date

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.register.policy import Policy, Rule
from pipelines.register.published import Comparison, Difference

VERDICTS = "SELECT promise, verdict, reason, since_on FROM verdict.current"
WHOSE = {"policy": "the policy's", "law": "the law's", "ours": "ours"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a home adds to the register: the datasets that its sources map, and its last verdicts (by promise)."""

    mapped: frozenset[str]
    as_of: date | None
    verdicts: dict[str, tuple[str, str, date]]


def standing(home: Home, mapped: frozenset[str]) -> Standing:
    """What is published in the home; no verdicts before its first run."""
    path = warehouse.current(home)
    if path is None:
        return Standing(mapped, None, {})
    connection = warehouse.read(path)
    try:
        rows = connection.execute(VERDICTS).fetchall()
        as_of = connection.execute("SELECT as_of FROM register.run").fetchone()[0]
    except warehouse.DatabaseError as error:
        raise AlpiaError(f"{path} does not tell its verdicts ({str(error).splitlines()[0]}): `alpia run` makes a new one.") \
            from None
    finally:
        connection.close()
    return Standing(mapped, as_of, {promise: (verdict, reason, since) for promise, verdict, reason, since in rows})


def coverage(policy: Policy, here: Standing | None) -> dict:
    """The whole register as plain data, with what the home adds (None: no home)."""
    return {
        "policy": policy.name,
        "as_of": f"{here.as_of}" if here and here.as_of else None,
        "promises": [_promise(policy, name, here) for name in policy.promises],
    }


def _promise(policy: Policy, name: str, here: Standing | None) -> dict:
    promise, rule = policy.promises[name], policy.rules.get(name)
    verdict, reason, since = here.verdicts.get(name, (None, None, None)) if here else (None, None, None)
    return {
        "id": name,
        "section": promise.section,
        "kind": promise.kind,
        "summary": {"fr": promise.summary_fr, "en": promise.summary_en},
        "paragraphs": [policy.paragraphs.index(mark) + 1 for mark in promise.fingerprints],
        "rule": "built" if rule else "not built",
        "datasets": _datasets(rule, here) if rule else [],
        "parameters": [{"name": p.name, "value": p.value, "unit": p.unit, "reading": p.reading,
                        "why": {"fr": p.why_fr, "en": p.why_en}} for p in rule.parameters.values()] if rule else [],
        "verdict": verdict,
        "reason": reason,
        "since": f"{since}" if since else None,
    }


def _datasets(rule: Rule, here: Standing | None) -> list[dict]:
    roles = [(name, "needs") for name in rule.needs] + [(name, "completes") for name in rule.completes]
    return [{"dataset": name, "role": role, "is_mapped": name in here.mapped if here else None} for name, role in roles]


def as_json(told: dict) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_table(told: dict) -> str:
    """A line a promise, section by section; then the numbers that decide, and whose they are."""
    width = max(len(promise["id"]) for promise in told["promises"])
    known = f"Verdicts as of {told['as_of']}." if told["as_of"] else "No verdict: nothing is published."
    lines = [told["policy"], known,
             "In brackets: what completes a verdict; with a question mark: what no source gives.", "",
             f"{'promise':<{width}}  {'kind':<11}  {'rule':<9}  {'verdict':<12}  datasets"]
    section = None
    for promise in told["promises"]:
        if promise["section"] != section:
            section = promise["section"]
            lines += [f"  {section}"]
        lines.append(f"{promise['id']:<{width}}  {promise['kind']:<11}  {promise['rule']:<9}  "
                     f"{promise['verdict'] or '-':<12}  {_named(promise['datasets'])}".rstrip())
    return "\n".join([*lines, "", *_numbers(told)])


def _named(datasets: list[dict]) -> str:
    marked = {one["dataset"]: one["dataset"] + ("?" if one["is_mapped"] is False else "") for one in datasets}
    needs = [marked[one["dataset"]] for one in datasets if one["role"] == "needs"]
    completes = [marked[one["dataset"]] for one in datasets if one["role"] == "completes"]
    return ", ".join(needs) + (f" [{', '.join(completes)}]" if completes else "")


def _numbers(told: dict) -> list[str]:
    rows = [(f"{promise['id']}.{p['name']}", f"{p['value']} {p['unit']}", WHOSE[p["reading"]], p["why"]["en"])
            for promise in told["promises"] for p in promise["parameters"]]
    widths = [max(len(row[n]) for row in rows) for n in range(3)] if rows else []
    return ["The numbers that decide, and whose they are:",
            *(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}" for row in rows)]


def difference_json(compared: Comparison, policy: Policy, where: str) -> dict:
    """A comparison as plain data: fingerprints and numbers, never a sentence."""
    return {
        "text": where,
        "unchanged": compared.unchanged,
        "beside": compared.beside,
        "differences": [{"what": one.what, **_place(one), "fingerprint": one.fingerprint, "review": list(one.promises)}
                        for one in compared.differences],
        "review": [name for name in policy.promises if name in compared.promises],
    }


def _place(one: Difference) -> dict:
    if one.block is None:
        return {"block": None, "number": None, "after_paragraph": one.after}
    return {"block": "heading" if one.block.is_heading else "paragraph", "number": one.block.number,
            "after_paragraph": one.after}


def difference_lines(compared: Comparison, policy: Policy, where: str) -> str:
    """A comparison for people."""
    total = len(policy.paragraphs)
    if not compared.differences:
        return f"{where} is the reviewed text: {total} paragraphs unchanged."
    lines = [f"{where} differs from the reviewed text: {compared.unchanged} of {total} paragraphs unchanged.", ""]
    lines += [f"{one.what:<8} {_named_place(one)}{': ' + ', '.join(one.promises) if one.promises else ''}"
              for one in compared.differences]
    review = [name for name in policy.promises if name in compared.promises]
    return "\n".join([*lines, "", f"To review: {', '.join(review) or 'no promise rests on it'}."])


def _named_place(one: Difference) -> str:
    if one.block is not None:
        kind = "heading" if one.block.is_heading else "paragraph"
        return f"{kind} {one.block.number}"
    return f"after paragraph {one.after}" if one.after else "before paragraph 1"
