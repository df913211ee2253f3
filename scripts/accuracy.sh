#!/usr/bin/env bash
# accuracy.sh - write the tables of tests/accuracy anew, from the held-out recordings and what build/ finds
# in them. Review the diff: tests/accuracy/run.sh compares with these byte for byte.
set -eu
cd "$(dirname "$0")/.."

ninja -C build -j2 accuracy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build/tests/accuracy tests/accuracy/recordings.tsv tests/accuracy/bars.tsv "$work"
awk -F'\t' 'NR > 1 && !seen[$1]++ { print $1 ".tsv" }' tests/accuracy/recordings.tsv |
    while read -r table; do
        cp "$work/$table" "tests/accuracy/$table"
    done
