#!/usr/bin/env bash
# calibrate.sh [--check] - write src/classify/calibration.def anew: the weights of the confidence, from the training
# recordings (seeds under 1000) and what build/ finds in them. To be run after rules have changed; it does not depend on
# the weights that are there. With --check: fail if it would change.
set -eu
cd "$(dirname "$0")/.."

awk -F'\t' 'NR > 1 && $3 >= 1000 { exit 1 }' tests/accuracy/training.tsv || {
    echo "calibrate.sh: training.tsv: only seeds under 1000 are for training" >&2
    exit 1
}
ninja -C build -j2 calibrate >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build/tests/calibrate tests/accuracy/training.tsv "$work" >"$work/calibration.def"
if [ "${1:-}" = --check ]; then
    diff -u src/classify/calibration.def "$work/calibration.def"
else
    cp "$work/calibration.def" src/classify/calibration.def
fi
