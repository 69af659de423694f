#!/bin/sh
# Asks for known weaknesses of what the locks pin: `audit.sh PIP-AUDIT LOCK…`. Exit status: 0 none is known, 1 some are, 2 the data
# of pip-audit could not be had, so that nothing was checked. A release that is known to be weak is asked for first: a mirror
# that has no such data would answer of anything that nothing is known.
set -u
auditor=$1; shift
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT

ask() {  # the answer lands in $place/told, errors in $place/errors
    : >"$place/told"
    "$auditor" --progress-spinner off --disable-pip --require-hashes --format json --output "$place/told" -r "$1" 2>"$place/errors"
}

not_checked() {
    echo "NOT CHECKED: $1"
    exit 2
}

printf 'jinja2==2.10 --hash=sha256:%064d\n' 0 >"$place/control.txt"
ask "$place/control.txt" && not_checked "the data that pip-audit has here knows no weakness of jinja2 2.10, which has some"
grep -q '"dependencies"' "$place/told" || not_checked "pip-audit could not have its data: $(tail -n 1 "$place/errors")"
status=0
for lock in "$@"; do
    if ask "$lock"; then
        echo "$lock: no known weakness"
    elif grep -q '"dependencies"' "$place/told"; then
        echo "$lock: known weaknesses"; cat "$place/told"; echo; status=1
    else
        not_checked "$lock: $(tail -n 1 "$place/errors")"
    fi
done
exit $status
