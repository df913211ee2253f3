#!/usr/bin/env bash
# redo-golden.sh - write the expectations of tests/golden anew from what build/myotab does. Review the diff.
set -eu
cd "$(dirname "$0")/.."

ninja -C build -j2 myotab
tests/golden/run.sh build --redo | grep '^skip' || true
git status --short tests/golden
