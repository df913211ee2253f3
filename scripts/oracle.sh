#!/usr/bin/env bash
# oracle.sh - make the reference numbers of tests/oracle again, with R and SciPy, and compare with what is kept. Needs R
# (MASS, survival) and python3 with SciPy; exits 77 where they are missing. A minute or two; not part of scripts/test.sh.
set -u
cd "$(dirname "$0")/.." || exit 1
if ! command -v Rscript >/dev/null || ! /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
    echo "oracle.sh: R or SciPy is not installed" >&2
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -r tests/oracle "$work/made"
rm -f "$work"/made/*.tsv
bad=0
for script in "$work"/made/make_*; do
    case $script in
    *.R) runner=Rscript ;;
    *) runner=/usr/bin/python3 ;;
    esac
    (cd "$work/made" && "$runner" "$(basename "$script")") >"$work/log" 2>&1 || {
        echo "FAIL  $(basename "$script")"
        tail -n 5 "$work/log"
        bad=1
    }
done
total=0
for kept in tests/oracle/*.tsv; do
    name=$(basename "$kept")
    cases=$(($(wc -l <"$kept") - 1))
    total=$((total + cases))
    if cmp -s "$kept" "$work/made/$name"; then
        echo "same  $name ($cases cases)"
    else
        echo "DIFF  $name"
        diff "$kept" "$work/made/$name" | head -n 6
        bad=1
    fi
done
echo "$total cases"
exit "$bad"
