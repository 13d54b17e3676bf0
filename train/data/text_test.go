package data

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

func TestTextWindows(t *testing.T) {
	path := write(t, t.TempDir(), "a.txt.gz", zipped(t, []byte("abcäabcäabcäabcäabcä")))
	train, test, err := Open(path, Options{Text: TextOptions{Length: 4, Stride: 2}, Test: 0.3})
	require.NoError(t, err)
	require.Equal(t, []int{4}, train.Shape())
	require.Equal(t, []int{4}, train.TargetShape())
	require.Nil(t, train.Classes())
	require.Equal(t, []string{"a", "b", "c", "ä"}, Symbols(Limit(train, 2)))
	require.Equal(t, 5, train.Len())
	require.Equal(t, 1, test.Len())
	x, y := get(t, train, 1)
	require.Equal(t, []float32{2, 3, 0, 1}, x)
	require.Equal(t, []float32{3, 0, 1, 2}, y)
	require.Contains(t, test.Name(0), "character 14")
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = train.Read(1, x, y) }))
}

func TestTextLines(t *testing.T) {
	path := write(t, t.TempDir(), "names.txt", []byte("ab\r\n\nb\nabb\n"))
	train, test, err := Open(path, Options{Text: TextOptions{Lines: true}})
	require.NoError(t, err)
	require.Equal(t, []string{"\n", "a", "b"}, Symbols(train))
	require.Equal(t, []int{2, 1}, []int{train.Len(), test.Len()})
	x, y := get(t, train, 0)
	require.Equal(t, []float32{0, 1, 2, 0}, x)
	require.Equal(t, []float32{1, 2, 0, -1}, y)
	x, y = get(t, test, 0)
	require.Equal(t, []float32{0, 1, 2, 2}, x)
	require.Equal(t, []float32{1, 2, 2, 0}, y)
	require.Contains(t, test.Name(0), "line 4")
}

func TestTextRefused(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "a.txt", []byte("ab\xff"))
	_, _, err := Open(path, Options{})
	require.ErrorContains(t, err, "a.txt: byte 2: 0xff is not UTF-8")
	path = write(t, dir, "a.txt", []byte("abc"))
	_, _, err = Open(path, Options{})
	require.ErrorContains(t, err, "2 characters to train on are no sequence of 64")
	_, _, err = Open(path, Options{Text: TextOptions{Lines: true, Length: 3}})
	require.ErrorContains(t, err, "line 1: 3 characters and the end are more than Text.Length 3")
	_, _, err = Open(path, Options{Memory: 2})
	require.ErrorContains(t, err, "more than 2 bytes of text")
	_, _, err = Open(path, Options{Text: TextOptions{Length: -1}})
	require.ErrorContains(t, err, "give numbers from 1")
}

func TestShakespeareAndNames(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "text")
	train, test, err := Open(filepath.Join(dir, "tinyshakespeare.txt.gz"), Options{})
	require.NoError(t, err)
	require.Len(t, Symbols(train), 65)
	require.Equal(t, 1003854/64, train.Len())
	require.Equal(t, 111539/64, test.Len())
	train, test, err = Open(filepath.Join(dir, "names.txt"), Options{Text: TextOptions{Lines: true}})
	require.NoError(t, err)
	require.Len(t, Symbols(train), 27)
	require.Equal(t, 32033, train.Len()+test.Len())
	require.Equal(t, []int{16}, train.Shape())
}
