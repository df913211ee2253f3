#!/usr/bin/env bash
# demo-chain.sh PROGRAM FOLDER - the steps of the demonstration, each command shown before it runs.
set -eu

program=$1
folder=$2
recordings=$folder/recordings
results=$folder/results

say() {
    echo
    echo "== $*"
}

run() {
    echo "\$ myotab $*"
    "$program" "$@"
}

columns() {
    column -t -s "$(printf '\t')"
}

rm -rf "$folder"
mkdir -p "$folder"

say "Two synthetic recordings of one person, with known truth: jerks are rarer after treatment"
run synth pre-post -o "$recordings" --seed 1
inputs=()
while read -r path _; do
    inputs+=("$recordings/$path")
done < <(tail -n +2 "$recordings/manifest.tsv")

say "What is in the first one"
run info "${inputs[0]}"

say "Analyse both; every table with every column is in $results"
run detect "${inputs[@]}" -o "$results"

for input in "${inputs[@]}"; do
    stem=$(basename "$input")
    stem=${stem%.*}
    say "$stem: the first events"
    cut -f 1-4,6,9,13,16,17 "$results/${stem}_events.tsv" | head -n 6 | columns
    say "$stem: compared with the truth"
    run score "$recordings/${stem}_truth.tsv" "$results/${stem}_events.tsv" >"$folder/score.txt"
    head -n 1 "$folder/score.txt"
    tail -n +2 "$folder/score.txt" | sed '/^$/,$d' | awk -F'\t' 'NR == 1 || $2 + $4 > 0' | cut -f 1-10 | columns
done

say "Rates per hour with exact 95 % limits, before and after"
for input in "${inputs[@]}"; do
    stem=$(basename "$input")
    stem=${stem%.*}
    awk -F'\t' -v OFS='\t' -v stem="$stem" '
        NR == 1 { print "recording", $1, $2, $3, $4, $5, $6, $7, $9 }
        NR > 1 && $1 != "all" && $3 > 0 { print stem, $1, $2, $3, $4, $5, $6, $7, $9 }' "$results/${stem}_summary.tsv"
done | awk 'NR == 1 || !/^recording\t/' | columns
