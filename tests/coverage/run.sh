#!/usr/bin/env bash
# run.sh BUILD_DIR [--redo] - intervals and tests by simulation.
#
# one.tsv: one person, two sessions; pairs.tsv: the same people twice; arms.tsv: two arms (permuted.tsv: people permuted, which
# supports it); risks.tsv: who had the event, in two arms, by all outcomes. Each row is a setting; scripts/coverage.sh makes them.
# Here a small part is simulated again and compared byte for byte. bars.tsv says for each method how many settings break a bar:
# cover less than 93 %, cover more than 97 %, reject a true null in more than 5.5 %. None may, but as many as exceptions.tsv
# lists, with why. A change of any of these numbers is a change to be seen.
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
    echo "table	method	events	settings	least_coverage	median_coverage	most_coverage	under_93	over_97	most_rejected	over_5.5"
    for table in one pairs arms permuted risks; do
        awk -F'\t' -v OFS='\t' -v table=$table '
            # K-th smallest of v[key, 1..m]
            function kth(key, m, k,   i, j, t, w) {
                for (i = 1; i <= m; i++) { w[i] = v[key, i] }
                for (i = 2; i <= m; i++) {
                    t = w[i]
                    for (j = i - 1; j >= 1 && w[j] > t; j--) { w[j + 1] = w[j] }
                    w[j + 1] = t
                }
                return w[k]
            }
            NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
            {
                key = $c["method"] OFS ($1 ~ /cluster|trains|seconds|minutes|geometric|threes/ ? "clustered" : "independent")
                if ($1 ~ /, [1-9] people/) key = key ", fewer than 10 people"
                if (!(key in n)) order[++k] = key
                n[key]++
                if ($c["coverage"] != "n/a") {
                    v[key, ++made[key]] = $c["coverage"]
                    under[key] += $c["coverage"] < 0.93
                    over[key] += $c["coverage"] > 0.97
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
                    m = made[key]
                    print table, key, n[key], kth(key, m, 1), kth(key, m, int((m + 1) / 2)), kth(key, m, m), under[key] + 0,
                        over[key] + 0, most[key] + 0, liberal[key] + 0
                }
            }' "$here/$table.tsv"
    done
}

# broken BARS - what breaks a bar, in the words of exceptions.tsv: table, method, events, bar, settings
broken() {
    awk -F'\t' -v OFS='\t' '
        NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
        {
            for (i = 1; i <= NF; i++) {
                if (name[i] ~ /^(under_93|over_97|over_5.5)$/ && $i > 0) print $1, $2, $3, name[i], $i
            }
        }' "$1"
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
small 5 permuted
"$build/tests/coverage" 1 2 "$work" risks
check "risks: the same by all outcomes" cmp "$here/risks.tsv" "$work/risks.tsv"
bars >"$work/bars.tsv"
broken "$work/bars.tsv" >"$work/broken"
tail -n +2 "$here/exceptions.tsv" | cut -f1-5 >"$work/listed"
check "no bar is broken that exceptions.tsv does not list, and why" diff -u "$work/listed" "$work/broken"
check "each exception has its reason" awk -F'\t' "NR > 1 && (NF != 6 || length(\$6) < 20) { bad = 1 } END { exit bad }" "$here/exceptions.tsv"
check "bars" diff -u "$here/bars.tsv" "$work/bars.tsv"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
