#!/usr/bin/env bash
# run.sh BUILD_DIR [--redo] - every case: a command line whose exit code, output and files are as expected.
#
# A case is a folder: `cmd`, run by bash in an empty folder that has `samples`, with `myotab` in the PATH;
# expected.stdout, expected.stderr (none: nothing), expected.code (none: 0), and expected.files/ with files that
# `cmd` must leave as `out/...`. A case with a script `needs` is left out, and that is said, where it fails.
# --redo writes what was found in place of what was expected (scripts/redo-golden.sh).
# Ends in one line "N passed, N failed".
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
build=$(cd "${1:?usage: run.sh BUILD_DIR [--redo]}" && pwd) || exit 1
redo=${2:-}
passed=0
failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export PATH=$build:$PATH LC_ALL=C TZ=UTC

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

# run_case CASE - leaves stdout, stderr, code and the folder `dir` in $work/CASE
run_case() {
    mkdir -p "$work/$1/dir"
    ln -s "$here/../../samples" "$work/$1/dir/samples"
    (
        cd "$work/$1/dir" || exit 1
        timeout 120 bash -u "$here/$1/cmd" >../stdout 2>../stderr </dev/null
        echo $? >../code
    )
}

# same CASE NAME - the stream or code against its expectation; nothing expected is an empty file, code 0
same() {
    local expected=$here/$1/expected.$2
    if [ ! -e "$expected" ]; then
        expected=$work/nothing
        if [ "$2" = code ]; then echo 0; fi >"$expected"
    fi
    diff -u --label "expected $2" --label "found $2" "$expected" "$work/$1/$2"
}

compare() {
    local bad=0 file
    for file in stdout stderr code; do
        same "$1" "$file" || bad=1
    done
    while read -r file; do
        diff -u --label "expected $file" --label "found $file" "$here/$1/expected.files/$file" \
            "$work/$1/dir/out/$file" || bad=1
    done < <(ls "$here/$1/expected.files" 2>/dev/null)
    verdict $bad "$1"
}

rewrite() {
    local file
    for file in stdout stderr code; do
        rm -f "$here/$1/expected.$file"
        if [ "$file" = code ] && [ "$(cat "$work/$1/code")" = 0 ]; then continue; fi
        [ ! -s "$work/$1/$file" ] || cp "$work/$1/$file" "$here/$1/expected.$file"
    done
    while read -r file; do
        cp "$work/$1/dir/out/$file" "$here/$1/expected.files/$file"
    done < <(ls "$here/$1/expected.files" 2>/dev/null)
}

for path in "$here"/*/cmd; do
    name=$(basename "$(dirname "$path")")
    if [ -e "$here/$name/needs" ] && ! bash "$here/$name/needs" >/dev/null 2>&1; then
        echo "skip  $name: $(sed -n 's/^# //p' "$here/$name/needs" | head -n 1)"
        continue
    fi
    run_case "$name"
    if [ "$redo" = --redo ]; then
        rewrite "$name"
    else
        compare "$name"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
