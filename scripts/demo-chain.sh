#!/usr/bin/env bash
# demo-chain.sh PROGRAM FOLDER - the steps of the demonstration, each command shown before it runs.
set -eu

program=$1
folder=$2
study=$folder/study
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

say "A synthetic study with known truth: 12 people, two muscles, 10 minutes before and after; jerks are half as frequent after"
run synth pre-post -o "$study" --seed 1 --set participants=12 --set fs=1000
head -n 3 "$study/manifest.tsv" | columns

say "What is in the first recording"
first=$(sed -n 2p "$study/manifest.tsv" | cut -f 1)
run info "$study/$first"

say "Analyse the study: tables per recording, and of all"
run batch "$study/manifest.tsv" -o "$results"
run status "$results"

stem=$(head -n 2 "$results/recordings.tsv" | awk -F'\t' '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "stem") column = i } NR == 2 { print $column }')
say "The first events of the first recording, and how they compare with the truth"
cut -f 1-4,6,9,13,16,17 "$results/${stem}_events.tsv" | head -n 6 | columns
run score "$study/${first%.*}_truth.tsv" "$results/${stem}_events.tsv" >"$folder/score.txt"
head -n 1 "$folder/score.txt"
tail -n +2 "$folder/score.txt" | sed '/^$/,$d' | awk -F'\t' 'NR == 1 || $2 + $4 > 0' | cut -f 1-10 | columns

say "Each session's jerks: rate per hour with exact 95 % limits"
awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR == 1 || ($c["channel"] == "all" && $c["trial_type"] == "jerk") {
        print $c["participant_id"], $c["session_id"], $c["n"], $c["exposure_s"], $c["rate_per_h"], $c["rate_low"], $c["rate_high"]
    }' "$results/summary.tsv" | columns

say "Did it change, by how much, how sure?"
run compare "$results" -o "$results" -v
awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR == 1 || $c["role"] == "primary" || $c["role"] == "confirmatory" {
        print $c["trial_type"], $c["metric"], $c["reference"], $c["contrast"], $c["n_contrast"], $c["effect_name"],
            $c["effect"], $c["ci_low"], $c["ci_high"], $c["ci_level"], $c["p_adjusted"], $c["adjustment"]
    }' "$results/comparison.tsv" | columns

say "The page to show"
run report "$results" -o "$folder/report.html" --recordings "$study"
echo "$folder/report.html"
