#!/bin/sh
# Asks for known weaknesses of what the locks pin: `audit.sh PIP-AUDIT LOCK…`. Exit status: 0 none is known of any pin, 1 some are,
# 2 something was not checked, because the data of pip-audit could not be had or does not know a package. A release that is known
# to be weak is asked for first: a mirror without such data would answer of anything that nothing is known.
# AUDIT_OSV_URL names another source of advisories, one that answers as https://api.osv.dev/v1/query does.
set -u
auditor=$1; shift
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT

ask() {  # the answer lands in $place/told, errors in $place/errors
    : >"$place/told"
    "$auditor" --progress-spinner off --disable-pip --require-hashes --format json --output "$place/told" \
        ${AUDIT_OSV_URL:+--vulnerability-service osv --osv-url "$AUDIT_OSV_URL"} -r "$1" 2>"$place/errors"
}

count() {
    grep -o "$1" "$2" | wc -l
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
    if ask "$lock"; then found=0; else found=1; fi
    grep -q '"dependencies"' "$place/told" || not_checked "$lock: $(tail -n 1 "$place/errors")"
    passed_over=$(count '"skip_reason"' "$place/told")
    [ "$passed_over" -eq 0 ] || not_checked "$lock: pip-audit has no data on $passed_over of its packages, and passes them over"
    pins=$(grep -E '^[A-Za-z0-9].*==' "$lock" | grep -vc ';')  # those with a condition may be for another system
    answered=$(count '"vulns"' "$place/told")
    [ "$answered" -ge "$pins" ] || not_checked "$lock: $answered answers for $pins pins"
    if [ $found -eq 0 ]; then
        echo "$lock: no known weakness of $answered packages"
    else
        echo "$lock: known weaknesses"; cat "$place/told"; echo; status=1
    fi
done
exit $status
