#!/usr/bin/env bash
# run.sh BUILD_DIR [KILLS] - studies from outside: broken recordings, kills, parts, four at once, signals, changes.
#
# A small study is made (EMG and accelerometer, five recordings broken in different ways), and every way to its end
# must leave the same bytes as one run that nothing disturbs. KILLS: how often a run is killed [12].
# Ends in one line "N passed, N failed".
set -u
build=$(cd "${1:?usage: run.sh BUILD_DIR [KILLS]}" && pwd) || exit 1
kills=${2:-12}
myotab=$build/myotab
passed=0
failed=0
# in memory where there is some: the disk's fsync is not what is tested here
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(df -k --output=avail /dev/shm | tail -n 1)" -gt 1000000 ]; then
    export TMPDIR=/dev/shm
fi
work=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export LC_ALL=C
cd "$work" || exit 1

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

# check NAME COMMAND... - passed if the command succeeds
check() {
    local name=$1
    shift
    "$@" >check.log 2>&1
    local status=$?
    verdict $status "$name"
    [ $status = 0 ] || tail -n 15 check.log
}

# same_tree A B - every file, dot files too
same_tree() {
    diff -r "$1" "$2"
}

# expect CODE COMMAND... - the exit code; messages go to the file `said`
expect() {
    local want=$1 code
    shift
    "$@" >out.log 2>said
    code=$?
    [ "$code" = "$want" ] || {
        echo "exit $code, wanted $want: $*"
        cat said
        return 1
    }
}

no_dot_files() {
    [ -z "$(find "$1" -name '.*' ! -path "$1")" ] || {
        ls -A "$1"
        return 1
    }
}

# --- the study: 12 good recordings, 5 broken ones

make_study() {
    local i
    mkdir -p s/below
    for i in 1 2 3 4; do
        "$myotab" synth pre-post -o made --seed "$i" --set duration_s=$((30 + 10 * i)) --set fs=1000 || return 1
        mv made/p01_pre.edf "s/p${i}_pre.edf" && mv made/p01_post.edf "s/p${i}_post.edf" || return 1
    done
    for i in 5 6 7 8; do
        "$myotab" synth acc-mixed -o made --seed "$i" --set name="p$i" --set duration_s=60 || return 1
    done
    mv made/*.edf s/
    mv s/p8.edf s/below/
    head -c 20000 s/p1_pre.edf >s/cut.edf
    : >s/empty.edf
    awk 'BEGIN { srand(7); for (i = 0; i < 20000; i++) printf "%c", 1 + int(127 * rand()) }' >s/random.edf
    echo '<!DOCTYPE html><html><body>not found</body></html>' >s/page.edf
    {
        printf 'path\tparticipant_id\tsession_id\tcondition\tgroup\tminutes_from_dose\tunit\tremark\n'
        for i in 1 2 3 4; do
            printf 'p%d_pre.edf\tp%d\t1\tpre\ta\t-30\tn/a\t=1+1\n' "$i" "$i"
            [ "$i" = 2 ] && printf 'missing.edf\tq1\t1\tpre\tb\tn/a\tn/a\tn/a\n'
            [ "$i" = 3 ] && printf 'cut.edf\tq2\t1\tpre\tb\tn/a\tn/a\tn/a\n'
            printf 'p%d_post.edf\tp%d\t2\tpost\ta\t30\tn/a\t"a ""b"""\n' "$i" "$i"
        done
        printf 'random.edf\tq3\t1\tpre\tb\tn/a\tn/a\tn/a\n'
        for i in 5 6 7; do
            printf 'p%d.edf\tp%d\t1\t\tb\tn/a\tg\tn/a\n' "$i" "$i"
        done
        printf 'empty.edf\tq4\t1\tpre\tb\tn/a\tn/a\tn/a\n'
        printf 'below/p8.edf\tp8\t1\trest\tb\tn/a\tn/a\tn/a\n'
        printf 'page.edf\tq5\t1\tpre\tb\tn/a\tn/a\tn/a\n'
    } >s/manifest.tsv
    grep -v '	q[1-5]	' s/manifest.tsv >s/good.tsv
}
check "a study is made" make_study
batch=("$myotab" batch s/manifest.tsv -j 2)

# --- five broken recordings

five_reasons() {
    expect 1 "${batch[@]}" -o plain || return 1
    [ "$(awk -F'\t' 'NR > 1 && $(NF - 1) == "done"' plain/recordings.tsv | wc -l)" = 12 ] &&
        [ "$(awk -F'\t' '$(NF - 1) == "failed" { print $NF }' plain/recordings.tsv | sort -u | wc -l)" = 5 ] &&
        [ "$(grep -c '^myotab: s/' said)" -ge 5 ] && ! grep -q '	s/' plain/recordings.tsv
}
check "broken recordings fail alone, each with its reason" five_reasons
check "nothing but results is left" no_dot_files plain

others_are_the_same() {
    local file
    expect 0 "$myotab" batch s/good.tsv -j 1 -o good || return 1
    for file in good/sub-*; do
        cmp "$file" "plain/${file#good/}" || return 1
    done
    [ "$(find plain -name 'sub-*' | wc -l)" = "$(find good -name 'sub-*' | wc -l)" ] &&
        cmp good/summary.tsv plain/summary.tsv
}
check "the others are as without them" others_are_the_same
again() {
    cp -r plain again && expect 1 "${batch[@]}" -v -o again && grep -q '12 complete results kept' said &&
        same_tree plain again
}
check "a second run keeps everything" again
from_elsewhere() {
    (cd s && expect 1 "$myotab" batch manifest.tsv -j 3 -o ../elsewhere) && same_tree plain elsewhere
}
check "the folder it is started from does not matter" from_elsewhere
plan() {
    expect 0 "${batch[@]}" -o plain --dry-run && [ "$(grep -c 'done$' out.log)" = 12 ] &&
        [ "$(grep -c 'left$' out.log)" = 5 ] && expect 0 "${batch[@]}" -o nowhere --dry-run &&
        [ "$(grep -c 'left$' out.log)" = 17 ] && [ ! -e nowhere ] && same_tree plain again
}
check "a dry run tells and writes nothing" plan
status_of_finished() {
    expect 0 "$myotab" status plain && grep -q '^17 recordings: 12 done, 5 failed, 0 left$' out.log &&
        [ "$(grep -c '^failed: row' out.log)" = 5 ] && expect 1 "$myotab" status s
}
check "status of a finished study" status_of_finished

# --- kill -9 at random moments; RANDOM is seeded so that a failure can be looked at again

killed() {
    local i pid
    RANDOM=4242
    rm -rf killed
    for ((i = 0; i < kills; i++)); do
        "${batch[@]}" -o killed >/dev/null 2>&1 &
        pid=$!
        sleep "0.$(printf %03d $((RANDOM % 180)))"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        [ ! -e killed/.myotab-study ] || "$myotab" status killed >status.log 2>&1 || {
            cat status.log
            return 1
        }
        # every now and then begin with some results lost, so that there is work to interrupt
        [ $((i % 4)) != 3 ] || rm -f killed/sub-p[1-4]*_run.json
    done
    expect 1 "${batch[@]}" -o killed && same_tree plain killed
}
check "killed $kills times and resumed" killed

# --- parts

parts() {
    local i first last
    rm -rf "$1"
    for i in 0 1 2 3 4 5 6; do
        first=$((17 * i / 7 + 1)) last=$((17 * (i + 1) / 7))
        "${batch[@]}" -o "$1" --rows "$first:$last" >/dev/null 2>&1 &
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
            wait -n
        done
    done
    wait
}
parts_join() {
    parts joined && [ ! -e joined/recordings.tsv ] && expect 0 "$myotab" status joined &&
        grep -q '12 done, 5 failed, 0 left' out.log && expect 1 "$myotab" collect joined &&
        same_tree plain joined && expect 1 "$myotab" collect joined && same_tree plain joined
}
check "7 parts, two at a time, and collect" parts_join
parts_then_batch() {
    parts mixed && expect 1 "${batch[@]}" -v -o mixed && grep -q '12 complete results kept' said &&
        same_tree plain mixed
}
check "a batch over parts keeps what they made" parts_then_batch
part_missing() {
    rm -rf half
    "${batch[@]}" -o half --rows 1:9 2>/dev/null
    expect 1 "$myotab" collect half && grep -q '8 of 17 recordings left' said &&
        [ "$(awk -F'\t' '$(NF - 1) == "left"' half/recordings.tsv | wc -l)" = 8 ] || return 1
    "${batch[@]}" -o half --rows 10:17 2>/dev/null
    expect 1 "$myotab" collect half && same_tree plain half
}
check "collect says what no part has done" part_missing
part_again() {
    cp -r plain redone && expect 1 "${batch[@]}" -o redone --rows 3:5 && expect 1 "$myotab" collect redone &&
        same_tree plain redone
}
check "one part of a finished study again" part_again
part_of_another() {
    rm -rf other
    "${batch[@]}" -o other --rows 1:2 2>/dev/null
    expect 2 "$myotab" batch s/good.tsv -o other --rows 3:4 && grep -q 'another manifest' said &&
        expect 0 "$myotab" batch s/good.tsv -o other && [ -e other/recordings.tsv ] &&
        expect 2 "${batch[@]}" -o other --rows 5:99 && expect 2 "${batch[@]}" -o other --rows 3:2
}
check "parts of another manifest are refused" part_of_another
participants() {
    rm -rf people
    expect 0 "${batch[@]}" -o people --participant-label p1 --participant-label p5 || return 1
    [ "$(find people -name '*_run.json' | wc -l)" = 3 ] && expect 2 "${batch[@]}" -o people --participant-label p99
}
check "single participants" participants

# --- four at once

# slow: a recording long enough, read in small enough pieces, to be still at work when the others come
slow=("$myotab" batch slow/manifest.tsv -j 1 --isa ref --set run.chunk_s=0.01)
slow_study() {
    mkdir slow && "$myotab" synth emg-noise -o slow --seed 1 --set name=once --set duration_s=1800 &&
        "$build/tests/memory" repeat slow/once.edf slow/long.edf 6 && rm slow/once* &&
        printf 'path\tparticipant_id\tsession_id\nlong.edf\tx\t1\n' >slow/manifest.tsv
}
check "a slow study is made" slow_study
four_at_once() {
    local i pid owner
    for i in 1 2 3 4; do
        (
            "${slow[@]}" -o four 2>"four-$i.said"
            echo $? >"four-$i.code"
        ) &
    done
    sleep 0.3
    expect 0 "$myotab" status four && grep -q '^running: process [0-9]* on ' out.log || return 1
    owner=$(sed -n 's/^running: process \([0-9]*\) .*/\1/p' out.log)
    wait
    [ "$(cat four-?.code | sort | tr '\n' ' ')" = "0 3 3 3 " ] &&
        [ "$(grep -l "in use by process $owner on $(uname -n) (rows all)" four-?.said | wc -l)" = 3 ] &&
        no_dot_files four
}
check "of four at once one works, three name it" four_at_once
detect_and_batch() {
    "${slow[@]}" -o shared 2>/dev/null &
    sleep 0.2
    expect 3 "$myotab" detect s/p1_pre.edf -o shared && grep -q 'in use by process' said
    local status=$?
    wait
    return $status
}
check "detect does not write where a batch works" detect_and_batch

# --- signals

# stopped SIGNAL CODE
stopped() {
    local pid code before after
    rm -rf stopped
    "${slow[@]}" -o stopped 2>stop.said &
    pid=$!
    sleep 0.2
    before=$(date +%s%N)
    kill -s "$1" "$pid"
    wait "$pid"
    code=$?
    after=$(date +%s%N)
    echo "exit $code after $(((after - before) / 1000000)) ms"
    cat stop.said
    [ "$code" = "$2" ] && [ $(((after - before) / 1000000)) -lt 2000 ] && grep -q '1 of 1 recordings left' stop.said &&
        [ -z "$(find stopped -name '*.tmp' -o -name '*.lock' -o -name 'sub-*')" ] &&
        expect 0 "$myotab" status stopped && grep -q 'left: rows 1$' out.log &&
        expect 0 "$myotab" batch slow/manifest.tsv -o stopped && same_tree four stopped
}
check "SIGTERM ends it in order" stopped TERM 143

# --- what changes is made again

changed_parameter() {
    cp -r plain changed
    expect 1 "${batch[@]}" -v -o changed --set emg.gap_ms=40 && grep -q '^myotab: changed: 12 results made again' said &&
        expect 1 "${batch[@]}" -o fresh --set emg.gap_ms=40 && same_tree fresh changed &&
        ! cmp -s plain/sub-p1_ses-1_p1_pre_run.json fresh/sub-p1_ses-1_p1_pre_run.json
}
check "other parameters" changed_parameter
edited_table() {
    cp -r plain edited
    sed -i '2s/1/2/' edited/sub-p2_ses-1_p2_pre_summary.tsv
    rm edited/sub-p3_ses-2_p3_post_bursts.tsv
    echo >>edited/summary.tsv
    head -c 100 plain/sub-p4_ses-1_p4_pre_run.json >edited/sub-p4_ses-1_p4_pre_run.json
    expect 1 "${batch[@]}" -v -o edited && grep -q '3 results made again' said && same_tree plain edited
}
check "damaged results" edited_table
changed_input() {
    cp -r plain input && cp -r s s2 && mv s2 moved && cp s/p2_post.edf moved/p1_pre.edf &&
        expect 1 "$myotab" batch moved/manifest.tsv -o input && expect 1 "$myotab" batch moved/manifest.tsv -o input2 &&
        same_tree input input2 && rm moved/p1_pre.edf && expect 1 "$myotab" batch moved/manifest.tsv -o input &&
        [ -z "$(find input -name '*p1_pre_*')" ] && grep -q '^p1_pre.edf.*failed' input/recordings.tsv
}
check "a changed and a vanished input" changed_input
shorter_manifest() {
    cp -r plain strangers && expect 0 "$myotab" batch s/good.tsv -o strangers && same_tree good strangers || return 1
    head -n 5 s/good.tsv >s/few.tsv
    expect 0 "$myotab" batch s/few.tsv -o strangers && grep -q 'left 8 results that no row' said &&
        [ -e strangers/sub-p8_ses-1_p8_run.json ]
}
check "results of rows that are gone" shorter_manifest

# --- many rows, no room, no right

many_missing() {
    local start end
    mkdir -p many
    awk 'BEGIN { print "path\tparticipant_id\tsession_id"
        for (i = 1; i <= 10000; i++) print "x" i ".edf\tp" i "\t1" }' >many/manifest.tsv
    start=$(date +%s%N)
    expect 1 "$myotab" batch many/manifest.tsv -o manyout || return 1
    end=$(date +%s%N)
    echo "$(((end - start) / 1000000)) ms"
    [ "$(wc -l <said)" = 10001 ] && [ "$(wc -l <manyout/recordings.tsv)" = 10001 ] &&
        [ $(((end - start) / 1000000)) -lt 2000 ] && no_dot_files manyout
}
check "10,000 missing recordings within 2 s" many_missing
among_inputs() {
    expect 2 "${batch[@]}" -o s && grep -q 'holds the input' said && expect 2 "${batch[@]}" -o s/below &&
        expect 1 "${batch[@]}" -o s/derivatives && same_tree plain s/derivatives
}
check "never among the recordings" among_inputs
wrong_manifest() {
    sed '3s/p1/../' s/manifest.tsv | sed 's/^path/pfad/' >s/wrong.tsv
    expect 2 "$myotab" batch s/wrong.tsv -o wrong && [ ! -e wrong ] && grep -q '^myotab: s/wrong.tsv: ' said &&
        expect 2 "$myotab" batch s/nothing.tsv -o wrong && [ ! -e wrong ] &&
        expect 2 "${batch[@]}" -o wrong --set emg.gap_ms=x && [ ! -e wrong ]
}
check "a wrong manifest writes nothing" wrong_manifest
read_only() {
    mkdir locked && chmod 555 locked
    expect 3 "${batch[@]}" -o locked && expect 3 "${batch[@]}" -o locked/below && : >file &&
        expect 3 "${batch[@]}" -o file && expect 3 "${batch[@]}" -o file/below
}
if [ "$(id -u)" = 0 ]; then
    echo "skip  read-only folders: root may write anywhere"
else
    check "read-only folders" read_only
fi

few_descriptors() {
    (ulimit -n 8 && exec "${batch[@]}" -j 8 -o few 2>/dev/null)
    [ $? = 1 ] && same_tree plain few
}
check "eight descriptors are enough" few_descriptors
little_memory() {
    (ulimit -v 40000 && exec "${batch[@]}" -o little >/dev/null 2>&1)
    local code=$?
    [ $code = 1 ] || [ $code = 3 ] || {
        echo "exit $code"
        return 1
    }
    expect 1 "${batch[@]}" -o little && same_tree plain little
}
check "little memory, then enough" little_memory

# full SIZE_K - a batch on a file system of that size, then with room
full() {
    cat >inside <<'S'
mount -t tmpfs -o size=2m none room && head -c $((2097152 - $1 * 1024)) /dev/zero >room/ballast || exit 99
"$2" batch s/manifest.tsv -j 2 -o room/r >/dev/null 2>errors
code=$?
if [ $code = 3 ]; then
    grep -q 'No space left on device' errors || { cat errors; exit 98; }
    [ -z "$(find room -name '*.tmp')" ] || exit 97
    for file in room/r/sub-*; do
        [ ! -e "$file" ] || cmp "$file" "plain/${file##*/}" || exit 96
    done
    rm room/ballast
    "$2" status room/r || [ ! -e room/r ] || [ ! -e room/r/.myotab-study ] || exit 95
    "$2" batch s/manifest.tsv -o room/r
fi
diff -r plain room/r && exit $code
S
    local size code seen=
    mkdir -p room
    for size in 4 16 40 80 130 180; do
        unshare -rm bash -u inside "$size" "$myotab" >full.log 2>&1
        code=$?
        seen="$seen $code"
        case $code in
        1 | 3) ;;
        *)
            echo "${size}k: $code"
            cat full.log
            return 1
            ;;
        esac
    done
    echo "exit codes:$seen"
}
if unshare -rm true 2>/dev/null; then
    check "no room, then room" full
else
    echo "skip  no room: no user name spaces here"
fi

echo "$passed passed, $failed failed"
