#!/usr/bin/env bash
# day.sh [FOLDER] - peak memory and time for 24 and 48 hours of eight muscles at 2 kHz (2.8 and 5.5 GB) with the
# program in build/. FOLDER (build/day) needs 9 GB of room and keeps the recordings.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-build/day}
room=$(mkdir -p "$folder" && df -Pk "$folder" | awk 'NR == 2 { print $4 }')
if [ ! -e "$folder/two-days.edf" ] && [ "$room" -lt 9000000 ]; then
    echo "day.sh: $folder has room for $room kB, needed 9000000" >&2
    exit 1
fi
ninja -C build -j2 myotab memory >/dev/null
[ -e "$folder/day.edf" ] || build/myotab synth day -o "$folder" --seed 1
[ -e "$folder/two-days.edf" ] || build/tests/memory repeat "$folder/day.edf" "$folder/two-days.edf" 2

printf 'recording\tthreads\tpeak_kib\tseconds\tevents\tbursts\n'
for stem in day two-days; do
    for threads in 1 2; do
        read -r kib seconds < <(build/tests/memory peak build/myotab detect "$folder/$stem.edf" \
            -o "$folder/results" -j "$threads")
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$stem" "$threads" "$kib" "$seconds" \
            "$(($(wc -l <"$folder/results/${stem}_events.tsv") - 1))" \
            "$(($(wc -l <"$folder/results/${stem}_bursts.tsv") - 1))"
    done
done
