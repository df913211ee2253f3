#!/usr/bin/env bash
# slurm-array.sh [--tasks N] [--cpus N] [--mem SIZE] [--time LIMIT] [--wait] MANIFEST OUT [OPTIONS OF myotab batch]
#
# A study on a Slurm cluster: a job array in which each task analyses its share of the manifest's rows into OUT (a
# folder that all nodes see), then one job that collects the study's tables. Run again with the same words after a
# failure or a time limit: rows that are complete are kept.
#
# The program is build/myotab of this project, or the one that the variable MYOTAB names.
set -eu

tasks=10
cpus=1
mem=500M
time=04:00:00
wait=()

if [ "${1:-}" = --task ]; then
    # Inside the array: task i of n takes rows [i * rows / n, (i + 1) * rows / n). exec: a time limit's signal reaches
    # the program itself, which then ends in order.
    manifest=$2 out=$3 rows=$4
    shift 4
    i=$((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN)) n=$SLURM_ARRAY_TASK_COUNT
    first=$((i * rows / n + 1)) last=$(((i + 1) * rows / n))
    [ "$first" -le "$last" ] || exit 0
    exec "$MYOTAB" batch "$manifest" -o "$out" --rows "$first:$last" -j "${SLURM_CPUS_PER_TASK:-1}" "$@"
fi

usage() {
    echo "usage: slurm-array.sh [--tasks N] [--cpus N] [--mem SIZE] [--time LIMIT] [--wait] MANIFEST OUT [OPTIONS]" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    --tasks) tasks=${2:?} && shift 2 ;;
    --cpus) cpus=${2:?} && shift 2 ;;
    --mem) mem=${2:?} && shift 2 ;;
    --time) time=${2:?} && shift 2 ;;
    --wait) wait=(--wait) && shift ;;
    -*) usage ;;
    *) break ;;
    esac
done
[ $# -ge 2 ] || usage
manifest=$(realpath "$1")
out=$(realpath -m "$2")
shift 2

script=$(realpath "$0")
MYOTAB=$(realpath "${MYOTAB:-$(dirname "$script")/../build/myotab}")
export MYOTAB
rows=$("$MYOTAB" batch "$manifest" -o "$out" --dry-run "$@" | grep -c . || true)
rows=$((rows - 1)) # the header
[ "$rows" -ge 1 ] || { echo "slurm-array.sh: no rows in $manifest" >&2 && exit 2; }
[ "$tasks" -le "$rows" ] || tasks=$rows

# --signal: 60 s before the time limit the program is asked to end; --requeue: a lost node does not lose the task.
mkdir -p "$out"
array=$(sbatch --parsable --job-name=myotab --array="1-$tasks" --cpus-per-task="$cpus" --mem="$mem" --time="$time" \
    --signal=TERM@60 --requeue --open-mode=append --output="$out.slurm-%A_%a.log" \
    "$script" --task "$manifest" "$out" "$rows" "$@")
echo "array job $array: $rows rows in $tasks tasks, messages in $out.slurm-${array}_*.log"
status=0
collect=$(sbatch --parsable "${wait[@]}" --job-name=myotab-collect --dependency="afterany:$array" --mem="$mem" \
    --time="$time" --output="$out.slurm-$array.log" --wrap "exec '$MYOTAB' collect '$out'") || status=$?
echo "collecting job $collect: its exit code is that of the study (0 all complete, 1 some failed)"
exit "$status"
