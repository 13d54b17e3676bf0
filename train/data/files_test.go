package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// picture is a PNG of one grey, or of one colour with that much red.
func picture(t testing.TB, w, h int, v uint8, grey bool) []byte {
	var img image.Image
	if grey {
		g := image.NewGray(image.Rect(0, 0, w, h))
		for i := range g.Pix {
			g.Pix[i] = v
		}
		img = g
	} else {
		c := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			c.Set(i%w, i/w, color.NRGBA{v, 0, 255, 255})
		}
		img = c
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// sound is a WAV of 16-bit samples, mono.
func sound(rate int, samples ...int16) []byte {
	b := []byte("RIFF....WAVEfmt ")
	binary.LittleEndian.PutUint32(b[4:], uint32(36+2*len(samples)))
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16), []byte("data"), uint32(2 * len(samples)), samples} {
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return b
}

func TestFolderOfPictures(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "train/cat/0.png", picture(t, 3, 2, 51, false))
	write(t, dir, "train/cat/1.png", picture(t, 6, 4, 102, false))
	write(t, dir, "train/dog/0.png", picture(t, 3, 2, 255, false))
	write(t, dir, "test/dog/9.png", picture(t, 3, 2, 0, false))
	write(t, dir, "train/dog/.hidden.png", []byte("x"))
	for _, memory := range []int64{0, 1} { // kept when decoded, and decoded each time
		train, test, err := Open(dir, Options{Memory: memory})
		require.NoError(t, err)
		require.Equal(t, []string{"cat", "dog"}, train.Classes())
		require.Equal(t, []int{2, 3, 3}, train.Shape())
		require.Equal(t, []int{0, 0, 1}, classesOf(t, train))
		require.Equal(t, []int{1}, classesOf(t, test))
		for range 2 {
			x, _ := get(t, train, 1)
			require.Equal(t, []float32{0.4, 0, 1}, x[3:6], "brought to the first's size")
		}
		require.Equal(t, dir+"/train/dog/0.png", train.Name(2))
	}
	train, _, err := Open(dir, Options{Classes: []string{"dog", "cat"}, Picture: PictureOptions{Width: 1, Height: 1, Channels: 1}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, train.Shape())
	require.Equal(t, []int{1, 1, 0}, classesOf(t, train))
}

func TestGreyPicturesHaveOneChannel(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		write(t, dir, "set/"+strconv.Itoa(i%2)+"/"+strconv.Itoa(i)+".png", picture(t, 2, 2, uint8(i), true))
	}
	train, test, err := Open(dir, Options{})
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 1}, train.Shape())
	require.Equal(t, []string{"0", "1"}, train.Classes())
	require.ElementsMatch(t, []int{0, 1}, classesOf(t, test), "a fifth of each class")
	require.Equal(t, 8, train.Len())
}

func TestFolderOfSound(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "off/a.wav", sound(4, 1<<14))
	write(t, dir, "on/a.wav", sound(4, 1, 2, 1<<14, 3, 4, 5, 6, 7))
	train, _, err := Open(dir, Options{Test: -1})
	require.NoError(t, err)
	require.Equal(t, []int{4}, train.Shape(), "a second")
	x, _ := get(t, train, 0)
	require.Equal(t, []float32{0, 0.5, 0, 0}, x, "silence at both ends")
	x, _ = get(t, train, 1)
	require.Equal(t, float32(0.5), x[0], "the middle")

	write(t, dir, "on/b.wav", sound(8, make([]int16, 8)...))
	train, _, err = Open(dir, Options{Test: -1})
	require.NoError(t, err)
	err = train.Read(2, make([]float32, 4), make([]float32, 1))
	require.ErrorContains(t, err, "on/b.wav: 8 samples a second where others have 4: give Sound.Rate")
	train, _, err = Open(dir, Options{Test: -1, Sound: SoundOptions{Rate: 8, Samples: 6}})
	require.NoError(t, err)
	require.NoError(t, train.Read(2, make([]float32, 6), make([]float32, 1)))
}

func TestFoldersRefused(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Open(dir, Options{})
	require.ErrorContains(t, err, "neither folders of pictures or sound")
	write(t, dir, "a/1.png", picture(t, 1, 1, 1, true))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "b"), 0o777))
	_, _, err = Open(dir, Options{})
	require.ErrorContains(t, err, `folder "b" has no samples in it`)
	write(t, dir, "b/1.wav", sound(8, 1))
	_, _, err = Open(dir, Options{})
	require.ErrorContains(t, err, "pictures or sound, not both")
	require.NoError(t, os.Remove(filepath.Join(dir, "b/1.wav")))
	write(t, dir, "b/1.png", []byte("\x89PNG\r\n\x1a\n cut"))
	train, _, err := Open(dir, Options{Test: -1})
	require.NoError(t, err)
	require.ErrorContains(t, train.Read(1, make([]float32, 1), make([]float32, 1)), "b/1.png: ")
	_, _, err = Open(dir, Options{Classes: []string{"a"}})
	require.ErrorContains(t, err, `b/1.png: class "b" is none of ["a"]`)
	write(t, dir, "c.png", picture(t, 1, 1, 1, true))
	_, _, err = Open(dir, Options{})
	require.ErrorContains(t, err, "c.png: in no folder of a class")
	_, _, err = Open(dir, Options{Pattern: "x"})
	require.ErrorContains(t, err, "no group (?P<class>…)")
	_, _, err = Open(dir, Options{Pattern: "(?P<class>a)/.*"})
	require.ErrorContains(t, err, "b/1.png: does not match Pattern")
	_, _, err = Open(dir, Options{Pattern: "("})
	require.ErrorContains(t, err, "Pattern: ")
}

func TestZipWithPattern(t *testing.T) {
	path := filepath.Join(t.TempDir(), "set.zip")
	f, err := os.Create(path)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	for i, name := range []string{"1_ann_0.wav", "1_ann_7.wav", "0_bob_7.wav", "readme.md"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.Copy(w, bytes.NewReader(sound(2, int16(i)<<10, 0)))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	train, test, err := Open(path, Options{Pattern: `(?P<class>\d)_(?P<group>\w+)_(?P<split>\d+)\.wav`, SplitTest: "[0-4]"})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, classesOf(t, train))
	require.Equal(t, []string{"bob", "ann"}, Groups(train))
	require.Equal(t, 1, test.Len())
	require.Equal(t, path+": 1_ann_0.wav", test.Name(0))
	require.NoError(t, os.Truncate(path, 100))
	_, _, err = Open(path, Options{})
	require.ErrorContains(t, err, "get the file again")
}

func TestSpokenDigits(t *testing.T) {
	path := filepath.Join(shareddata.Shared(t), "fsdd", "fsdd.zip")
	train, test, err := Open(path, Options{Pattern: `(?P<class>\d)_(?P<group>\w+)_(?P<split>\d+)\.wav`, SplitTest: "[0-4]"})
	require.NoError(t, err)
	require.Equal(t, []int{1800, 200}, []int{train.Len(), test.Len()})
	require.Equal(t, []int{8000}, train.Shape())
	require.Equal(t, []string{"george", "jackson", "nicolas", "yweweler"}, Groups(train))
	require.Len(t, train.Classes(), 10)
	get(t, train, 1700)
	rest, nicolas, err := SplitBy(train, "nicolas")
	require.NoError(t, err)
	require.Equal(t, []int{1350, 450}, []int{rest.Len(), nicolas.Len()})
}

func TestCIFARZip(t *testing.T) {
	train, test, err := Open(filepath.Join(shareddata.Shared(t), "cifar10-jpg", "cifar10_jpg_10k_2k.zip"), Options{})
	require.NoError(t, err)
	require.Equal(t, []int{10000, 2000}, []int{train.Len(), test.Len()})
	require.Equal(t, []int{32, 32, 3}, train.Shape())
	require.Equal(t, "airplane", train.Classes()[0])
	get(t, train, 9999)
}
