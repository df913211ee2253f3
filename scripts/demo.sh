#!/usr/bin/env bash
# demo.sh - from a fresh Debian machine to a first result: packages, build, then a small recording before and
# after treatment, made up with known truth, analysed and scored.
set -eu
cd "$(dirname "$0")/.."

scripts/setup.sh build
echo "building build/myotab (a minute or two)"
mkdir -p build
if ! { cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DMYO_TESTS=OFF -DMYO_SANITIZE= &&
    ninja -C build -j "$(nproc)" myotab; } >build/demo-build.log 2>&1; then
    tail -n 40 build/demo-build.log
    exit 1
fi
scripts/demo-chain.sh build/myotab build/demo
