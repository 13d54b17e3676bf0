package data

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// get reads a sample.
func get(t *testing.T, s Set, i int) (x, y []float32) {
	t.Helper()
	x, y = make([]float32, count(s.Shape())), make([]float32, count(s.TargetShape()))
	require.NoError(t, s.Read(i, x, y))
	return x, y
}

// classesOf reads all targets.
func classesOf(t *testing.T, s Set) []int {
	t.Helper()
	out := make([]int, s.Len())
	for i := range out {
		_, y := get(t, s, i)
		out[i] = int(y[0])
	}
	return out
}

func TestPair(t *testing.T) {
	s, err := Pair(Of([]uint8{1, 2, 3, 4, 5, 6}, 3, 2), Of([]int32{2, 0, -1}))
	require.NoError(t, err)
	require.Equal(t, 3, s.Len())
	require.Equal(t, []int{2}, s.Shape())
	require.Nil(t, s.TargetShape())
	require.Equal(t, []string{"0", "1", "2"}, s.Classes())
	x, y := get(t, s, 1)
	require.Equal(t, []float32{3, 4}, x)
	require.Equal(t, []float32{0}, y)
	require.Equal(t, []int{2, 0, -1}, classesOf(t, s))
	require.Equal(t, "arrays: sample 2", s.Name(2))
}

func TestPairOfNumbersAndSequences(t *testing.T) {
	s, err := Pair(Of([]float64{1, 2}, -1, 1), Of([]float32{0.5, 7}, 2, 1))
	require.NoError(t, err)
	require.Nil(t, s.Classes())
	_, y := get(t, s, 1)
	require.Equal(t, []float32{7}, y)

	s, err = Pair(Of([]int{1, 2, 3, 4}, 2, 2), Of([]int64{2, 3, 4, -1}, 2, 2))
	require.NoError(t, err)
	require.Nil(t, s.Classes())
	require.Equal(t, []int{2}, s.TargetShape())
}

func TestPairRefuses(t *testing.T) {
	for want, pair := range map[string][2]*Array{
		"shape [4] does not hold 3 values":   {Of([]uint8{1, 2, 3}, 4), Of([]uint8{1})},
		"3 samples and 1 targets":            {Of([]uint8{1, 2, 3}), Of([]uint8{1})},
		"sample 1: class -2 is not within 0": {Of([]uint8{1, 2}), Of([]int8{1, -2})},
		"no samples":                         {Of([]uint8{}, 0, 3), Of([]uint8{})},
		"class 40000 is not within":          {Of([]uint8{1}), Of([]int32{40000})},
	} {
		_, err := Pair(pair[0], pair[1])
		require.ErrorContains(t, err, want)
	}
	_, err := Pair(Of([]uint8{1}), Of([]uint8{2}), "a", "b")
	require.ErrorContains(t, err, "class 2 where 2 classes are named")
}

func TestReadAllocatesNothing(t *testing.T) {
	s, err := Pair(Of(make([]uint8, 40), 10, 4), Of(make([]uint8, 10)))
	require.NoError(t, err)
	joined, err := Concat(s, Subset(s, []int{3, 4}))
	require.NoError(t, err)
	x, y := make([]float32, 4), make([]float32, 1)
	require.Zero(t, testing.AllocsPerRun(20, func() { _ = joined.Read(11, x, y) }))
}

func TestReadChecksItsArguments(t *testing.T) {
	s, err := Pair(Of([]uint8{1, 2}), Of([]uint8{0, 1}))
	require.NoError(t, err)
	require.ErrorContains(t, s.Read(2, make([]float32, 1), make([]float32, 1)), "sample 2 is not within the set's 2")
	require.ErrorContains(t, s.Read(0, nil, make([]float32, 1)), "room for 0 and 1 numbers")
	require.Error(t, Subset(s, []int{5}).Read(0, make([]float32, 1), make([]float32, 1)))
}

func TestSubsetsAndSplits(t *testing.T) {
	s, err := Pair(Of(upTo(100)), Of(make([]uint8, 100)))
	require.NoError(t, err)
	a, b := Split(s, 0.2, 7)
	require.Equal(t, 80, a.Len())
	require.Equal(t, 20, b.Len())
	seen := map[float32]bool{}
	for _, set := range []Set{a, b} {
		for i := range set.Len() {
			x, _ := get(t, set, i)
			require.False(t, seen[x[0]])
			seen[x[0]] = true
		}
	}
	require.Len(t, seen, 100)
	_, c := Split(s, 0.2, 8)
	require.NotEqual(t, b.(*subset).index, c.(*subset).index, "the seed decides")
	_, d := Split(s, 0.2, 7)
	require.Equal(t, b.(*subset).index, d.(*subset).index)

	sub := Subset(Subset(s, []int{10, 20, 30}), []int{2, 0})
	x, _ := get(t, sub, 0)
	require.Equal(t, float32(30), x[0])
	require.Equal(t, "arrays: sample 30", sub.Name(0))
	require.Equal(t, 2, Limit(s, 2).Len())
	require.Equal(t, 100, Limit(s, 1000).Len())
}

// TestSplitKeepsGroups holds out whole groups, about as much as is wanted.
func TestSplitKeepsGroups(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("who,x,y\n")
	for i := range 100 {
		fmt.Fprintf(&rows, "%c,%d,%c\n", "aaabbcdefg"[i%10], i, "pq"[i%2])
	}
	whole, _, err := openTable(t, rows.String(), Options{Group: "who", Test: -1})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g"}, Groups(whole))
	disjoint := func(a, b Set) {
		t.Helper()
		require.Equal(t, 100, a.Len()+b.Len())
		require.NotEmpty(t, Groups(b))
		for _, g := range Groups(b) {
			require.NotContains(t, Groups(a), g)
		}
	}
	drawn := map[string]bool{}
	for seed := range uint64(9) {
		a, b := Split(whole, 0.3, seed)
		disjoint(a, b)
		require.InDelta(t, 30, b.Len(), 15)
		drawn[fmt.Sprint(Groups(b))] = true
	}
	require.Greater(t, len(drawn), 4)
	a, b := Split(whole, 0.01, 1)
	disjoint(a, b)

	a, b, err = openTable(t, rows.String(), Options{Group: "who"})
	require.NoError(t, err)
	disjoint(a, b)
	require.Equal(t, []string{"f", "g"}, Groups(b), "the last to occur")
}

func TestConcatRefusesOtherForms(t *testing.T) {
	a, err := Pair(Of([]uint8{1, 2}, 1, 2), Of([]uint8{0}))
	require.NoError(t, err)
	b, err := Pair(Of([]uint8{1}), Of([]uint8{0}))
	require.NoError(t, err)
	_, err = Concat(a, b)
	require.ErrorContains(t, err, "set 1: samples of shape [2] and [1]")
}

// writeNPY writes an array of T.
func writeNPY[T Number](t *testing.T, path string, values []T, shape ...int) {
	t.Helper()
	a := Of(values, shape...)
	require.NoError(t, a.Err())
	require.NoError(t, npy.WriteFile(path, a.a))
}

func TestOpenNPYPairs(t *testing.T) {
	dir := t.TempDir()
	writeNPY(t, filepath.Join(dir, "x.npy"), []uint8{0, 51, 255, 102}, 2, 2)
	writeNPY(t, filepath.Join(dir, "y.npy"), []int64{1, 0})
	writeNPY(t, filepath.Join(dir, "x_test.npy"), []uint8{5, 10}, 1, 2)
	writeNPY(t, filepath.Join(dir, "y_test.npy"), []int64{1})
	for _, memory := range []int64{0, 1} { // in memory, and read from disk
		train, test, err := Open(filepath.Join(dir, "x.npy"), Options{Memory: memory})
		require.NoError(t, err)
		require.Equal(t, 1, test.Len())
		x, y := get(t, train, 1)
		require.Equal(t, []float32{1, 102. / 255}, x)
		require.Equal(t, []float32{0}, y)
	}
	train, _, err := Open(filepath.Join(dir, "x.npy"), Options{Scale: 1, Shape: []int{1, -1}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, train.Shape())
	x, _ := get(t, train, 1)
	require.Equal(t, []float32{255, 102}, x)

	writeNPY(t, filepath.Join(dir, "y.npy"), []int64{2, 0})
	_, _, err = Open(filepath.Join(dir, "x.npy"), Options{})
	require.ErrorContains(t, err, `class 1 ("1") of 3 has no sample to train on`)
	require.NoError(t, os.Truncate(filepath.Join(dir, "x.npy"), 130))
	_, _, err = Open(filepath.Join(dir, "x.npy"), Options{})
	require.ErrorContains(t, err, "truncated?")
}

func TestOpenNPZWithSplitAndGroups(t *testing.T) {
	path := filepath.Join(shareddata.Shared(t), "speech-commands", "gsc12_logmel_49x40_u8.npz")
	o := Options{Samples: "logmel_u8", Label: "label", Split: "is_test", Group: "speaker"}
	for _, o.Memory = range []int64{0, 1 << 20} { // in memory, and unpacked to a file
		train, test, err := Open(path, o)
		require.NoError(t, err)
		require.Equal(t, 3854, train.Len())
		require.Equal(t, 1036, test.Len())
		require.Equal(t, []int{49, 40}, train.Shape())
		require.Len(t, train.Classes(), 12)
		require.NotEmpty(t, GroupOf(test, 0))
		x, _ := get(t, test, 5)
		sum := float32(0)
		for _, v := range x {
			require.True(t, v >= 0 && v <= 1)
			sum += v
		}
		require.Greater(t, sum, float32(1))
	}
}

func TestSparseClasses(t *testing.T) {
	for name, c := range map[string]struct {
		y    []float32
		want []float32 // nil: left as they are
	}{
		"one-hot":     {[]float32{0, 0, 1, 1, 0, 0, 0, 1, 0}, []float32{2, 0, 1}},
		"two of them": {[]float32{0, 1, 1, 1, 0, 0, 0, 1, 0}, nil},
		"none":        {[]float32{0, 0, 1, 0, 0, 0, 0, 1, 0}, nil},
		"numbers":     {[]float32{0, .5, .5, 1, 0, 0, 0, 1, 0}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			whole, err := Pair(Of([]float32{1, 2, 3}, 3, 1), Of(c.y, 3, 3))
			require.NoError(t, err)
			s, err := SparseClasses(Subset(whole, []int{0, 1, 2}))
			require.NoError(t, err)
			if c.want == nil {
				require.Nil(t, s.Classes())
				return
			}
			require.Equal(t, []string{"0", "1", "2"}, s.Classes())
			require.Nil(t, s.TargetShape())
			for i, want := range c.want {
				x, y := get(t, s, i)
				require.Equal(t, []float32{float32(i + 1)}, x)
				require.Equal(t, []float32{want}, y)
			}
		})
	}
}
