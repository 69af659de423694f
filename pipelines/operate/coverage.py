"""The policy as a whole: what every promise rests on, who says each number, and what was last found.

`alpia policy` shows it; `alpia policy --check` holds the published text against the reviewed one.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.register.policy import Policy, Rule
from pipelines.register.published import Comparison, Difference
from pipelines.register.references import Reference

VERDICTS = "SELECT promise, verdict, reason, since_on FROM verdict.current"
STANDINGS = """SELECT reference, place, value, standing, stated_by, stated_on, valid_until_on, lapsed_on
    FROM verdict.reference"""
WHOSE = {"policy": "the policy's", "law": "the law's", "ours": "ours"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a home adds to the register: the datasets that its sources map, its last verdicts (by promise), and how each
    reference stands (by reference, a row a place)."""

    mapped: frozenset[str]
    as_of: date | None
    verdicts: dict[str, tuple[str, str, date]]
    references: dict[str, list[tuple]] = field(default_factory=dict)


def standing(home: Home, mapped: frozenset[str]) -> Standing:
    """What is published in the home; no verdicts before its first run."""
    path = warehouse.current(home)
    if path is None:
        return Standing(mapped, None, {})
    connection = warehouse.read(path, is_brief=True)
    try:
        rows = connection.execute(VERDICTS).fetchall()
        as_of = connection.execute("SELECT as_of FROM register.run").fetchone()[0]
        standings = connection.execute(STANDINGS).fetchall()
    except warehouse.DatabaseError as error:
        raise AlpiaError(f"{path} does not tell its verdicts ({warehouse.explained(error)}): `alpia run` makes a new one.") \
            from None
    finally:
        connection.close()
    references: dict[str, list[tuple]] = {}
    for reference, *told in standings:
        references.setdefault(reference, []).append(tuple(told))
    return Standing(mapped, as_of, {promise: tuple(told) for promise, *told in rows}, references)


def coverage(policy: Policy, here: Standing | None) -> dict:
    """The whole register as plain data, with what the home adds (None: no home)."""
    return {
        "policy": policy.name,
        "as_of": f"{here.as_of}" if here and here.as_of else None,
        "promises": [_promise(policy, name, here) for name in policy.promises],
        "references": [told for one in policy.references.values() for told in _reference(one, here)],
    }


def _reference(one: Reference, here: Standing | None) -> list[dict]:
    """A row a place as the home measured it; without a home, what the register alone tells."""
    alone = "not_compared" if one.value is None else "to_justify" if one.finding else "within"
    rows = (here.references.get(one.id) if here else None) or [(None, one.value, alone, None, None, None, None)]
    return [{"id": one.id, "promise": one.promise, "compared": one.parameter or one.measure, "place": place, "value": value,
             "unit": one.unit, "at_least": one.at_least, "at_most": one.at_most, "standing": standing,
             "source": {"authority": one.authority, "title": one.title, "article": one.article,
                        "dated_on": f"{one.dated_on}", "url": one.url},
             "says": {"fr": one.says_fr, "en": one.says_en}, "stated_by": stated_by,
             "stated_on": f"{stated_on}" if stated_on else None,
             "valid_until_on": f"{valid_until_on}" if valid_until_on else None,
             "lapsed_on": f"{lapsed_on}" if lapsed_on else None}
            for place, value, standing, stated_by, stated_on, valid_until_on, lapsed_on in rows]


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
    return "\n".join([*lines, "", *_numbers(told), "", *_held_against(told)])


def _held_against(told: dict) -> list[str]:
    rows = [(one["id"], one["standing"].replace("_", " "), _beside(one), _source(one)) for one in told["references"]]
    widths = [max(len(row[n]) for row in rows) for n in range(3)] if rows else []
    return ["What the numbers are held against:",
            *(f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}" for row in rows)]


def _beside(one: dict) -> str:
    """`36 months, at most 24`; of what was measured, also where."""
    ends = [f"{word} {one[key]}" for word, key in (("at least", "at_least"), ("at most", "at_most")) if one[key] is not None]
    value = "nothing measured" if one["value"] is None else f"{one['value']} {one['unit']}"
    return ", ".join([f"{one['place']}: {value}" if one["place"] else value, *ends])


def _source(one: dict) -> str:
    source = one["source"]
    told = f"{source['authority']}, {source['title']}, {source['article']} ({source['dated_on']})"
    if one["standing"] == "justified":
        return f"{told}; justified by {one['stated_by']} on {one['stated_on']}, until {one['valid_until_on']}"
    return told + (f"; the justification expired on {one['lapsed_on']}" if one["lapsed_on"] else "")


def _named(datasets: list[dict]) -> str:
    marked = {one["dataset"]: one["dataset"] + ("?" if one["is_mapped"] is False else "") for one in datasets}
    needs = [marked[one["dataset"]] for one in datasets if one["role"] == "needs"]
    completes = [marked[one["dataset"]] for one in datasets if one["role"] == "completes"]
    return ", ".join(needs) + (f" [{', '.join(completes)}]" if completes else "")


def _value(parameter: dict) -> str:
    """A number with its unit, or the words of a list."""
    value = parameter["value"]
    return ", ".join(value) if parameter["unit"] == "words" else f"{value} {parameter['unit']}"


def _numbers(told: dict) -> list[str]:
    rows = [(f"{promise['id']}.{p['name']}", _value(p), WHOSE[p["reading"]], p["why"]["en"])
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
