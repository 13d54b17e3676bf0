#!/bin/sh
# Runs every test. It needs sh and Go, and installs QEMU and binutils from the
# distribution where it may; what has to be left out is said at the end.
#
#   ./test.sh          everything that a change must pass, about 15 minutes on two cores
#   ./test.sh long     that, every model on every emulated CPU, and longer fuzzing
#   ./test.sh quick    native tests only, about a minute
set -eu
cd "$(dirname "$0")"

mode=${1:-all}
left_out=""
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
export CGO_ENABLED=0

say() { printf '\n== %s\n' "$*"; }
leave_out() { left_out="$left_out
  - $*"; }

# need COMMAND PACKAGE: have COMMAND, if need be from the distribution's PACKAGE.
need() {
	command -v "$1" >/dev/null 2>&1 && return 0
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		say "installing $2"
		apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 ||
			{ apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1; } || return 1
	fi
	command -v "$1" >/dev/null 2>&1
}

# tiers prints the kernel tiers that this machine's CPU must run.
tiers() {
	flags=" $(sed -n 's/^flags[^:]*://p' /proc/cpuinfo 2>/dev/null | head -1) "
	has() { for f; do case $flags in *" $f "*) ;; *) return 1 ;; esac; done; }
	printf go
	[ "$(go env GOARCH)" = amd64 ] && has avx2 fma || return 0
	printf ,avx2
	! has avx_vnni || printf ,avxvnni
	has avx512f avx512bw avx512dq avx512vl || return 0
	printf ,avx512
	! has avx512_vnni || printf ,vnni
}

native() {
	say "gofmt and vet"
	bad=$(gofmt -l .)
	[ -z "$bad" ] || { echo "not formatted: $bad"; exit 1; }
	for arch in amd64 arm64 arm riscv64; do GOOS=linux GOARCH=$arch go vet ./...; done
	GOOS=darwin GOARCH=arm64 go vet ./...
	GOOS=windows GOARCH=amd64 go vet ./...

	say "builds for every target"
	sh ./dist.sh check

	say "tests"
	need aarch64-linux-gnu-as binutils-aarch64-linux-gnu && need arm-linux-gnueabihf-as binutils-arm-linux-gnueabihf ||
		leave_out "comparing the generated NEON code with its sources (binutils-aarch64-linux-gnu, binutils-arm-linux-gnueabihf)"
	need qemu-aarch64-static qemu-user-static || leave_out "the instructions that models take on ARM (qemu-user-static)"
	need llvm-mca-19 llvm-19 || leave_out "the modelled speed of the NEON code (llvm-19)"
	if need gcc gcc && need make make; then
		CGO_ENABLED=1 go test -race -short ./...
	else
		leave_out "the race detector (it needs a C compiler)"
	fi
	EDGEINFER_WANT_TIERS=$(tiers) go test ./...
	beside_onnx_runtime
}

# Random ONNX models beside ONNX Runtime, which npm has for Node.
beside_onnx_runtime() {
	if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
		mkdir -p "$bin/ort" && (cd "$bin/ort" && npm init -y && npm i --ignore-scripts --no-audit --no-fund onnxruntime-node) >/dev/null 2>&1; then
		say "comparing with ONNX Runtime"
		EDGEINFER_ORT=$bin/ort go test ./formats/onnx -run '^TestORT$' -count 1
	else
		leave_out "comparing with ONNX Runtime (node and npm)"
	fi
}

lint() {
	say "staticcheck and govulncheck"
	if GOFLAGS=-mod=mod GOBIN="$bin" go install honnef.co/go/tools/cmd/staticcheck@v0.8.2 2>/dev/null; then
		"$bin/staticcheck" ./...
	else
		leave_out "staticcheck (it could not be downloaded)"
	fi
	if GOFLAGS=-mod=mod GOBIN="$bin" go install golang.org/x/vuln/cmd/govulncheck@v1.9.0 2>/dev/null; then
		status=0
		out=$("$bin/govulncheck" ./... 2>&1) || status=$?
		case $status in
		0) ;;
		3) echo "$out"; exit 1 ;;
		*) leave_out "govulncheck (its database could not be reached)" ;;
		esac
	else
		leave_out "govulncheck (it could not be downloaded)"
	fi
}

# Packages whose tests run on emulated CPUs: what depends on the CPU.
packages=". ./quant ./kernels ./kernels/ref ./kernels/arm64 ./kernels/arm ./kernels/host ./runtime ./runtime/op ./formats/tflite ./formats/media ./formats/npy ./train ./train/data"

# on ARCH QEMU CPU TIERS: run the test binaries of ARCH on an emulated CPU,
# where these kernel tiers must run.
on() {
	say "$1 as $3 ($4)"
	for p in $packages; do
		exe=$bin/$1-$(echo "$p" | tr './' '__').test
		[ -e "$exe" ] || continue
		(cd "$p" && EDGEINFER_WANT_TIERS=$4 "$2" -cpu "$3" "$exe" -test.short -test.timeout 20m >"$bin/log" 2>&1) ||
			{ echo "$p on $3 failed:"; tail -50 "$bin/log"; exit 1; }
		echo "ok  $p"
	done
	(cd formats/onnx && "$2" -cpu "$3" "$bin/$1-onnx.test" -test.short -test.run '^Test(Nodes|Models|QuantisedModels|QDQ)' -test.timeout 20m >"$bin/log" 2>&1) ||
		{ echo "./formats/onnx on $3 failed:"; tail -50 "$bin/log"; exit 1; }
	echo "ok  ./formats/onnx, ONNX's own tests and models"
}

build_for() {
	GOOS=linux GOARCH=$2 GOARM=${3:-} go test -c -o "$bin/$1-onnx.test" ./formats/onnx
	for p in $packages; do
		out=$bin/$1-$(echo "$p" | tr './' '__').test
		GOOS=linux GOARCH=$2 GOARM=${3:-} go test -c -o "$out" "$p" 2>/dev/null || GOOS=linux GOARCH=$2 GOARM=${3:-} go test -c -o "$out" "$p"
	done
}

emulated() {
	if ! need qemu-aarch64-static qemu-user-static || ! need qemu-arm-static qemu-user-static; then
		leave_out "everything on emulated ARM CPUs (qemu-user-static)"
		return
	fi
	export EDGEINFER_TEST_CASES=1 EDGEINFER_TEST_MACS=50000000
	[ "$mode" != long ] || unset EDGEINFER_TEST_MACS
	build_for arm64 arm64
	on arm64 qemu-aarch64-static cortex-a53 go,neon
	on arm64 qemu-aarch64-static cortex-a72 go,neon
	on arm64 qemu-aarch64-static cortex-a76 go,neon,neondot
	unset EDGEINFER_TEST_MACS
	on arm64 qemu-aarch64-static max go,neon,neondot,i8mm
	export EDGEINFER_TEST_MACS=50000000
	build_for arm7 arm 7
	on arm7 qemu-arm-static cortex-a7 go,gofast,neon32
	[ "$mode" = long ] || export EDGEINFER_TEST_NOFLOAT=1
	build_for arm6 arm 6
	on arm6 qemu-arm-static arm1176 go
	unset EDGEINFER_TEST_CASES EDGEINFER_TEST_MACS EDGEINFER_TEST_NOFLOAT
}

fuzz() {
	for p in $(go list ./...); do
		for f in $(go test -list '^Fuzz' "$p" | grep '^Fuzz' || true); do
			say "$f in $p"
			go test "$p" -run '^$' -fuzz "^$f\$" -fuzztime "${FUZZTIME:-10m}" -parallel 2
		done
	done
}

start=$(date +%s)
native
[ "$mode" = quick ] || lint
[ "$mode" = quick ] || emulated
[ "$mode" != long ] || fuzz
say "passed in $(($(date +%s) - start)) s"
[ -z "$left_out" ] || echo "Left out:$left_out"
