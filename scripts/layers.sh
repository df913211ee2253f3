#!/usr/bin/env bash
# layers.sh - who may include whom: a folder uses only those of lower rank; some headers and calls have one home.
set -u
cd "$(dirname "$0")/.." || exit 1

bad=0
complain() {
    echo "$1"
    bad=1
}

rank() {
    case $1 in
    myotab) echo 1 ;;
    base) echo 2 ;;
    kern) echo 3 ;;
    dsp | io) echo 4 ;;
    detect) echo 5 ;;
    event) echo 6 ;;
    classify | stats | out) echo 7 ;;
    run) echo 8 ;;
    study | bench) echo 9 ;;
    compare | report) echo 10 ;;
    cli) echo 11 ;;
    *) echo 0 ;;
    esac
}

# check_include FILE LAYER NAME
check_include() {
    local file=$1 layer=$2 name=$3 target
    case $name in
    */*) target=${name%%/*} ;;
    *) target=$layer ;;
    esac
    [ "$target" = "$layer" ] && return
    if [ "$(rank "$target")" -eq 0 ]; then
        complain "$file: includes $name, which is in no layer"
    elif [ "$layer" = cli ] && [ "$target" != myotab ]; then
        complain "$file: the program may include only myotab/*.h and its own headers, not $name"
    elif [ "$(rank "$target")" -ge "$(rank "$layer")" ]; then
        complain "$file: $layer may not include $name"
    fi
}

while IFS=: read -r file name; do
    layer=$(basename "$(dirname "$file")")
    check_include "$file" "$layer" "$name"
done < <(grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' include/myotab/* src/*/*.[ch] |
    sed -E 's/#?[[:space:]]*#[[:space:]]*include[[:space:]]*"//; s/"$//; s/:[[:space:]]*/:/')

# only_in WHAT PATTERN ALLOWED - lines of code with PATTERN may stand only in files that match ALLOWED
only_in() {
    local what=$1 pattern=$2 allowed=$3 hits
    # comments out of the way: whole lines, and those that end on the line they begin
    hits=$(for file in include/myotab/* src/*/*.[ch]; do
        [[ $file =~ $allowed ]] && continue
        sed -E 's@/\*[^*]*\*/@@g; s@^[[:space:]]*(/\*|\*).*@@; s@/\*.*@@' "$file" | grep -nE "$pattern" |
            sed "s@^@$file:@"
    done)
    [ -z "$hits" ] || complain "$what belongs elsewhere:
$hits"
}

call='(^|[^_[:alnum:].>])'
only_in "FFTW" '#include <fftw3\.h>' '^src/dsp/fft\.c$'
only_in "libsndfile" '#include <sndfile\.h>' '^src/io/sndfile\.c$'
only_in "intrinsics" '#include <[a-z0-9]*intrin\.h>' '^src/kern/'
only_in "memory from the system" \
    "$call(malloc|calloc|realloc|free|strdup|strndup|asprintf|vasprintf|aligned_alloc|posix_memalign|getline)[[:space:]]*\(" \
    '^src/base/mem\.c$'
only_in "printing or ending the program" \
    "$call(printf|puts|putchar|perror|exit|_exit|abort)[[:space:]]*\(|\bstderr\b" '^src/cli/'
only_in "setlocale" "$call(setlocale)[[:space:]]*\(" '^$'
only_in "numbers read without our own routines" \
    "$call(atoi|atol|atof|strtod|strtof|strtol|strtoll|strtoul|strtoull|sscanf|fscanf)[[:space:]]*\(" \
    '^src/base/num\.c$'

homes=$(grep -lE '#include <edflib\.h>' src/*/*.[ch] | wc -l)
[ "$homes" -le 1 ] || complain "edflib.h is included in $homes files, allowed 1"

[ "$bad" -eq 0 ] && echo "include order: fine"
exit "$bad"
