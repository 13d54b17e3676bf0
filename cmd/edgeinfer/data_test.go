package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// madeUp is a set of one file, in both kinds of pack.
func madeUp(p pack, contents string) *publicSet {
	sum := sha256.Sum256([]byte(contents))
	return &publicSet{name: "made-up", what: "one file", licence: "none", source: "a test", pack: p, labels: []string{"a", "b"},
		files: []publicFile{{path: "data/x.csv", name: "x.csv", size: int64(len(contents)), sha256: hex.EncodeToString(sum[:])}}}
}

// debOf makes a Debian package of one file.
func debOf(t *testing.T, contents string) []byte {
	var data bytes.Buffer
	z := gzip.NewWriter(&data)
	w := tar.NewWriter(z)
	require.NoError(t, w.WriteHeader(&tar.Header{Name: "./data/x.csv", Typeflag: tar.TypeReg, Size: int64(len(contents)), Mode: 0o644}))
	_, err := w.Write([]byte(contents))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	deb := []byte("!<arch>\n")
	for _, m := range []struct {
		name string
		body []byte
	}{{"debian-binary", []byte("2.0")}, {"data.tar.gz", data.Bytes()}} {
		deb = fmt.Appendf(deb, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", m.name, 0, 0, 0, 0o644, len(m.body))
		deb = append(deb, m.body...)
		if len(m.body)%2 == 1 {
			deb = append(deb, '\n')
		}
	}
	return deb
}

func moduleOf(t *testing.T, prefix, contents string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(prefix + "data/x.csv")
	require.NoError(t, err)
	_, err = w.Write([]byte(contents))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// registry writes files into a folder and returns its URL.
func registry(t *testing.T, path string, b []byte) string {
	dir := t.TempDir()
	file := filepath.Join(dir, filepath.FromSlash(path))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, b, 0o666))
	return "file://" + filepath.ToSlash(dir)
}

func TestDataGetFromMirrors(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // neither go nor apt-get
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	const contents = "x,y\n1,a\n2,b\n"
	deb := pack{deb: "made-up", pool: "pool/m/made-up_1_all.deb"}
	module := pack{module: "example.com/Made/up", version: "v1.0.0"}
	mirror := registry(t, deb.pool, debOf(t, contents))
	t.Setenv("GOPROXY", registry(t, "example.com/!made/up/@v/v1.0.0.zip", moduleOf(t, "example.com/Made/up@v1.0.0/", contents))+",direct")
	a := &app{ctx: context.Background(), stderr: &bytes.Buffer{}}
	for _, p := range []pack{deb, module} {
		out := filepath.Join(t.TempDir(), "out")
		info, err := a.getData(madeUp(p, contents), out, mirror)
		require.NoError(t, err)
		assert.Equal(t, []string{"x.csv", "labels.txt"}, info.Files)
		got, err := os.ReadFile(filepath.Join(out, "x.csv"))
		require.NoError(t, err)
		assert.Equal(t, contents, string(got))
		note, err := os.ReadFile(filepath.Join(out, "SOURCE"))
		require.NoError(t, err)
		assert.Contains(t, string(note), "Licence: none")
	}
	// What is not as known is refused, and leaves the cache and no files.
	s := madeUp(deb, contents)
	s.files[0].sha256 = madeUp(deb, "other").files[0].sha256
	out := filepath.Join(t.TempDir(), "out")
	_, err := a.getData(s, out, mirror)
	require.ErrorIs(t, err, errChecksum)
	require.NoDirExists(t, out)
	_, err = a.getData(s, out, "")
	require.ErrorContains(t, err, "apt-get is not installed: give the address of a Debian archive with --mirror")
	s.files[0].path = "data/y.csv"
	_, err = a.getData(s, out, mirror)
	require.ErrorContains(t, err, "no data/y.csv in it")
	t.Setenv("GOPROXY", "off")
	module.version = "v1.0.1"
	_, err = a.getData(madeUp(module, contents), out, "")
	require.ErrorContains(t, err, "neither go is installed nor does GOPROXY name a proxy")
}

func TestDebRefused(t *testing.T) {
	whole := debOf(t, "x")
	for want, b := range map[string][]byte{
		"not a Debian package": []byte("PK\x03\x04"),
		"no data.tar in it":    whole[:70],
		"unexpected EOF":       whole[:len(whole)-12],
		"byte 56: no size":     append(append([]byte{}, whole[:56]...), make([]byte, 100)...),
	} {
		path := filepath.Join(t.TempDir(), "x.deb")
		require.NoError(t, os.WriteFile(path, b, 0o666))
		_, err := madeUp(pack{deb: "x"}, "x").unpack(context.Background(), path)
		require.ErrorContains(t, err, want)
	}
}

func TestDataCommand(t *testing.T) {
	o := edgeinferIn(t, t.TempDir(), "", "data", "list", "--json").object(t)
	require.Len(t, o["sets"], len(publicSets))
	got := edgeinferIn(t, t.TempDir(), "", "data", "get", "cats")
	require.Equal(t, codeUsage, got.code)
	require.Contains(t, got.stderr, `no data set is called "cats"`)
}

func TestIrisTable(t *testing.T) {
	b, err := irisTable([]byte("2,4,setosa,versicolor,virginica\n5,3,1,0,2\n4,3,1,0,0\n"))
	require.NoError(t, err)
	require.Equal(t, "sepal_length,sepal_width,petal_length,petal_width,species\n5,3,1,0,virginica\n4,3,1,0,setosa\n", string(b))
	_, err = irisTable([]byte("2,4,setosa,versicolor,virginica\n5,3,1,0,7\n"))
	require.ErrorContains(t, err, "has a row")
}
