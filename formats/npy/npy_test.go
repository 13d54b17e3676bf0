package npy

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// golden opens what NumPy wrote (testdata/generate.py).
func golden(t *testing.T) (*NPZ, map[string][]byte) {
	t.Helper()
	z, err := OpenNPZ("testdata/dtypes.npz", 0)
	require.NoError(t, err)
	t.Cleanup(func() { z.Close() })
	raw := map[string][]byte{}
	for name, entry := range z.entries {
		r, err := entry.Open()
		require.NoError(t, err)
		raw[name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	return z, raw
}

// complexAt returns element i as complex128, whatever its type.
func complexAt(t *testing.T, a *Array, i int) complex128 {
	t.Helper()
	switch a.DType {
	case Bool:
		v, err := a.Bools()
		require.NoError(t, err)
		if v[i] {
			return 1
		}
		return 0
	case Int8:
		return real128(t, a.Int8s, i)
	case Int16:
		return real128(t, a.Int16s, i)
	case Int32:
		return real128(t, a.Int32s, i)
	case Int64:
		return real128(t, a.Int64s, i)
	case Uint8:
		return real128(t, a.Uint8s, i)
	case Uint16:
		return real128(t, a.Uint16s, i)
	case Uint32:
		return real128(t, a.Uint32s, i)
	case Uint64:
		return real128(t, a.Uint64s, i)
	case Float32:
		return real128(t, a.Float32s, i)
	case Float64:
		return real128(t, a.Float64s, i)
	case Complex64:
		v, err := a.Complex64s()
		require.NoError(t, err)
		return complex128(v[i])
	case Complex128:
		v, err := a.Complex128s()
		require.NoError(t, err)
		return v[i]
	}
	require.Failf(t, "no view", "of %s", a.DType)
	return 0
}

func real128[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64](
	t *testing.T, view func() ([]T, error), i int) complex128 {
	t.Helper()
	v, err := view()
	require.NoError(t, err)
	return complex(float64(v[i]), 0)
}

// halves are 0..23 in IEEE half precision.
var halves = []uint16{0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800, 0x4880, 0x4900, 0x4980,
	0x4a00, 0x4a80, 0x4b00, 0x4b80, 0x4c00, 0x4c40, 0x4c80, 0x4cc0, 0x4d00, 0x4d40, 0x4d80, 0x4dc0}

func TestReadsWhatNumPyWrote(t *testing.T) {
	z, raw := golden(t)
	read := 0
	for _, name := range z.Names() {
		if strings.HasPrefix(name, "refused_") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			a, err := z.Read(name)
			require.NoError(t, err)
			read++
			if strings.HasSuffix(name, "_C") || strings.HasSuffix(name, "_F") {
				require.Equal(t, []int{2, 3, 4}, a.Shape)
				require.Equal(t, 24, a.Len())
			}
			if a.DType == Float16 {
				v, err := a.Float16s()
				require.NoError(t, err)
				require.Equal(t, halves, v)
			} else {
				for i := range a.Len() {
					want := complex(float64(i), 0)
					switch a.DType {
					case Bool:
						want = map[bool]complex128{true: 1}[i%3 == 0]
					case Complex64, Complex128:
						want = complex(float64(i), float64(-2*i))
					}
					require.Equal(t, want, complexAt(t, a, i), "element %d", i)
				}
			}
			if strings.Contains(name, "_le_") && !strings.HasSuffix(name, "_F") ||
				strings.HasSuffix(name, "_be_C") && a.DType.Size() == 1 {
				var out bytes.Buffer
				require.NoError(t, Write(&out, a))
				require.Equal(t, raw[name], out.Bytes(), "np.save's bytes")
			}
		})
	}
	require.Equal(t, 14*4+4+2, read)
}

func TestShapes(t *testing.T) {
	z, _ := golden(t)
	for name, want := range map[string][]int{"scalar": {}, "vector": {5}, "empty": {0, 3}, "five": {1, 2, 1, 3, 2}} {
		a, err := z.Read("f4_le_" + name)
		require.NoError(t, err)
		assert.Equal(t, want, a.Shape)
	}
}

func TestRefusesByName(t *testing.T) {
	z, _ := golden(t)
	for name, want := range map[string]string{
		"bytes":  `element type "|S2": byte strings are not supported`,
		"text":   `element type "<U2": strings are not supported`,
		"date":   `element type "<M8[D]": dates are not supported`,
		"object": `element type "|O": pickled Python objects are not supported`,
		"record": "records (a structured element type) are not supported",
		"raw":    `element type "|V3": records are not supported`,
	} {
		_, err := z.Read("refused_" + name)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, `testdata/dtypes.npz: array "refused_`+name)
	}
}

// file spells a .npy of version 1.0 with any header.
func file(dict, data string) string {
	return magic + "\x01\x00" + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict + data
}

func TestBadFiles(t *testing.T) {
	const f4 = "{'descr': '<f4', 'fortran_order': False, 'shape': "
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "no .npy header: EOF"},
		{"other format", "PK\x03\x04 zipped", "not with the .npy magic"},
		{"version", magic + "\x04\x00\x00\x00", "format version 4.0 is not supported"},
		{"header cut", magic + "\x01\x00\x76\x00{'descr", "header of 118 bytes: unexpected EOF"},
		{"header huge", magic + "\x02\x00\xff\xff\xff\xff", "header of 4294967295 bytes is longer"},
		{"truncated", file(f4+"(3, 4), }", strings.Repeat("x", 40)), "npy: header says shape (3, 4) of float32 = 48 bytes, file has 40: truncated?"},
		{"limit", file(f4+"(1000, 1000), }", ""), "header says shape (1000, 1000) of float32 = 4000000 bytes, more than the limit of 1000000"},
		{"overflow", file(f4+"(2147483647, 2147483647, 2147483647), }", ""), "larger than any memory"},
		{"overflow behind 0", file(f4+"(0, 2147483647, 2147483647, 2147483647), }", ""), "larger than any memory"},
		{"dimension", file(f4+"(99999999999999999999,), }", ""), "no dimension that fits"},
		{"negative", file(f4+"(-1,), }", ""), "no dimension that fits"},
		{"dimensions", file(f4+"("+strings.Repeat("1,", 65)+"), }", ""), "more than 64 dimensions"},
		{"key twice", file("{'descr': '<f4', 'descr': '<f4'}", ""), `key "descr" twice`},
		{"key missing", file("{'descr': '<f4', 'shape': ()}", ""), `no "fortran_order"`},
		{"key unknown", file("{'x': 1}", ""), `unknown key "x"`},
		{"float16 misspelt", file("{'descr': '<f3'}", ""), `element type "<f3" is not supported`},
		{"no element type", file("{'descr': '<'}", ""), `element type "<" is malformed`},
		{"neither", file("{'fortran_order': 0}", ""), "neither True nor False"},
		{"rest", file(f4+"()} + 1", ""), `unexpected "+ 1"`},
		{"string", file("{'descr", ""), "string without end"},
		{"no comma", file(f4+"(1 2)}", ""), "shape: no comma"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.in), 1_000_000)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadPassesErrorsOn(t *testing.T) {
	dict := "{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}"
	broken := errors.New("the card was pulled")
	_, err := Read(io.MultiReader(strings.NewReader(file(dict, "12345")), iotest.ErrReader(broken)), 0)
	require.ErrorIs(t, err, broken)
}

func TestReadLeavesTheReaderBehindTheArray(t *testing.T) {
	var two bytes.Buffer
	for _, d := range []DType{Float32, Int8} {
		a, err := New(d, 3)
		require.NoError(t, err)
		require.NoError(t, Write(&two, a))
	}
	for _, d := range []DType{Float32, Int8} {
		a, err := Read(&two, 0)
		require.NoError(t, err)
		require.Equal(t, d, a.DType)
	}
	require.Zero(t, two.Len())
}

func TestLargeArrayFromAStream(t *testing.T) {
	a, err := New(Uint32, 3, firstBlock/4, 1)
	require.NoError(t, err)
	v, err := a.Uint32s()
	require.NoError(t, err)
	for i := range v {
		v[i] = uint32(i) * 2654435761
	}
	var b bytes.Buffer
	require.NoError(t, Write(&b, a))
	got, err := Read(iotest.HalfReader(&b), 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(a.Data, got.Data))
}

func TestViews(t *testing.T) {
	a, err := New(Float32, 2)
	require.NoError(t, err)
	v, err := a.Float32s()
	require.NoError(t, err)
	v[1] = 1
	assert.Equal(t, []byte{0, 0, 0, 0, 0, 0, 0x80, 0x3f}, a.Data, "a view shares memory")

	_, err = a.Int8s()
	require.EqualError(t, err, "npy: array of shape (2,) is float32, not int8")

	room := make([]uint64, 2)
	odd := alignedBytes(len(room) * 8)[1:5]
	copy(odd, []byte{0, 0, 0x80, 0x3f})
	v, err = (&Array{DType: Float32, Shape: []int{1}, Data: odd}).Float32s()
	require.NoError(t, err)
	assert.Equal(t, []float32{1}, v, "misaligned data is copied")
}

func TestBoolsAreNormalised(t *testing.T) {
	in := file("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "\x00\x07\x01")
	a, err := Read(strings.NewReader(in), 0)
	require.NoError(t, err)
	require.Equal(t, []byte{0, 1, 1}, a.Data)
}

func TestNewAndWriteCheck(t *testing.T) {
	_, err := New("float8", 1)
	require.EqualError(t, err, `npy: element type "float8" is not supported`)
	_, err = New(Int8, -1)
	require.ErrorContains(t, err, "negative dimension")
	err = Write(io.Discard, &Array{DType: Int16, Shape: []int{3}, Data: make([]byte, 5)})
	require.EqualError(t, err, "npy: shape (3,) of int16 = 6 bytes, data has 5")
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.npy")
	for _, n := range []int{3, 2} { // the second replaces the first
		a, err := New(Int16, n)
		require.NoError(t, err)
		require.NoError(t, WriteFile(path, a))
		got, err := ReadFile(path, 0)
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
	link := filepath.Join(dir, "link.npy")
	require.NoError(t, os.Symlink("x.npy", link))
	a, err := New(Int16, 7)
	require.NoError(t, err)
	require.NoError(t, WriteFile(link, a))
	got, err := ReadFile(path, 0)
	require.NoError(t, err)
	require.Equal(t, []int{7}, got.Shape, "written through the link")

	require.Error(t, WriteFile(path, &Array{DType: Int16, Shape: []int{9}}))
	require.Error(t, WriteFile(filepath.Join(dir, "missing", "x.npy"), a))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "no temporary file stays")

	require.NoError(t, os.Truncate(path, 128+5))
	_, err = ReadFile(path, 0)
	require.EqualError(t, err, path+": header says shape (7,) of int16 = 14 bytes, file has 5: truncated?")
}

// A device that is always full must be an error, and must not be replaced.
func TestWriteFileToAFullDevice(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("no " + full)
	}
	a, err := New(Int16, 7)
	require.NoError(t, err)
	require.ErrorContains(t, WriteFile(full, a), "no space left")
	info, err := os.Stat(full)
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular())
}

func npzOf(t *testing.T, add func(*zip.Writer)) (*NPZ, error) {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add(w)
	require.NoError(t, w.Close())
	return readNPZ(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.npz", 1000)
}

func TestBadNPZ(t *testing.T) {
	entry := func(w *zip.Writer, name, content string) {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(f, content)
		require.NoError(t, err)
	}
	bomb := file("{'descr': '|u1', 'fortran_order': False, 'shape': (100000,)}", strings.Repeat("\x00", 100000))
	long := file("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", "123")
	z, err := npzOf(t, func(w *zip.Writer) {
		entry(w, "bomb.npy", bomb)
		entry(w, "long.npy", long)
		entry(w, "README", "ignored")
	})
	require.NoError(t, err)
	require.Equal(t, []string{"bomb", "long"}, z.Names())
	_, err = z.Read("bomb")
	require.ErrorContains(t, err, `x.npz: array "bomb": header says shape (100000,) of uint8 = 100000 bytes, more than the limit of 1000`)
	_, err = z.Read("long")
	require.ErrorContains(t, err, "bytes after the array of shape (2,)")
	_, err = z.Read("none")
	require.EqualError(t, err, `x.npz: no array "none" (it has bomb, long)`)

	_, err = npzOf(t, func(w *zip.Writer) { entry(w, "a.npy", long); entry(w, "a.npy", long) })
	require.EqualError(t, err, `x.npz: two arrays are called "a"`)
	_, err = readNPZ(strings.NewReader("no zip"), 6, "y.npz", 0)
	require.ErrorContains(t, err, "y.npz: zip: not a valid zip file")

	z, err = npzOf(t, func(w *zip.Writer) {
		_, err := w.CreateRaw(&zip.FileHeader{Name: "bzip.npy", Method: 12})
		require.NoError(t, err)
		_, err = w.CreateRaw(&zip.FileHeader{Name: "secret.npy", Flags: 1})
		require.NoError(t, err)
	})
	require.NoError(t, err)
	_, err = z.Read("bzip")
	require.ErrorContains(t, err, "zip method 12 is not supported")
	_, err = z.Read("secret")
	require.ErrorContains(t, err, "encrypted")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(file("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", "12345678")))
	f.Add([]byte(file("{'descr': '>i2', 'fortran_order': False, 'shape': (), }", "12")))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := Read(bytes.NewReader(in), 1<<16)
		if err != nil {
			return
		}
		var b bytes.Buffer
		require.NoError(t, Write(&b, a))
		again, err := Read(&b, 1<<16)
		require.NoError(t, err)
		require.Equal(t, a, again)
	})
}

func FuzzNPZ(f *testing.F) {
	var b bytes.Buffer // small, so that the fuzzer is quick
	w := zip.NewWriter(&b)
	entry, err := w.Create("a.npy")
	require.NoError(f, err)
	_, err = io.WriteString(entry, file("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", "1234"))
	require.NoError(f, err)
	require.NoError(f, w.Close())
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, in []byte) {
		z, err := readNPZ(bytes.NewReader(in), int64(len(in)), "fuzz.npz", 1<<16)
		if err != nil {
			return
		}
		for _, name := range z.Names() {
			if a, err := z.Read(name); err == nil {
				require.NoError(t, a.check())
			}
		}
	})
}
