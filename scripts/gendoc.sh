#!/usr/bin/env bash
# gendoc.sh [--check] - bring the generated parts of README.md up to date with the program: the text between
# "<!-- begin NAME -->" and "<!-- end NAME -->". With --check: fail if they are not.
set -u
cd "$(dirname "$0")/.." || exit 1

program=build/myotab
if [ ! -x $program ]; then
    echo "gendoc.sh: $program is not built" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    echo '```'
    $program --help | sed -n '/^Usage/,$p'
    echo '```'
} >"$work/commands"
$program params docs >"$work/params"

# The first commands, run as printed in a folder that looks like the project after a build.
mkdir "$work/first-run"
ln -s "$PWD/samples" "$PWD/build" "$work/first-run/"
first() {
    echo '```'
    while read -r line; do
        echo "\$ $line"
        (cd "$work/first-run" && bash -u -c "$line" </dev/null) || exit 1
    done <<'COMMANDS'
build/myotab detect samples/mixed.edf -o one
cut -f 1-6,9 one/mixed_events.tsv | head -n 5 | column -t
build/myotab batch samples/halved/manifest.tsv -o results
build/myotab compare results -o results
cut -f 2,4-8,15-20 results/comparison.tsv | head -n 2 | column -t
cut -f 31 results/comparison.tsv | sed -n 2p
build/myotab report results -o report.html --recordings samples/halved
COMMANDS
    echo '```'
}
first >"$work/first" || exit 1

# One row a set of recordings, from the tables that tests/accuracy keeps.
accuracy() {
    local set file
    echo '| set | recordings | channel hours | events | found | macro F1 | jerk F1 | onset of jerks, ms | duration, ms |' \
        'tremor, Hz | false alarms / channel h | calibration error | wrong: of all, of the surest 80 % |'
    echo '|---|---|---|---|---|---|---|---|---|---|---|---|---|'
    awk -F'\t' 'NR > 1 && !seen[$1]++ { print $1 }' tests/accuracy/recordings.tsv | while read -r set; do
        file=tests/accuracy/$set.tsv
        awk -F'\t' -v set="$set" '
            function of(name) { return value[name] == "" || value[name] == "n/a" ? "n/a" : value[name] }
            function within(name) { return of(name) == "n/a" ? "n/a" : value[name] " (" low[name] " to " high[name] ")" }
            NF == 2 { value[$1] = $2 }
            NF == 4 && $1 == "number" { block = 1; next }
            block && NF == 4 { value[$1] = $2; low[$1] = $3; high[$1] = $4 }
            block && NF != 4 { exit }
            END {
                if (value["events"] == 0) value["jerk_f1"] = value["macro_f1"] = "n/a"
                few = value["events"] == 0
                printf "| `%s` | %s | %.1f | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", set, value["recordings"],
                    value["channel_hours"], value["events"], within("detection_recall"), within("macro_f1"),
                    within("jerk_f1"), of("jerk_onset_mae_ms"), of("jerk_duration_mae_ms"), of("tremor_freq_mae_hz"),
                    within("false_alarms_per_channel_hour"), few ? "n/a" : of("ece"),
                    few ? "n/a" : of("error") ", " of("error_at_80_coverage")
            }' "$file"
    done
}
accuracy >"$work/accuracy"

# One row a method, from tests/coverage/bars.tsv.
coverage() {
    echo '| effect | events | settings | coverage of 95 %: least, median, most | true null rejected at 5 %, at most |'
    echo '|---|---|---|---|---|'
    awk -F'\t' '
        NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $1 == "one" { how = "one person, two sessions: " }
        $1 == "pairs" { how = "the same people twice: " }
        $1 == "arms" { how = "two arms: " }
        $1 == "risks" { how = "two arms, who had it: " }
        $c["method"] !~ /score/ {
            printf "| %s%s | %s | %s | %.1f, %.1f, %.1f %% | %.1f %% |\n", how, $c["method"], $c["events"], $c["settings"],
                100 * $c["least_coverage"], 100 * $c["median_coverage"], 100 * $c["most_coverage"], 100 * $c["most_rejected"]
        }' tests/coverage/bars.tsv
}
coverage >"$work/coverage"

# What scripts/bench.sh and scripts/growth.sh measured.
speed() {
    local bench=tests/bench
    awk -F'\t' 'NR == 2 { printf "Measured on %s, ", $2 } NR == 3 { printf "%s", $2 } $1 == "recording" { printf "; %s.\n\n", $2 }' \
        $bench/machine.tsv
    echo '| what | set | speed | ratio | to |'
    echo '|---|---|---|---|---|'
    awk -F'\t' '$1 ~ /^(limit|stage|whole|format)$/ || $2 == "scan32" {
        printf "| %s%s | %s | %s %s | %s | %s |\n", $1 == "stage" ? "stage: " : "", $2, $3, $4, $5, $6, $7 }' $bench/speed.tsv
    printf '\nWhole processes on the same file:\n\n| program | recording | seconds | million samples/s | times our time |\n|---|---|---|---|---|\n'
    awk -F'\t' 'NR > 1 { printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }' $bench/peers.tsv
    printf '\n| against | value | seconds | ns a sample | MiB at the peak | events |\n|---|---|---|---|---|---|\n'
    awk -F'\t' 'NR > 1 { printf "| %s | %s %s | %s | %.1f | %.0f | %s |\n", $1, $2 < 0.02 && $1 == "duration" ? "1 min =" : $2,
        $2 < 0.02 && $1 == "duration" ? "1/60 h" : $3, $6, $6 / $4 * 1e9, $7 / 1024, $5 }' $bench/growth.tsv
    printf '\n![time and memory against size](tests/bench/growth.svg)\n'
}
speed >"$work/speed"

awk -v dir="$work" '
    /^<!-- begin [a-z]+ -->$/ {
        print
        file = dir "/" $3
        while ((getline line < file) > 0) print line
        skip = 1
        next
    }
    /^<!-- end [a-z]+ -->$/ { skip = 0 }
    !skip { print }
' README.md >"$work/README.md"

if [ "${1:-}" = --check ]; then
    diff -u README.md "$work/README.md"
else
    cat "$work/README.md" >README.md
fi
