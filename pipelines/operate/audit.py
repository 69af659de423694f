"""Judges evidence, offline and with the public key alone: what was changed, removed, added or re-ordered since.

Cutting off the newest manifests together with their head leaves a shorter evidence that is whole in itself: only who holds a
later head (`alpia evidence show` tells it; file it elsewhere) can notice, and gives it to `verify`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipelines.errors import AlpiaError, UsageError
from pipelines.operate import evidence, manifest
from pipelines.operate.evidence import HEAD, PUBLIC_KEY, Head
from pipelines.operate.signatures import fingerprint, is_signed, public_key
from pipelines.operate.succession import Reign, in_force, is_statement, reigns

PLACE = re.compile(r"\d{6}\.(json|sig)")
HEAD_TOLD = re.compile(r"(\d{1,6}):([0-9a-f]{64})")
# What a run writes where nothing else belongs; of other folders only the files that a manifest names are looked at.
WRITTEN_BY_RUNS = ("reports/**/*", "warehouse/*.duckdb", "warehouse/past/*.duckdb")


@dataclass(frozen=True, slots=True)
class Finding:
    """`what`: changed, removed, added or moved; `place`: the file, below the folder; `detail`: a sentence."""

    what: str
    place: str
    detail: str


@dataclass(slots=True)
class Audit:
    """`manifests`: how many stand; `files`: how many outputs are as they were; `gone`: outputs that are no longer there.

    `open`: files of which nothing can be said, because a manifest that may have named them is not there as it was signed.
    `key`: the fingerprint of the public key that it was judged with; `is_key_beside`: whether it was taken from the folder
    itself; `later_keys`: those that the chain hands over to, by the link with which each begins; `head`: the newest.
    """

    manifests: int
    files: int
    key: str
    is_key_beside: bool
    head: Head | None
    findings: list[Finding] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    later_keys: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A manifest that the key has signed, wherever it lies. `number`: its own; `output`: path -> (digest, bytes)."""

    file: Path
    number: int
    previous: str | None
    digest: str
    output: dict[str, tuple[str, int]]


def parse_head(text: str) -> Head:
    """A head as it was filed: `NUMBER:DIGEST`; UsageError else."""
    told = HEAD_TOLD.fullmatch(text)
    if told is None:
        raise UsageError(f"{text!r} is no head: write NUMBER:DIGEST, as `alpia evidence show` tells it.")
    return Head(int(told[1]), told[2])


def verify(folder: Path, key_file: Path | None = None, later: Head | None = None) -> Audit:
    """Judge a home, or a copy of its folders `evidence` and `reports`, or of `evidence` alone.

    `key_file`: the public key in PEM, by default the one beside the evidence, which proves nothing against someone who
    replaced that, too. `later`: a head that was filed elsewhere. AlpiaError where there is no evidence, or no key.
    """
    root = folder if (folder / "evidence").is_dir() else folder.parent
    place = root / "evidence"
    if not place.is_dir() or (root != folder and folder.name != "evidence"):
        raise AlpiaError(f"{folder} holds no evidence: name a home, or the folder into which its evidence was copied.")
    key = public_key(key_file or place / PUBLIC_KEY)
    held = reigns(place, key)
    signed, findings = _read(place, held)
    head = evidence.head_of(place, held)
    findings += [*_judge_head(place, head, signed, later), *_judge_chain(place, signed, _length(signed, head)),
                 *_judge_succession(place, _length(signed, head))]
    audit = Audit(len(signed), 0, fingerprint(key), key_file is None, head, findings)
    audit.later_keys = {reign.begins: fingerprint(reign.key) for reign in held[1:]}
    _judge_outputs(root, signed, _last_gap(signed, max(_longest(place, signed, head), later.number if later else 0)), audit)
    audit.findings.sort(key=lambda one: (one.place, one.what, one.detail))
    return audit


def _read(place: Path, held: list[Reign]) -> tuple[dict[int, Signed], list[Finding]]:
    """The manifests that are signed with the key that counts for them, by number; and what is wrong with single files."""
    signed: dict[int, Signed] = {}
    findings = []
    files = sorted(path for path in place.rglob("*") if not path.is_dir() or path.is_symlink())
    for file in files:
        if file.name in (HEAD, PUBLIC_KEY) and file.parent == place:
            continue
        if not PLACE.fullmatch(file.name) or file.parent != place or file.is_symlink():
            findings.append(Finding("added", _shown(place, file), "is no part of the evidence"))
        elif file.suffix == ".json":
            findings += _take(file, held, signed)
    return signed, findings


def _take(file: Path, held: list[Reign], signed: dict[int, Signed]) -> Iterator[Finding]:
    """Put a manifest to those that are signed, under its own number; or say what it is."""
    place = _shown(file.parent, file)
    found = _signature_of(file, held)
    if found is None:
        yield _unsigned(file, held)
        return
    signature, key = found
    one = _signed(file)
    if one is None:
        yield Finding("changed", place, "is signed, but says nothing that a manifest says")
        return
    if key != in_force(held, one.number):
        yield Finding("added", place, "is signed with a key that does not count there: it was replaced, or not yet named")
        return
    if f"{one.number:06d}.json" != file.name:
        yield Finding("moved", place, f"is manifest {one.number}")
    elif signature != file.with_suffix(".sig"):
        missing = not file.with_suffix(".sig").exists()
        yield Finding("removed" if missing else "moved", _shown(file.parent, file.with_suffix(".sig")),
                      f"the signature of manifest {one.number} is " + ("not there" if missing else f"in {signature.name}"))
    elif is_statement(file) and file not in {reign.statement for reign in held}:
        yield Finding("changed", place, "names another key, which has not countersigned it: nothing is handed over")
    if one.number in signed:
        yield Finding("added", place, f"is manifest {one.number} a second time"
                      + ("" if signed[one.number].digest == one.digest else ", and says something else"))
    else:
        signed[one.number] = one


def _signature_of(file: Path, held: list[Reign]) -> tuple[Path, Ed25519PublicKey] | None:
    """The signature that fits a manifest, and the key that it is of: its own, else whichever of the folder does."""
    own = file.with_suffix(".sig")
    for signature in (own, *sorted(file.parent.glob("*.sig"))):
        for reign in held:
            if is_signed(file, reign.key, signature):
                return signature, reign.key
    return None


def _unsigned(file: Path, held: list[Reign]) -> Finding:
    place, keys = _shown(file.parent, file), {fingerprint(reign.key) for reign in held}
    if not file.with_suffix(".sig").exists():
        return Finding("removed", _shown(file.parent, file.with_suffix(".sig")),
                       f"{file.name} has no signature, so that nothing in it counts")
    try:
        claimed = json.loads(file.read_bytes())["key"]
    except (ValueError, TypeError, KeyError, RecursionError):
        claimed = None
    if isinstance(claimed, str) and claimed not in keys:
        return Finding("added", place, "is signed with another key, or with none: no statement that stands hands over "
                       f"to the one that it names ({claimed[:16]}…)")
    return Finding("changed", place, "is not what was signed")


def _signed(file: Path) -> Signed | None:
    """The manifest in a file that is signed; None where it is none: the key beside a folder may be anybody's."""
    try:
        told = json.loads(file.read_bytes())
        output = {one["path"]: (one["sha256"], one["bytes"]) for one in told["outputs"]}
        number, previous = told["sequence"], told["previous"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(number, int) or not 0 < number < 10**6 or not all(_is_inside(path) for path in output):
        return None
    return Signed(file, number, previous, manifest.digest(file), output)


def _is_inside(path: str) -> bool:
    return isinstance(path, str) and not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts


def _length(signed: dict[int, Signed], head: Head | None) -> int:
    return max([*signed, head.number if head else 0])


def _longest(place: Path, signed: dict[int, Signed], head: Head | None) -> int:
    """How long the evidence may have been: without a head that counts, as long as what lies there says."""
    named = (int(file.stem) for file in place.glob("*.json") if PLACE.fullmatch(file.name))
    return max([_length(signed, head), *(named if head is None else ())])


def _last_gap(signed: dict[int, Signed], length: int) -> int:
    """The newest manifest that is not there as it was signed; 0 where all are."""
    return max((number for number in range(1, length + 1) if number not in signed), default=0)


def _judge_head(place: Path, head: Head | None, signed: dict[int, Signed], later: Head | None) -> Iterator[Finding]:
    shown = _shown(place, place / HEAD)
    if head is None:
        is_there = (place / HEAD).exists()
        yield Finding("changed" if is_there else "removed", shown,
                      ("is not what was signed" if is_there else "is not there")
                      + ", so that nobody can tell whether newer manifests were cut off")
    elif head.number in signed and signed[head.number].digest != head.digest:
        yield Finding("changed", shown, f"names another manifest {head.number} than the one that is there")
    elif signed and head.number < max(signed):
        yield Finding("changed", shown, f"is of manifest {head.number}, but {max(signed)} is there: an older head, or a run "
                      "that was killed")
    if later is None:
        return
    last = _length(signed, head)
    if later.number > last:
        yield Finding("removed", shown, f"manifests {last + 1} to {later.number} were cut off: a head of {later.number} is "
                      "known")
    elif later.number in signed and signed[later.number].digest != later.digest:
        yield Finding("changed", _shown(place, signed[later.number].file), "is another one than the head that was filed")


def _judge_chain(place: Path, signed: dict[int, Signed], length: int) -> Iterator[Finding]:
    taken_by_others = {one.file for one in signed.values()}
    signatures = [int(file.stem) for file in place.glob("*.sig") if PLACE.fullmatch(file.name)]
    for number in range(1, max([length, *signatures]) + 1):
        file, one, before = place / f"{number:06d}.json", signed.get(number), signed.get(number - 1)
        follows = None if number == 1 else before.digest if before else one and one.previous
        if one is None and (number <= length or number in signatures) and (not file.exists() or file in taken_by_others):
            yield Finding("removed", _shown(place, file), "is not there")
        elif one and one.previous != follows:
            yield Finding("changed", _shown(place, file), f"follows another manifest {number - 1} than the one there")


def _judge_succession(place: Path, length: int) -> Iterator[Finding]:
    """Where what stands ends with a gap, and something follows: a statement of succession may have stood there."""
    end, later = place / f"{length + 1:06d}.json", sorted(file.name for file in place.glob("[0-9]*.json"))
    if later and later[-1] > end.name and not end.exists() and not end.with_suffix(".sig").exists():
        yield Finding("removed", _shown(place, end), "is not there: it may have handed over to the key of what follows")


def _judge_outputs(root: Path, signed: dict[int, Signed], gap: int, audit: Audit) -> None:
    """Each output as the newest manifest that names it says; an earlier one was written over by a later run.

    What manifest `gap`, the newest that is lost, may have named or written over is left open.
    """
    newest = {path: (number, *told) for number, one in sorted(signed.items()) for path, told in one.output.items()}
    for path, (number, digest, size) in sorted(newest.items()):
        file = root / PurePosixPath(path)
        if not file.exists() and not file.is_symlink():
            audit.gone.append(path)
        elif file.is_symlink() or not file.is_file() or file.stat().st_size != size or manifest.digest(file) != digest:
            if number < gap:
                audit.open.append(path)
            else:
                audit.findings.append(Finding("changed", path, f"is not what manifest {number} says of it"))
        else:
            audit.files += 1
    found = {file.relative_to(root).as_posix() for pattern in WRITTEN_BY_RUNS for file in root.glob(pattern)
             if file.is_symlink() or not file.is_dir()}
    strange = sorted(found - set(newest))
    if gap:
        audit.open += strange
    else:
        audit.findings += [Finding("added", path, "is named by no manifest") for path in strange]


def _shown(place: Path, file: Path) -> str:
    return f"evidence/{file.relative_to(place).as_posix()}"


def as_json(audit: Audit) -> str:
    """The audit for programs."""
    return json.dumps({
        "is_whole": not audit.findings, "manifests": audit.manifests, "files": audit.files, "key": audit.key,
        "later_keys": audit.later_keys,
        "head": audit.head and f"{audit.head}", "no_longer_there": audit.gone, "cannot_be_told": audit.open,
        "findings": [{"what": one.what, "place": one.place, "detail": one.detail} for one in audit.findings]},
        ensure_ascii=False, indent=2)


def as_lines(audit: Audit) -> str:
    """The audit for people: the findings, what is no longer there, and what the answer rests on."""
    lines = [f"{one.what:<8} {one.place}: {one.detail}" for one in audit.findings]
    lines += [f"no longer there: {path}" for path in audit.gone]
    if audit.gone:
        lines.append(f"{len(audit.gone)} files are no longer there (forgotten on time, not copied, or taken away: what they "
                     "were is still on record).")
    lines += [f"cannot be told without the manifest that is lost: {path}" for path in audit.open]
    lines.append(f"{audit.manifests} manifests and {audit.files} files stand as signed, {len(audit.findings)} findings. "
                 f"Head: {audit.head or 'none'}")
    lines.append(f"Key: {audit.key}" + (" (the one beside the evidence: compare it with the one that you were given, or "
                                        "name that with --public-key)" if audit.is_key_beside else ""))
    lines += [f"From manifest {number} on: {key}, to which manifest {number - 1} handed over"
              for number, key in audit.later_keys.items()]
    return "\n".join(lines)


def told(entries: list[dict]) -> list[dict]:
    """Of each manifest what a list shows."""
    return [{"number": one["sequence"], "run": one["run"]["id"], "kind": one["run"]["kind"], "as_of": one["run"]["as_of"],
             "breached": sum(verdict["verdict"] == "breached" for verdict in one["verdicts"]),
             "outputs": len(one["outputs"]), "digest": one["digest"]} for one in entries]
