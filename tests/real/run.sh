#!/usr/bin/env bash
# run.sh BUILD_DIR - every real recording of ../shared/data is analysed, or refused with the right message. One
# check per row of expect.tsv: file, options ("-" for none), what is looked at, what is expected.
#
#   exit                     exit code of `myotab detect FILE OPTIONS -o DIR`
#   says                     text that a line on stderr contains
#   kind:CHANNEL             kind in channels.tsv
#   n:TYPE[:CHANNEL]         number of events, LO..HI; TYPE * is any
#   s:TYPE[:CHANNEL]         their summed duration, seconds
#   share:TYPE[:CHANNEL]     the same in % of the channel's duration
#   hz:TYPE[:CHANNEL]        freq_hz of the longest of them
#   onsets:TYPE[:CHANNEL]    exactly these onsets, each within 0.2 s
#
# Ends in one line "N passed, N failed". Without ../shared/data nothing is checked, and that is said.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
build=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd) || exit 1
data=$here/../../../shared/data
passed=0
failed=0

if [ ! -d "$data" ]; then
    echo "skip  no ../shared/data: real recordings are not checked"
    echo "0 passed, 0 failed"
    exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$data" || exit 1

# verdict STATUS NAME
verdict() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "ok    $2"
    else
        failed=$((failed + 1))
        echo "FAIL  $2"
    fi
}

# analyse FILE OPTIONS - results in $out, once for all rows of the pair
analyse() {
    local options=()
    [ "$2" = - ] || read -ra options <<<"$2"
    out=$work/$(tr -c 'A-Za-z0-9' _ <<<"$1 $2")
    [ -e "$out.exit" ] && return
    timeout 60 "$build/myotab" detect "$1" ${options[@]+"${options[@]}"} -o "$out" 2>"$out.err" >"$out.out"
    echo $? >"$out.exit"
    decent "$1 $2"
}

# What holds for every file: it ends by itself; messages are single, short lines that name the file; nothing on
# stdout; a refused file has exactly one error and no table.
decent() {
    local code errors
    code=$(cat "$out.exit")
    errors=$(grep -vc ': warning: ' "$out.err")
    [ "$code" -le 1 ] && [ "$errors" -eq "$code" ] && [ ! -s "$out.out" ] &&
        ! grep -qvF "myotab: ${1%% *}: " "$out.err" && ! grep -qE '.{400}' "$out.err" &&
        { [ "$code" -eq 0 ] || [ -z "$(find "$out" -type f -name '*_*' 2>/dev/null)" ]; }
    verdict $? "$1: decent"
    [ "$code" -ne 0 ] || awk -F'\t' 'FNR > 1 && ($6 < $1 || $6 > $1 + $2) { bad++ } END { exit bad > 0 }' "$out"/*_bursts.tsv
    verdict $? "$1: bursts hold their peaks"
}

# measure WHAT TYPE CHANNEL - a number, or the onsets, of the events
measure() {
    awk -F'\t' -v what="$1" -v type="$2" -v channel="$3" '
        FILENAME ~ /_channels\.tsv$/ {
            if (FNR > 1 && (channel == "" || $1 == channel) && $5 > length_s) length_s = $5
            next
        }
        FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        (type == "*" || $3 == type) && (channel == "" || $4 == channel) {
            n++
            s += $2
            onsets = onsets " " $1 + 0
            if ($2 > longest) { longest = $2; hz = $column["freq_hz"] }
        }
        END {
            if (what == "n") print n + 0
            if (what == "s") print s + 0
            if (what == "share") print (length_s > 0 ? 100 * s / length_s : "n/a")
            if (what == "hz") print (n > 0 ? hz : "n/a")
            if (what == "onsets") print substr(onsets, 2)
        }' "$out"/*_channels.tsv "$out"/*_events.tsv
}

# within VALUE LO..HI
within() {
    awk -v v="$1" -v lo="${2%%..*}" -v hi="${2##*..}" \
        'BEGIN { exit !(v ~ /^-?[0-9.]+$/ && v + 0 >= lo + 0 && v + 0 <= hi + 0) }'
}

# near "FOUND..." "EXPECTED..." - as many onsets, each within 0.2 s
near() {
    awk -v found="$1" -v expected="$2" 'BEGIN {
        n = split(found, f, " ")
        if (n != split(expected, e, " ")) exit 1
        for (i = 1; i <= n; i++) if (f[i] - e[i] > 0.2 || e[i] - f[i] > 0.2) exit 1
    }'
}

# check FILE OPTIONS WHAT EXPECTED
check() {
    local name="$1 $2: $3 $4" kind type channel found
    analyse "$1" "$2"
    IFS=: read -r kind type channel <<<"$3"
    case $kind in
    exit)
        [ "$(cat "$out.exit")" = "$4" ]
        verdict $? "$name"
        ;;
    says)
        grep -qF -- "$4" "$out.err"
        verdict $? "$name"
        ;;
    kind)
        found=$(awk -F'\t' -v c="${3#kind:}" '$1 == c { print $2 }' "$out"/*_channels.tsv 2>/dev/null)
        [ "$found" = "$4" ]
        verdict $? "$name (found ${found:-none})"
        ;;
    onsets)
        found=$(measure onsets "$type" "$channel" 2>/dev/null) && near "$found" "$4"
        verdict $? "$name (found $found)"
        ;;
    n | s | share | hz)
        found=$(measure "$kind" "$type" "$channel" 2>/dev/null)
        within "$found" "$4"
        verdict $? "$name (found $found)"
        ;;
    *) verdict 1 "$name: no such check" ;;
    esac
}

while IFS=$'\t' read -r file options what expected; do
    case $file in file | '#'* | '') continue ;; esac
    check "$file" "$options" "$what" "$expected"
done <"$here/expect.tsv"

# Three people at rest, twice each, as a study: three pairs cannot reach 95 %, and the sentence says so.
study() {
    local results=$work/study row
    {
        printf 'path\tparticipant_id\tsession_id\n'
        for person in 811 824 804; do
            for session in 1 2; do
                printf '%s\t%s\t%s\n' "$PWD/pd_rest_accel/sub${person}_ses${session}_rest_acc.csv" "$person" "$session"
            done
        done
    } >"$work/manifest.tsv"
    "$build/myotab" batch "$work/manifest.tsv" -o "$results" -q 2>"$work/refused"
    [ $? -eq 2 ] && grep -q 'line 2, column 1 (path)' "$work/refused" && [ ! -e "$results" ]
    verdict $? "study: recordings outside the manifest's folder are refused"
    "$build/myotab" batch "$work/manifest.tsv" -o "$results" -q --allow-outside &&
        "$build/myotab" compare "$results" -o "$results" --primary tremor:burden_s_per_h
    verdict $? "study: batch and compare"
    [ "$(awk -F'\t' 'NR > 1 && $3 != "all" { print $3 }' "$results/comparison.tsv" | sort -u)" = acc ]
    verdict $? "study: one channel, acc"
    row=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
        NR > 1 && $c["role"] == "primary" { print $c["n_reference"], $c["ci_level"] <= 0.75, $c["sentence"] }' \
        "$results/comparison.tsv")
    [ "${row:0:4}" = "3 1 " ] && grep -q '^3 1 Too few people to say' <<<"$row"
    verdict $? "study: too few people to say ($row)"
}
study

# tremor_share PERSON - % of the time of the person's sessions that STEM_tremor.tsv gives to episodes (p < 0.01)
tremor_share() {
    local file
    for file in pd_rest_accel/sub"$1"_ses*_rest_acc.csv; do
        analyse "$file" -
        cat "$out"/*_channels.tsv "$out"/*_tremor.tsv
    done | awk -F'\t' '
        $1 == "channel" || $1 == "onset" { for (i = 1; i <= NF; i++) c[$i] = i; events = $1 == "onset"; next }
        !events { length_s += $c["duration_s"] }
        events && $c["scope"] == "episode" && $c["p_value"] < 0.01 { s += $c["duration"] }
        END { print 100 * s / length_s }'
}

# The people whose rest tremor shows (811, 824) against controls and 804, who has none to be seen.
apart() {
    local person most=0 least=100 share
    for person in 804 904 914; do
        share=$(tremor_share $person)
        most=$(awk -v a="$most" -v b="$share" 'BEGIN { print (a > b ? a : b) }')
    done
    for person in 811 824; do
        share=$(tremor_share $person)
        least=$(awk -v a="$least" -v b="$share" 'BEGIN { print (a < b ? a : b) }')
    done
    awk -v most="$most" -v least="$least" 'BEGIN { exit !(most <= 1 && least >= 4) }'
    verdict $? "tremor's share of time: $least % and more with visible rest tremor, $most % at most without"
}
apart

# turned FROM TO - the recording backwards; shuffled: in random order
turned() {
    awk -F, -v OFS=, 'NR == 1 { print; next } { t[++n] = $1; $1 = ""; x[n] = $0 }
        END { for (i = 1; i <= n; i++) print t[i] x[n + 1 - i] }' "$1" >"$2"
}
shuffled() {
    awk -F, -v OFS=, 'BEGIN { srand(5) } NR == 1 { print; next } { t[++n] = $1; $1 = ""; x[n] = $0 }
        END { for (i = n; i > 1; i--) { j = 1 + int(rand() * i); y = x[i]; x[i] = x[j]; x[j] = y }
              for (i = 1; i <= n; i++) print t[i] x[i] }' "$1" >"$2"
}

# Backwards a tremor keeps its share of time and its frequency; in random order there is none.
copies() {
    local file=pd_rest_accel/sub824_ses2_rest_acc.csv share hz
    mkdir -p "$work/copies"
    turned "$file" "$work/copies/turned.csv"
    shuffled "$file" "$work/copies/shuffled.csv"
    analyse "$file" -
    share=$(measure share tremor "") hz=$(measure hz tremor "")
    "$build/myotab" detect "$work/copies/turned.csv" "$work/copies/shuffled.csv" -o "$work/copies/out" -q
    for out in "$work"/copies/{turned,shuffled}; do
        mkdir "$out"
        mv "$work/copies/out/${out##*/}"_*.tsv "$out"
    done
    out=$work/copies/turned
    within "$(measure share tremor "")" "$(awk -v s="$share" 'BEGIN { print s - 10 ".." s + 10 }')" &&
        within "$(measure hz tremor "")" "$(awk -v f="$hz" 'BEGIN { print f - 0.3 ".." f + 0.3 }')"
    verdict $? "backwards: tremor $(measure share tremor "") % at $(measure hz tremor "") Hz (forwards $share % at $hz Hz)"
    out=$work/copies/shuffled
    within "$(measure n tremor "")" 0..0
    verdict $? "in random order: $(measure n tremor "") tremor events"
}
copies

# No recording is forgotten.
while read -r file; do
    grep -qF "$file	" "$here/expect.tsv"
    verdict $? "$file: has expectations"
done < <(find . -type f ! -name README.md | sed 's@^\./@@' | sort)

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
