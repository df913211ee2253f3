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
