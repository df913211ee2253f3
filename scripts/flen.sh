#!/usr/bin/env bash
# flen.sh - lengths of functions (median, 95th percentile, longest) and files, against the house's limits.
set -u
cd "$(dirname "$0")/.." || exit 1

max_median=15 max_p95=60 max_function=100 max_file=500
bad=0

lengths=$(ctags --languages=C --kinds-C=f --fields=+ne -f - src/*/*.c |
    awk -F'\t' '{
        line = end = 0
        for (i = 4; i <= NF; i++) {
            if ($i ~ /^line:/) line = substr($i, 6)
            if ($i ~ /^end:/) end = substr($i, 5)
        }
        if (end > 0) print end - line + 1, $2, $1
    }' | sort -n)
n=$(wc -l <<<"$lengths")

# at PERCENT - length at that rank
at() {
    sed -n "$(((n * $1 + 99) / 100))p" <<<"$lengths" | cut -d' ' -f1
}
median=$(at 50) p95=$(at 95) longest=$(at 100)
echo "functions: $n, median $median (allowed $max_median), p95 $p95 ($max_p95), longest $longest ($max_function)"
if [ "$median" -gt $max_median ] || [ "$p95" -gt $max_p95 ] || [ "$longest" -gt $max_function ]; then
    echo "the longest:"
    tail -n 8 <<<"$lengths"
    bad=1
fi

while read -r lines file; do
    if [ "$lines" -gt $max_file ]; then
        echo "$file: $lines lines, allowed $max_file"
        bad=1
    fi
done < <(wc -l src/*/*.[ch] include/myotab/* | grep -v ' total$')
exit "$bad"
