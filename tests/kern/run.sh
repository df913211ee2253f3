#!/usr/bin/env bash
# run.sh BUILD_DIR - every kernel on every instruction set of this machine, bit for bit. Ends in one line "N passed, N failed".
set -u
exec "${1:?usage: run.sh BUILD_DIR}/tests/checkkern"
