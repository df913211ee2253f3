#!/usr/bin/env bash
# run.sh BUILD_DIR - recompute the accuracy tables on the held-out recordings and compare them with the
# committed ones byte for byte; then every bar. Ends in one line "N passed, N failed".
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
build=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd) || exit 1
passed=0
failed=0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# verdict STATUS NAME
verdict() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "ok    $2"
    else
        failed=$((failed + 1))
        echo "FAIL  $2"
    fi
}

# Seeds below are for tuning.
awk -F'\t' 'NR > 1 && $3 < 9000 { bad = 1 } END { exit bad }' "$here/recordings.tsv"
verdict $? "only held-out seeds"

if ! "$build/tests/accuracy" "$here/recordings.tsv" "$here/bars.tsv" "$work" >"$work/bars.out"; then
    echo "0 passed, 1 failed"
    exit 1
fi

while read -r table; do
    diff -u "$here/$table.tsv" "$work/$table.tsv"
    verdict $? "$table.tsv is up to date"
done < <(awk -F'\t' 'NR > 1 && !seen[$1]++ { print $1 }' "$here/recordings.tsv")

while IFS=$'\t' read -r word name; do
    [ "$word" = ok ]
    verdict $? "$name"
done <"$work/bars.out"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
