#!/usr/bin/env bash
# run.sh BUILD_DIR [--redo] - intervals and tests by simulation.
#
# one.tsv: one person, two sessions; pairs.tsv: the same people twice; arms.tsv: two arms; risks.tsv: who had the event, in two
# arms, by all outcomes. Each row is a setting; scripts/coverage.sh makes them. Here a small part is simulated again and
# compared byte for byte, and bars.tsv says for each method how many settings cover less than 93 %, cover more than 97 %, or
# reject a true null in more than 5.5 %: a change of any of these numbers is a change to be seen.
# Ends in one line "N passed, N failed".
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
build=$(cd "${1:?usage: run.sh BUILD_DIR [--redo]}" && pwd) || exit 1
passed=0
failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# check NAME COMMAND... - passed if the command succeeds
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok    $name"
    else
        failed=$((failed + 1))
        echo "FAIL  $name"
    fi
}

bars() {
    echo "table	method	events	settings	least_coverage	under_93	over_97	most_rejected	over_5.5"
    for table in one pairs arms risks; do
        awk -F'\t' -v OFS='\t' -v table=$table '
            NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
            {
                key = $c["method"] OFS ($1 ~ /cluster|trains|seconds|minutes|geometric|threes/ ? "clustered" : "independent")
                if (!(key in n)) { order[++k] = key; least[key] = 1 }
                n[key]++
                v = $c["coverage"]
                if (v != "n/a") {
                    if (v < least[key]) least[key] = v
                    under[key] += v < 0.93
                    over[key] += v > 0.97
                }
                r = $c["rejected"]
                if (r != "n/a" && $c["ratio"] == 1) {
                    if (r > most[key]) most[key] = r
                    liberal[key] += r > 0.055
                }
            }
            END {
                for (i = 1; i <= k; i++) {
                    key = order[i]
                    print table, key, n[key], least[key], under[key] + 0, over[key] + 0, most[key] + 0, liberal[key] + 0
                }
            }' "$here/$table.tsv"
    done
}

if [ "${2:-}" = --redo ]; then
    bars >"$here/bars.tsv"
    exit 0
fi
# small TRIALS TABLE
small() {
    "$build/tests/coverage" "$1" 2 "$work" "$2"
    check "$2: the same trials again" cmp "$here/small/$2.tsv" "$work/$2.tsv"
}
small 100 one
small 20 pairs
small 5 arms
"$build/tests/coverage" 1 2 "$work" risks
check "risks: the same by all outcomes" cmp "$here/risks.tsv" "$work/risks.tsv"
bars >"$work/bars.tsv"
check "bars" diff -u "$here/bars.tsv" "$work/bars.tsv"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
