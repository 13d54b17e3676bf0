#!/bin/sh
# Builds the command for every target.
#
#   ./dist.sh         release archives and SHA256SUMS in dist/
#   ./dist.sh check   only that every target builds, and its size
#
# Two runs give the same bytes: paths are trimmed, no build id or time goes in,
# and archives are made with fixed order, owner and date.
set -eu
cd "$(dirname "$0")"
export CGO_ENABLED=0 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0} TZ=UTC
version=${VERSION:-$(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -1)}
version=${version:-0.0.0}
targets="linux/amd64 linux/arm64 linux/arm/6 linux/arm/7 linux/riscv64 darwin/arm64 windows/amd64"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

build() { # OS ARCH ARM FILE
	GOOS=$1 GOARCH=$2 GOARM=$3 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=$version" -o "$4" ./cmd/edgeinfer
}

split() { os=${1%%/*}; rest=${1#*/}; arch=${rest%%/*}; arm=${rest#"$arch"}; arm=${arm#/}; }

if [ "${1:-}" = check ]; then
	for t in $targets; do
		split "$t"
		build "$os" "$arch" "$arm" "$out/edgeinfer"
		size=$(wc -c <"$out/edgeinfer")
		echo "$t $size bytes"
		if [ "$t" = linux/arm64 ] && [ "$size" -gt 12000000 ]; then
			echo "linux/arm64 is over 12 MB" >&2
			exit 1
		fi
	done
	exit
fi

mkdir -p dist
rm -f dist/*
for t in $targets; do
	split "$t"
	name=edgeinfer-$version-$os-$arch${arm:+v$arm}
	mkdir -p "$out/$name"
	exe=edgeinfer
	[ "$os" != windows ] || exe=edgeinfer.exe
	build "$os" "$arch" "$arm" "$out/$name/$exe"
	cp LICENSE README.md CHANGELOG.md "$out/$name/"
	(cd "$out" && tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name") | gzip -9n >"dist/$name.tar.gz"
	echo "dist/$name.tar.gz"
done
(cd dist && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
