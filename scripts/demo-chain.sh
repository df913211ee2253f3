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

# First table of the text on standard input, in columns.
table() {
    sed '/^$/,$d' | column -t -s "$(printf '\t')"
}

rm -rf "$folder"
mkdir -p "$folder"

run synth pre-post -o "$recordings" --seed 1
inputs=()
while read -r path _; do
    inputs+=("$recordings/$path")
done < <(tail -n +2 "$recordings/manifest.tsv")
run info "${inputs[0]}"
run detect "${inputs[@]}" -o "$results"

for input in "${inputs[@]}"; do
    stem=$(basename "$input")
    stem=${stem%.*}
    echo
    echo "$stem: what was found (rows of nothing left out)"
    awk -F'\t' 'NR == 1 || $3 > 0' "$results/${stem}_summary.tsv" | cut -f 1-9 | table
    run score "$recordings/${stem}_truth.tsv" "$results/${stem}_events.tsv" >"$folder/score.txt"
    sed -n 2p "$folder/score.txt"
    tail -n +3 "$folder/score.txt" | sed '/^$/,$d' | awk -F'\t' 'NR == 1 || $2 + $4 > 0' | cut -f 1-9 | table
done
echo
echo "Tables with every column: $results"
