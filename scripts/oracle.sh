#!/usr/bin/env bash
# oracle.sh - make the numbers of tests/oracle again, by R and SciPy in a temporary folder, and compare them with
# the committed ones: byte for byte, or every number to 1e-12 relative where other versions made them. Lists the
# cases of each table. Exit 77: no R or no SciPy, nothing was compared (about a minute, if there is).
set -eu
cd "$(dirname "$0")/.."

# Both, with R's recommended packages: apt-get install r-base-core r-recommended python3-scipy
python=/usr/bin/python3
if ! Rscript --vanilla -e 'library(survival); library(MASS)' >/dev/null 2>&1; then
    echo "oracle.sh: no R with survival and MASS: nothing was compared" >&2
    exit 77
fi
if ! $python -c 'import scipy' 2>/dev/null; then
    echo "oracle.sh: no SciPy for $python: nothing was compared" >&2
    exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/oracle/make_* "$work"
for maker in "$work"/make_*; do
    run=$python
    [ "${maker##*.}" = R ] && run='Rscript --vanilla'
    if ! (cd "$work" && $run "$maker") >"$work/log" 2>&1; then
        cat "$work/log" >&2
        echo "FAIL  $(basename "$maker") does not run" >&2
        exit 1
    fi
done

# close OLD NEW - equal but for the last digits of numbers
close() {
    awk '
        function number(s) { return s ~ /^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$/ }
        function differ(a, b, d, m) {
            if (a == b) return 0
            if (!number(a) || !number(b)) return 1
            d = a - b; m = a < 0 ? -a : a
            return (d < 0 ? -d : d) > 1e-12 * m + 1e-300
        }
        NR == FNR { line[FNR] = $0; n = FNR; next }
        {
            k = split(line[FNR], old, /[ \t]/)
            bad += FNR > n || k != split($0, new, /[ \t]/)
            for (i = 1; i <= k; i++) bad += differ(old[i], new[i])
        }
        END { exit bad > 0 || FNR != n }' "$1" "$2"
}

bad=0
cases=0
for table in tests/oracle/*.tsv; do
    name=$(basename "$table")
    n=$(($(wc -l <"$table") - 1))
    cases=$((cases + n))
    if cmp -s "$table" "$work/$name"; then
        verdict='same bytes'
    elif [ -e "$work/$name" ] && close "$table" "$work/$name"; then
        verdict='the same to 1e-12'
    else
        verdict=DIFFERENT
        bad=1
    fi
    printf '%-24s %4d cases  %s\n' "$name" "$n" "$verdict"
done
for table in "$work"/*.tsv; do
    if [ ! -e "tests/oracle/$(basename "$table")" ]; then
        echo "$(basename "$table") is made, but not committed"
        bad=1
    fi
done
echo "$cases cases"
exit $bad
