#!/usr/bin/env bash
# growth.sh [FOLDER] - time and memory of detect against duration, channels, events and number of recordings: writes
# tests/bench/growth.tsv and its figure growth.svg. FOLDER (build/bench) needs 11 GB, and every file is read once before
# it is measured, so the page cache should hold it. Run it on a quiet machine.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-build/bench}
out=tests/bench
mkdir -p "$folder" "$out"
ninja -C build -j2 myotab memory >/dev/null
myotab=build/myotab
tool=build/tests/memory

# made NAME SCENARIO OPTIONS... - a synthetic recording, unless it is there
made() {
    local name=$1
    shift
    [ -e "$folder/$name.edf" ] || $myotab synth "$@" -o "$folder" --set name="$name"
}

# row AXIS VALUE UNIT SAMPLES RECORDING... - one measured point
row() {
    local axis=$1 value=$2 unit=$3 samples=$4 kib seconds events
    shift 4
    rm -rf "$folder/results"
    cat "$@" >/dev/null
    read -r kib seconds < <($tool peak $myotab detect "$@" -o "$folder/results" -j1)
    events=$(cat "$folder"/results/*_events.tsv | awk '!/^onset/ { n++ } END { print n + 0 }')
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$axis" "$value" "$unit" "$samples" "$events" "$seconds" "$kib"
}

{
    printf 'axis\tvalue\tunit\tsamples\tevents\tseconds\tpeak_kib\n'
    made minute day --seed 5 --set duration_s=60
    made hour day --seed 1 --set duration_s=3600
    row duration 0.0166667 h $((60 * 16000)) "$folder/minute.edf"
    for hours in 1 4 12 24 48; do
        file=$folder/day-$hours.edf
        [ -e "$file" ] || $tool repeat "$folder/hour.edf" "$file" $hours
        row duration $hours h $((hours * 3600 * 16000)) "$file"
    done
    for channels in 1 4 16 64 256; do
        made channels-$channels day --seed 6 --set duration_s=300 --set n_channels=$channels
        row channels $channels "channels, 300 s" $((300 * 2000 * channels)) "$folder/channels-$channels.edf"
    done
    for rate in 0 1 10 30 60; do
        made density-$rate emg-jerks --seed 7 --set n_channels=8 --set duration_s=1800 --set jerk_per_min=$rate
        row events $rate "jerks/min and channel" $((1800 * 16000)) "$folder/density-$rate.edf"
    done
    for n in 1 10 100 500; do
        list=()
        for i in $(seq $n); do
            cp "$folder/minute.edf" "$folder/m$i.edf"
            list+=("$folder/m$i.edf")
        done
        row recordings $n "recordings of a minute" $((n * 60 * 16000)) "${list[@]}"
        rm -f "${list[@]}"
    done
} >"$out/growth.tsv"
scripts/growth-figure.awk "$out/growth.tsv" >"$out/growth.svg"
column -t -s "$(printf '\t')" "$out/growth.tsv"
