package data

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/media"
)

// TestForm holds what is said of samples of each kind.
func TestForm(t *testing.T) {
	pictures, sounds := t.TempDir(), t.TempDir()
	for _, class := range []string{"a", "b"} {
		write(t, pictures, class+"/0.png", picture(t, 3, 2, 51, false))
		write(t, sounds, class+"/0.wav", sound(8000, 1, 2))
	}
	open := func(path string, o Options) Set {
		o.Test = -1
		s, _, err := Open(path, o)
		require.NoError(t, err)
		return s
	}
	require.Equal(t, Form{Picture: true, Scale: 255, Resize: media.Crop}, FormOf(Limit(open(pictures, Options{Picture: PictureOptions{Resize: media.Crop}}), 1)))
	require.Equal(t, Form{}, FormOf(open(pictures, Options{Shape: []int{18}})), "a row of numbers is no picture")
	heard := open(sounds, Options{})
	require.Equal(t, Form{Rate: 8000}, FormOf(heard))
	l, err := NewLogMel(SpokenDigits)
	require.NoError(t, err)
	spectra, err := Map(heard, l)
	require.NoError(t, err)
	require.Equal(t, Form{Rate: 8000, LogMel: &l.o, Samples: 8000}, FormOf(Limit(spectra, 1)))
	bytes, err := Pair(Of(make([]uint8, 18), 2, 3, 3), Of([]uint8{0, 1}, 2))
	require.NoError(t, err)
	require.Equal(t, Form{Picture: true, Scale: 1}, FormOf(bytes))
	floats, err := Pair(Of(make([]float32, 18), 2, 3, 3), Of([]uint8{0, 1}, 2))
	require.NoError(t, err)
	require.Equal(t, Form{}, FormOf(floats), "nobody knows what was done to them")
}

// TestAs holds that other files become samples like those of a set.
func TestAs(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/a/0.png", picture(t, 3, 2, 51, false))
	write(t, dir, "a/b/0.png", picture(t, 3, 2, 51, false))
	write(t, dir, "b/b/0.png", picture(t, 5, 5, 9, true))
	o := Options{Test: -1}
	set, _, err := Open(dir+"/a", o)
	require.NoError(t, err)
	other, _, err := Open(dir+"/b", o.As(set))
	require.NoError(t, err)
	require.NoError(t, sameForm(set, other))
	require.Equal(t, []int{1}, classesOf(t, other), "b is the class that it was")

	write(t, dir, "8/a/0.wav", sound(8000, make([]int16, 100)...))
	write(t, dir, "16/a/0.wav", sound(16000, make([]int16, 100)...))
	set, _, err = Open(dir+"/8", o)
	require.NoError(t, err)
	other, _, err = Open(dir+"/16", o.As(set))
	require.NoError(t, err)
	x, y := make([]float32, 8000), make([]float32, 1)
	require.ErrorContains(t, other.Read(0, x, y), "16/a/0.wav: 16000 samples a second where others have 8000")

	one, two := write(t, dir, "1.csv", []byte("1,a\n3,b\n1,a\n3,b\n")), write(t, dir, "2.csv", []byte("7,b\n7,b\n"))
	o.Standardise = true
	set, _, err = Open(one, o)
	require.NoError(t, err)
	other, _, err = Open(two, o.As(set))
	require.NoError(t, err)
	x, y = get(t, other, 0)
	require.Equal(t, []float32{5}, x, "7 is 5 deviations of 1 over the mean 2")
	require.Equal(t, []float32{1}, y)

	o = Options{Test: -1, Text: TextOptions{Lines: true}}
	set, _, err = Open(write(t, dir, "1.txt", []byte("abc\nb\n")), o)
	require.NoError(t, err)
	other, _, err = Open(write(t, dir, "2.txt", []byte("c\n")), o.As(set))
	require.NoError(t, err)
	require.NoError(t, sameForm(set, other))
	require.Equal(t, Symbols(set), Symbols(other))
	x, _ = get(t, other, 0)
	require.Equal(t, []float32{0, 3, 0, 0}, x)
	_, _, err = Open(write(t, dir, "3.txt", []byte("d\n")), o.As(set))
	require.ErrorContains(t, err, "the character 'd' is none of the 4 symbols")
	_, _, err = Open(dir+"/2.txt", Options{Text: TextOptions{Lines: true, Symbols: []string{"a", "c"}}})
	require.ErrorContains(t, err, "the model is not one of lines")
}

// TestSample holds that no class is left out.
func TestSample(t *testing.T) {
	sorted, err := Pair(Of(make([]float32, 9), 9, 1), Of([]uint8{0, 0, 0, 1, 1, 1, 2, 2, 2}, 9))
	require.NoError(t, err)
	some, err := Sample(sorted, 4)
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 1, 2}, classesOf(t, some))
	mixed, err := Pair(Of(make([]float32, 5), 5, 1), Of([]uint8{1, 0, 1, 1, 1}, 5))
	require.NoError(t, err)
	some, err = Sample(mixed, 2)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, classesOf(t, some))
	for _, n := range []int{5, 6} {
		some, err = Sample(mixed, n)
		require.NoError(t, err)
		require.Equal(t, 5, some.Len())
	}
}
