#!/usr/bin/env bash
# bench.sh [HOURS [FOLDER]] - how fast, for the README: `myotab bench` on HOURS (24) of eight muscles at 2 kHz, text and many
# short recordings, and beside it the programs people use, where they are installed (aubio-tools,
# python3-mne, and NeuroKit2 for python3). Writes tests/bench/{machine,speed,peers}.tsv; scripts/gendoc.sh puts them into
# the README. FOLDER (build/bench) needs 1 GB and 120 MB an hour. Run it on a quiet machine.
set -eu
cd "$(dirname "$0")/.."

hours=${1:-24}
folder=${2:-build/bench}
out=tests/bench
mkdir -p "$folder" "$out"
ninja -C build -j2 myotab memory >/dev/null
myotab=build/myotab
tool=build/tests/memory

hour=$folder/hour.edf
file=$folder/day-$hours.edf
[ -e "$hour" ] || $myotab synth day -o "$folder" --seed 1 --set name=hour --set duration_s=3600
[ -e "$file" ] || $tool repeat "$hour" "$file" "$hours"

# median: of the numbers on stdin
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# seconds COMMAND... - wall time of one run
seconds() { $tool peak "$@" 2>/dev/null | awk 'END { print $2 }'; }
# five COMMAND... - median wall time of five
five() { for _ in 1 2 3 4 5; do seconds "$@"; done | median; }
# per WHAT SECONDS - million a second
per() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.4g", n / s / 1e6 }'; }

{
    printf 'what\tvalue\n'
    printf 'processor\t%s, %s cores\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
    $myotab --version | sed -n 's/^ *\(compiler\|instruction sets\|FFTW\)[: ]*/\1\t/p'
    printf 'recording\t%s h, 8 channels, 2000 Hz, 16 bits, %s bytes, in the page cache\n' "$hours" "$(stat -c %s "$file")"
} >"$out/machine.tsv"

cat "$file" >/dev/null
$myotab bench "$file" -j2 >"$out/speed.tsv"
read -r kib _ < <($tool peak $myotab detect "$file" -o "$folder/results" -j1)
printf 'whole\tresident memory, detect -j1\tn/a\t%s\tMiB\tn/a\tn/a\n' "$(awk -v k="$kib" 'BEGIN { printf "%.4g", k / 1024 }')" \
    >>"$out/speed.tsv"

# Eight million numbers as text, through the decoder alone (myotab bench) in MB/s of file.
text=$folder/text.csv
if [ ! -e "$text" ]; then
    $myotab synth emg-clean -o "$folder" --seed 2 --set name=text --set format=csv --set n_channels=8 --set fs=2000 \
        --set duration_s=500
fi
$myotab bench "$text" -j2 | awk -F'\t' -v OFS='\t' -v bytes="$(stat -c %s "$text")" '
    $1 == "stage" && $2 == "decode" { print "format", "text, 8 million numbers", "n/a", sprintf("%.4g", $4 * bytes / 8e6), "MB/s",
        "n/a", "n/a" }' >>"$out/speed.tsv"

# Five hundred recordings of a minute against one of the same length, a core.
many=$folder/many
if [ ! -e "$many/manifest.tsv" ]; then
    mkdir -p "$many"
    $myotab synth day -o "$many" --seed 3 --set name=minute --set duration_s=60
    printf 'path\tparticipant_id\tsession_id\n' >"$many/manifest.tsv"
    for i in $(seq 500); do
        cp "$many/minute.edf" "$many/m$i.edf"
        printf 'm%s.edf\tp%s\t1\n' "$i" "$i" >>"$many/manifest.tsv"
    done
    $tool repeat "$many/minute.edf" "$many/one.edf" 500
fi
cat "$many"/*.edf >/dev/null
one=$(five $myotab detect "$many/one.edf" -o "$folder/results" -j1)
# Nothing is removed before the end: ext4 passes over inodes that were given up in the last minutes, which takes time of its own.
studies=$folder/studies-$(date +%s)
mkdir -p "$studies"
batch=$(for k in 1 2 3 4 5; do seconds $myotab batch "$many/manifest.tsv" -o "$studies/$k" -j1; done | median)
rm -rf "$studies"
printf 'whole\tbatch of 500 minutes, wall, a core\tn/a\t%s\tMsamples/s\t%s\tone recording of 500 minutes\n' \
    "$(per $((500 * 60 * 2000 * 8)) "$batch")" "$(awk -v a="$one" -v b="$batch" 'BEGIN { printf "%.3g", a / b }')" >>"$out/speed.tsv"

# ---- what people use, whole process, the same file: eight muscles for an hour, one muscle for four ----
muscle=$folder/muscle.wav
[ -e "$muscle" ] || $myotab synth day -o "$folder" --seed 4 --set name=muscle --set n_channels=1 --set duration_s=14400 --set format=wav
cat "$hour" "$muscle" >/dev/null
n_hour=$((3600 * 2000 * 8)) n_muscle=$((4 * 3600 * 2000))
our_hour=$(five $myotab detect "$hour" -o "$folder/results" -j1)
our_muscle=$(five $myotab detect "$muscle" -o "$folder/results" -j1)
# row PROGRAM FILE SAMPLES OURS SECONDS
row() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$5" "$(per "$3" "$5")" "$(awk -v a="$5" -v b="$4" 'BEGIN { printf "%.3g", a / b }')"; }
on_hour() { row "$1" "1 h of 8 muscles, EDF" "$n_hour" "$our_hour" "$2"; }
on_muscle() { row "$1" "4 h of a muscle, WAV" "$n_muscle" "$our_muscle" "$2"; }
{
    printf 'program\trecording\tseconds\tMsamples_per_s\ttimes_myotab\n'
    on_hour "myotab detect: read, filter, detect, classify, tables" "$our_hour"
    if /usr/bin/python3 -c 'import mne' 2>/dev/null; then
        on_hour "MNE $(/usr/bin/python3 -c 'import mne; print(mne.__version__)'): read and band-pass" "$(five /usr/bin/python3 -c '
import sys, mne
raw = mne.io.read_raw_edf(sys.argv[1], preload=True, verbose="error")
raw.filter(20, 450, picks="all", verbose="error")' "$hour")"
    fi
    on_muscle "myotab detect: the same" "$our_muscle"
    if command -v aubioonset >/dev/null; then
        version=$(dpkg-query -W -f '${Version}' aubio-tools)
        on_muscle "aubioonset $version: onsets, a look every 128 ms" "$(five aubioonset -i "$muscle")"
        on_muscle "aubioonset $version: onsets, a look every 8 ms" "$(five aubioonset -i "$muscle" -B 64 -H 16)"
    fi
    if /usr/bin/python3 -c 'import neurokit2' 2>/dev/null; then
        on_muscle "NeuroKit2: emg_process" "$(five /usr/bin/python3 -c '
import sys, soundfile, neurokit2
neurokit2.emg_process(soundfile.read(sys.argv[1])[0], sampling_rate=2000)' "$muscle")"
    fi
} >"$out/peers.tsv"
column -t -s "$(printf '\t')" "$out/machine.tsv" "$out/peers.tsv"
grep -E '^(whole|limit|stage|format)|scan32' "$out/speed.tsv" | column -t -s "$(printf '\t')"
