#!/bin/sh
# Says how fast the kernels for 64-bit ARM are, without one: what llvm-mca's
# models of cores make of each inner loop, and how many instructions whole models
# take on an emulated CPU. Both are tests, too: the loops have least speeds, the
# instructions a baseline.
#
#   ./arm_speed.sh                  both, about half a minute
#   ./arm_speed.sh MODEL            the instructions of each function, for one model
#   ./arm_speed.sh update           write the baseline
#
# It needs llvm-mca-19 (llvm-19) and qemu-aarch64-static (qemu-user-static).
set -eu
cd "$(dirname "$0")"
show() { grep -v '^=== ' | sed 's/^ *[a-z]*_test.go:[0-9]*: //'; }
case ${1:-} in
'')
	go test ./kernels/arm64 -run '^TestModelledSpeed$' -v -count 1 | show
	go test ./kernels/arm64/count -v -count 1 | show
	;;
update) go test ./kernels/arm64/count -count 1 -update ;;
*) go test ./kernels/arm64/count -v -count 1 -model "$(realpath "$1")" | show ;;
esac
