#!/usr/bin/env bash
# coverage.sh [TRIALS] - simulate studies and rewrite tests/coverage/*.tsv: how often nominal 95 % intervals hold the truth,
# and how often tests at 5 % reject it. TRIALS of each case (default 2000; two arms half as many);
# cases that miss a bar with 1000 trials or more are simulated again, 10000 trials. Half an hour.
set -eu
cd "$(dirname "$0")/.."
trials=${1:-2000}
ninja -C build -j2 coverage
for table in one pairs risks; do
    build/tests/coverage "$trials" "$(nproc)" tests/coverage $table
done
for table in arms permuted; do
    build/tests/coverage $((trials / 2)) "$(nproc)" tests/coverage $table
done
build/tests/coverage 100 "$(nproc)" tests/coverage/small one
build/tests/coverage 20 "$(nproc)" tests/coverage/small pairs
build/tests/coverage 5 "$(nproc)" tests/coverage/small arms
build/tests/coverage 5 "$(nproc)" tests/coverage/small permuted
tests/coverage/run.sh build --redo
