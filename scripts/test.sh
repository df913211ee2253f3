#!/usr/bin/env bash
# test.sh - every test. Ends in one line "N passed, N failed"; the exit code is not 0 if any failed.
#
# Further suites join by a file tests/<suite>/run.sh: it is called with the folder of the build and ends its
# output with such a line itself.
set -u
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0
logs=build/test-logs

# count N_PASSED N_FAILED
count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# step NAME COMMAND... - one check: passed if the command succeeds; its output is shown only if not.
step() {
    local name=$1 log
    shift
    log=$logs/${name//[^A-Za-z0-9]/_}.log
    if "$@" >"$log" 2>&1; then
        count 1 0
        echo "ok    $name"
    else
        count 0 1
        echo "FAIL  $name"
        tail -n 40 "$log"
        return 1
    fi
}

# configure FOLDER ARGUMENTS... - a build with warnings as errors
configure_and_build() {
    local folder=$1
    shift
    cmake -S . -B "$folder" -G Ninja -DMYO_WERROR=ON -DMYO_TESTS=ON "$@" && ninja -C "$folder" -j2
}

# sum_check_log NAME LOG STATUS - numbers of one Check program
sum_check_log() {
    local name=$1 log=$2 status=$3 line checks failures errors
    line=$(grep -E '^[0-9]+%: Checks: ' "$log" | tail -n 1)
    if [ -z "$line" ]; then
        count 0 1
        echo "FAIL  $name (no result, status $status)"
        tail -n 40 "$log"
        return
    fi
    checks=$(sed -E 's/.*Checks: ([0-9]+).*/\1/' <<<"$line")
    failures=$(sed -E 's/.*Failures: ([0-9]+).*/\1/' <<<"$line")
    errors=$(sed -E 's/.*Errors: ([0-9]+).*/\1/' <<<"$line")
    if [ $((failures + errors)) -eq 0 ] && [ "$status" -ne 0 ]; then
        errors=1 # as a leak found at the end
        checks=$((checks + 1))
    fi
    count $((checks - failures - errors)) $((failures + errors))
    if [ $((failures + errors)) -eq 0 ]; then
        echo "ok    $name ($checks)"
    else
        echo "FAIL  $name ($line)"
        grep -vE ':P:' "$log" | tail -n 40
    fi
}

run_one() {
    timeout 300 "$1" >"$2" 2>&1
    echo $? >"$2.status"
}

# unit_tests FOLDER LABEL - all Check programs of a build, two at a time
unit_tests() {
    local folder=$1 label=$2 program name
    local programs=()
    for program in "$folder"/tests/test_*; do
        [ -x "$program" ] && programs+=("$program")
    done
    for program in ${programs[@]+"${programs[@]}"}; do
        run_one "$program" "$logs/$label-$(basename "$program").log" &
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
            wait -n
        done
    done
    wait
    for program in ${programs[@]+"${programs[@]}"}; do
        name=$label-$(basename "$program")
        sum_check_log "$name" "$logs/$name.log" "$(cat "$logs/$name.log.status")"
    done
}

# suite SCRIPT - a tests/<suite>/run.sh
suite() {
    local name log line
    name=$(basename "$(dirname "$1")")
    log=$logs/suite-$name.log
    "$1" build >"$log" 2>&1
    line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$')
    if [ -z "$line" ]; then
        count 0 1
        echo "FAIL  $name (no result)"
        tail -n 40 "$log"
        return
    fi
    count "${line%% *}" "$(sed -E 's/.*, ([0-9]+) failed/\1/' <<<"$line")"
    case $line in
    *", 0 failed") echo "ok    $name ($line)" ;;
    *)
        echo "FAIL  $name ($line)"
        tail -n 40 "$log"
        ;;
    esac
}

header_alone() {
    local header
    for header in include/myotab/*.h src/*/*.h; do
        # a kernel's body is a template of one file's text, not a header
        case $header in src/kern/*body.h | src/kern/scan_ref.h) continue ;; esac
        gcc -std=c11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -Iinclude -Isrc -x c "$header" ||
            return 1
    done
}

# The library must stand without the program.
library_alone() {
    ! nm -u build/libmyotab.a | grep -E '\bcli_'
}

shell_scripts() {
    local list=(scripts/*.sh .ci/run)
    for script in tests/*/run.sh; do
        [ -e "$script" ] && list+=("$script")
    done
    shellcheck "${list[@]}"
}

tree_state() {
    git status --porcelain 2>/dev/null
}

# The checks are of results, not of time: a busy machine may be slow.
export CK_DEFAULT_TIMEOUT=120

mkdir -p "$logs"
before=$(tree_state)
rm -f "$logs"/*

step setup scripts/setup.sh all
if step "build gcc release" configure_and_build build -DCMAKE_BUILD_TYPE=Release -DMYO_SANITIZE=; then
    unit_tests build gcc
    for script in tests/*/run.sh; do
        [ -x "$script" ] && suite "$script"
    done
    step "library alone" library_alone
    step "documentation is up to date" scripts/gendoc.sh --check
fi
if step "build gcc sanitizers" configure_and_build build-asan -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG="-O1 -g" -DMYO_SANITIZE=address; then
    unit_tests build-asan asan
fi
if step "build clang release" configure_and_build build-clang -DCMAKE_C_COMPILER=clang \
    -DCMAKE_BUILD_TYPE=Release -DMYO_SANITIZE=; then
    unit_tests build-clang clang
fi
step "headers compile alone" header_alone
step "include order" scripts/layers.sh
step "function and file lengths" scripts/flen.sh
step "shell scripts" shell_scripts
step "no file left behind" [ "$(tree_state)" = "$before" ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
