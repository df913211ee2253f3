#!/usr/bin/env bash
# try-slurm.sh [FOLDER] - a study through a real Slurm on this machine: installs Slurm and Snakemake, starts a one-node
# cluster in FOLDER (default: a temporary one), runs a study as a job array, kills and requeues tasks on the way, runs it
# through Snakemake (alone, then on the cluster), and compares each result byte by byte with a plain `myotab batch`.
# Needs root and Debian; leaves nothing running. Not part of scripts/test.sh.
set -eu
cd "$(dirname "$0")/.."
project=$PWD
export MYOTAB=$project/build/myotab
[ -x "$MYOTAB" ] || { echo "try-slurm.sh: build/myotab is not built" >&2 && exit 1; }
[ "$(id -u)" -eq 0 ] || { echo "try-slurm.sh: needs root to start a cluster" >&2 && exit 1; }

for package in slurm-wlm slurm-client munge snakemake; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        slurm-wlm slurm-client munge snakemake >/dev/null
    break
done

work=${1:-$(mktemp -d)}
mkdir -p "$work/state" "$work/spool"
work=$(realpath "$work")
export SLURM_CONF=$work/slurm.conf USER=root
host=$(hostname -s)
munge_started=

# shellcheck disable=SC2317 # called by the trap
stop_cluster() {
    for daemon in slurmd slurmctld; do
        [ -e "$work/$daemon.pid" ] && kill "$(cat "$work/$daemon.pid")" 2>/dev/null
    done
    if [ -n "$munge_started" ]; then pkill -x munged || true; fi
}
trap stop_cluster EXIT

# cred_expire: a requeued task may start again after 5 s instead of two minutes.
cat >"$SLURM_CONF" <<CONF
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=2,sched_interval=2
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$work/jobcomp.log
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1500 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP DefMemPerCPU=500
CONF

if ! munge -n 2>/dev/null | unmunge >/dev/null 2>&1; then
    mkdir -p /run/munge
    chown munge:munge /run/munge
    runuser -u munge -- /usr/sbin/munged
    munge_started=yes
fi
slurmctld
slurmd -N "$host"
for _ in $(seq 30); do
    if sinfo -h -o %t | grep -q idle; then break; fi
    sleep 1
done
sinfo

bad=0
# same NAME FOLDER - the tree must be that of the plain batch
same() {
    if diff -r "$work/plain" "$2"; then
        echo "same bytes: $1"
    else
        echo "DIFFERENT: $1"
        bad=1
    fi
}
# ended JOB - wait until it has left the queue
ended() {
    while squeue -h -j "$1" 2>/dev/null | grep -q .; do sleep 1; done
}

echo "== a study of 24 recordings, one of them broken"
"$MYOTAB" synth pre-post -o "$work/study" --seed 5 --set participants=12 --set duration_s=3600 --set n_channels=4
printf 'not a recording\n' >"$work/study/$(sed -n 5p "$work/study/manifest.tsv" | cut -f 1)"
status=0
"$MYOTAB" batch "$work/study/manifest.tsv" -o "$work/plain" || status=$?
[ "$status" -eq 1 ] || { echo "plain batch: exit code $status, expected 1" && exit 1; }

echo "== Slurm job array, with a task killed and one requeued"
scripts/slurm-array.sh --tasks 6 "$work/study/manifest.tsv" "$work/array" | tee "$work/submitted"
array=$(sed -n 's/^array job \([0-9]*\):.*/\1/p' "$work/submitted")
collect=$(sed -n 's/^collecting job \([0-9]*\):.*/\1/p' "$work/submitted")
while ! squeue -h -j "$array" -t R | grep -q .; do sleep 0.2; done
sleep 1
running=$(squeue -h -r -j "$array" -t R -o %i)
echo "running: $running" | tr '\n' ' '
echo
# One task dies without a word, as on a lost node; another is taken off and put back.
scancel --signal=KILL --full "$(sed -n 1p <<<"$running")"
second=$(sed -n 2p <<<"$running")
[ -z "$second" ] || scontrol requeue "$second"
ended "$collect"
"$MYOTAB" status "$work/array" || true
# The killed task's rows are left: the same command again does only those.
echo "== the same command again"
scripts/slurm-array.sh --wait --tasks 6 "$work/study/manifest.tsv" "$work/array" ||
    echo "collecting job ended with $? (1: a recording failed)"
same "Slurm array, killed and requeued" "$work/array"
cat "$work"/array.slurm-*.log | sort | uniq -c | sort -rn | head

echo "== Snakemake, on this machine"
snakemake --quiet -s scripts/Snakefile -j 2 --directory "$work" \
    --config manifest="$work/study/manifest.tsv" out="$work/snake" parts=5 myotab="$MYOTAB" >"$work/snake.log" 2>&1 ||
    { tail "$work/snake.log" && bad=1; }
same "Snakemake" "$work/snake"

echo "== Snakemake, on the cluster"
snakemake --quiet -s scripts/Snakefile -j 4 --directory "$work" \
    --cluster 'sbatch --parsable --cpus-per-task={threads} --mem={resources.mem_mb} --output=/dev/null' --latency-wait 30 \
    --config manifest="$work/study/manifest.tsv" out="$work/snake-slurm" parts=5 myotab="$MYOTAB" >"$work/snake-slurm.log" 2>&1 ||
    { tail "$work/snake-slurm.log" && bad=1; }
same "Snakemake through sbatch" "$work/snake-slurm"

echo "== what the cluster ran"
sed -E 's/ (UserId|GroupId|WorkDir|QOS|Reservation)=[^ ]*//g' "$work/jobcomp.log" | cut -c 1-140 | tail -n 20
[ "$bad" -eq 0 ] && echo "try-slurm: all trees are the same"
exit "$bad"
