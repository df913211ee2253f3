#!/usr/bin/env bash
# setup.sh [build|all] - install the Debian packages that are missing: those to build and run the program, or
# (default) those for the tests as well. Touches nothing, and needs no network, when all are there.
set -u

build=(gcc cmake ninja-build pkg-config libc6-dev libfftw3-dev libsndfile1-dev libgsl-dev libjansson-dev
    libssl-dev libedf-dev bsdextrautils)
tests=(git check libsubunit-dev clang clang-format libclang-rt-14-dev universal-ctags shellcheck)

case "${1:-all}" in
build) wanted=("${build[@]}") ;;
all) wanted=("${build[@]}" "${tests[@]}") ;;
*)
    echo "usage: setup.sh [build|all]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: not a Debian system; needed: ${wanted[*]}" >&2
    exit 1
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
fi
echo "installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq || echo "setup.sh: package lists not updated, trying all the same" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
