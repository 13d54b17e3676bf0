#!/bin/sh
# Compares training with PyTorch's: see README.md beside it.
#
#   training.sh [ROUNDS [SECONDS [NETWORK...]]]
set -eu
rounds=${1:-3}
seconds=${2:-1}
[ $# -lt 2 ] && shift $# || shift 2
[ $# -gt 0 ] || set -- mlp cnn32 cnn128 lstm lstm-small transformer
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here/../../train" && CGO_ENABLED=0 go test -c -o "$work/bench" .)

ours() {
	"$work/bench" -test.run='^$' -test.bench="^BenchmarkTraining\$/^$1\$/^threads=$2\$" -test.benchtime="${seconds}s" |
		awk -v n="$1" -v t="$2" '/samples\/s/ { for (i = 3; i < NF; i++) { if ($(i+1) == "samples/s") s = $i; if ($(i+1) == "peak-MB") m = $i }; print "ours", n, t, s, m }'
}

theirs() {
	OMP_NUM_THREADS=$2 "$python" "$here/torch_training.py" "$1" "$2" "$seconds" |
		tr -d '{},":' | awk '{ print "theirs", $2, $4, $6, $8 }'
}

for round in $(seq "$rounds"); do # in turns, so that other load disturbs both
	for network; do
		for threads in 1 2; do
			ours "$network" "$threads"
			theirs "$network" "$threads"
		done
	done
done >"$work/results"

awk '
	{ k = $2 " " $3; if (!(k in seen)) { seen[k] = 1; order[++n] = k } }
	$4 > speed[$1, k] { speed[$1, k] = $4 }
	!(($1, k) in peak) || $5 < peak[$1, k] { peak[$1, k] = $5 }
	END {
		printf "%-12s %7s %12s %12s %7s %9s %9s %7s\n", "network", "threads", "samples/s", "PyTorch", "ratio", "MB", "PyTorch", "ratio"
		for (i = 1; i <= n; i++) {
			k = order[i]; split(k, f, " ")
			a = speed["ours", k]; b = speed["theirs", k]; c = peak["ours", k]; d = peak["theirs", k]
			printf "%-12s %7d %12.0f %12.0f %7.2f %9.0f %9.0f %7.2f\n", f[1], f[2], a, b, a / b, c, d, c / d
		}
	}' "$work/results"
