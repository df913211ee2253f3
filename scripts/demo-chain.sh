#!/usr/bin/env bash
# demo-chain.sh PROGRAM FOLDER - the steps of the demonstration, each command shown before it runs.
set -eu

program=$1
folder=$2
recordings=$folder/recordings
results=$folder/results

run() {
    echo
    echo "\$ myotab $*"
    "$program" "$@"
}

rm -rf "$folder"
mkdir -p "$folder"

run synth prepost -o "$recordings" --seed 1
mapfile -t inputs < <(find "$recordings" -type f \( -name '*.edf' -o -name '*.wav' -o -name '*.csv' \) | sort)
run detect "${inputs[@]}" -o "$results"

for input in "${inputs[@]}"; do
    stem=$(basename "$input")
    stem=${stem%.*}
    echo
    echo "== $stem: summary"
    cut -f 1-8 "$results/${stem}_summary.tsv" | awk -F'\t' 'NR == 1 || $3 > 0' | column -t -s "$(printf '\t')"
    run score "$recordings/${stem}_truth.tsv" "$results/${stem}_events.tsv"
done
