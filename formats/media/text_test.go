package media

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Table
	}{
		{"plain", "1,2\n3,4.5\n", Table{Rows: 2, Cols: 2, Data: []float64{1, 2, 3, 4.5}}},
		{"header, CRLF, BOM", "\ufeffx,y\r\n1, -2e3\r\n", Table{Header: []string{"x", "y"}, Rows: 1, Cols: 2, Data: []float64{1, -2000}}},
		{"half a header is one", "1,y\n1,2", Table{Header: []string{"1", "y"}, Rows: 1, Cols: 2, Data: []float64{1, 2}}},
		{"semicolons", "1;2\n3;4", Table{Rows: 2, Cols: 2, Data: []float64{1, 2, 3, 4}}},
		{"tabs", "a b\tc\n1\t2", Table{Header: []string{"a b", "c"}, Rows: 1, Cols: 2, Data: []float64{1, 2}}},
		{"one column", "7\n\n8\n", Table{Rows: 2, Cols: 1, Data: []float64{7, 8}}},
		{"quotes", "\"a,b\",c\n\"1\",2", Table{Header: []string{"a,b", "c"}, Rows: 1, Cols: 2, Data: []float64{1, 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, in := range []string{c.in, zipped(t, c.in)} {
				got, err := ReadCSV(strings.NewReader(in), Limits{})
				require.NoError(t, err)
				require.Equal(t, &c.want, got)
			}
		})
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "csv: no row of numbers"},
		{"header only", "a,b\n", "csv: no row of numbers"},
		{"text", "x,y\n1,2\n3,abc\n", `csv: line 3, column 2 (y): "abc" is no number`},
		{"text without header", "1,2\n3,\n", `csv: line 2, column 2: "" is no number`},
		{"large", "1\n1e999\n", `csv: line 2, column 1: "1e999" is too large`},
		{"ragged", "1,2\n3\n", "csv: line 2: 1 columns where the first row has 2"},
		{"quote", "1,\"2\n", "csv: parse error"},
		{"wide", strings.Repeat("1,", maxColumns) + "1", "csv: 65537 columns are more than 65536"},
		{"gzip cut", zipped(t, "1,2\n")[:20], "csv: gunzip: unexpected EOF"},
		{"bomb", zipped(t, strings.Repeat("1\n", 500_000)), "csv: gunzip: larger than the limit of 400000 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadCSV(strings.NewReader(c.in), Limits{Bytes: 400_000})
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadLabels(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"lines", "cat\ndog\n", []string{"cat", "dog"}},
		{"BOM, CRLF, end", "\ufeffcat\r\nbig dog\r\n\r\n\r\n", []string{"cat", "big dog"}},
		{"an empty name keeps its place", "cat\n\ndog", []string{"cat", "", "dog"}},
		{"index and spaces", "0  background\n1  tench, Tinca tinca\n", []string{"background", "tench, Tinca tinca"}},
		{"gaps, any order", "3: c\n0: a\n", []string{"a", "", "", "c"}},
		{"index and comma", "0,no\n1,yes", []string{"no", "yes"}},
		{"synsets", "n01440764 tench\nn01443537 goldfish", []string{"n01440764 tench", "n01443537 goldfish"}},
		{"digits are names", "0\n1\n2", []string{"0", "1", "2"}},
		{"numbers in names", "3 of clubs\n3 of hearts", []string{"3 of clubs", "3 of hearts"}},
		{"not all have one", "0 a\nb", []string{"0 a", "b"}},
		{"index too large", "99999999 a", []string{"99999999 a"}},
		{"index beyond int", "99999999999999999999 a", []string{"99999999999999999999 a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ReadLabels(strings.NewReader(c.in), Limits{})
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := ReadLabels(strings.NewReader("\n\n"), Limits{})
	require.EqualError(t, err, "labels: empty file")
	_, err = ReadLabels(strings.NewReader("TFL3\x00\x00"), Limits{})
	require.ErrorContains(t, err, "is this a text file?")
	_, err = ReadLabels(strings.NewReader("cat\ndog"), Limits{Bytes: 3})
	require.ErrorContains(t, err, "larger than the limit of 3 bytes")
}

func TestReadRaw(t *testing.T) {
	got, err := ReadRaw(strings.NewReader("\x00\xffx"), Limits{Bytes: 3})
	require.NoError(t, err)
	require.Equal(t, []byte("\x00\xffx"), got)
	_, err = ReadRaw(iotest.OneByteReader(strings.NewReader("1234")), Limits{Bytes: 3})
	require.EqualError(t, err, "raw: larger than the limit of 3 bytes")
	got, err = ReadRaw(strings.NewReader("1234"), Limits{Bytes: math.MaxInt64})
	require.NoError(t, err)
	require.Len(t, got, 4)
	broken := errors.New("unplugged")
	_, err = ReadRaw(iotest.ErrReader(broken), Limits{})
	require.ErrorIs(t, err, broken)
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("a;b\n1;2\n"))
	f.Add([]byte(zipped(f, "1,2\n3,4\n")))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadCSV(bytes.NewReader(in), Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		require.Len(t, got.Data, got.Rows*got.Cols)
		require.True(t, got.Header == nil || len(got.Header) == got.Cols)
	})
}

func FuzzReadLabels(f *testing.F) {
	f.Add([]byte("0 a\n2 b\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadLabels(bytes.NewReader(in), Limits{})
		if err == nil {
			assert.NotEmpty(t, got)
			assert.LessOrEqual(t, len(got), max(maxLabel, len(in)))
		}
	})
}
