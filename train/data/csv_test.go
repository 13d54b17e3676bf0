package data

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// openText opens a table with this text.
func openTable(t *testing.T, text string, o Options) (train, test Set, err error) {
	return Open(write(t, t.TempDir(), "table.csv", []byte(text)), o)
}

func TestCSVHeaderAndLabels(t *testing.T) {
	const rows = "1,2,b\n3,4,a\n5,6,b\n7,8,c\n9,10,a\n"
	for name, c := range map[string]struct {
		text string
		o    Options
	}{
		"header":          {"h,w,kind\n" + rows, Options{}},
		"no header":       {rows, Options{}},
		"semicolons, BOM": {"\ufeffh;w;kind\r\n" + strings.NewReplacer(",", ";", "\n", "\r\n").Replace(rows), Options{}},
		"first by name":   {"kind,h,w\nb,1,2\na,3,4\nb,5,6\nc,7,8\na,9,10\n", Options{Label: "kind"}},
		"by number":       {"b,1,2\na,3,4\nb,5,6\nc,7,8\na,9,10\n", Options{Label: "1"}},
		"quoted":          {"h,w,kind\n\"1\",2,b\n3,4,\"a\"\n5,6,b\n7,8,c\n9,10,a\n", Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c.o.Memory = range []int64{0, 8} {
				train, test, err := openTable(t, c.text, c.o)
				require.NoError(t, err)
				require.Equal(t, []string{"a", "b", "c"}, train.Classes())
				require.Equal(t, []int{1, 0, 1, 2}, classesOf(t, train))
				require.Equal(t, []int{0}, classesOf(t, test))
				x, _ := get(t, test, 0)
				require.Equal(t, []float32{9, 10}, x)
			}
		})
	}
	// Columns that are called by numbers, as pandas does, are still a header.
	train, test, err := openTable(t, "0,1,label\n"+rows, Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, train.Classes())
	require.Equal(t, 5, train.Len()+test.Len())
	require.Equal(t, test.Name(0)[len(test.Name(0))-6:], "line 6")
	train, _, err = openTable(t, "1,2,b\n", Options{Classes: []string{"a", "b"}, Test: -1})
	require.NoError(t, err)
	require.Equal(t, []int{1}, classesOf(t, train), "a class that is known is no header")
	_, _, err = Open(write(t, t.TempDir(), "t.csv.gz", zipped(t, []byte("h,w,kind\n"+rows))[:40]), Options{})
	require.ErrorContains(t, err, "t.csv.gz: after row ")
	require.ErrorContains(t, err, "unexpected EOF: truncated? get the file again")

	train, _, err = openTable(t, "h,w,kind\n"+rows, Options{})
	require.NoError(t, err)
	require.Contains(t, train.Name(1), "table.csv: line 3")
}

func TestCSVNumericLabels(t *testing.T) {
	train, test, err := openTable(t, "1,10\n2,9\n3,10.0\n4,9\n5,-1\n", Options{Test: -1})
	require.NoError(t, err)
	require.Nil(t, test)
	require.Equal(t, []string{"-1", "9", "10"}, train.Classes(), "sorted by value")
	require.Equal(t, []int{2, 1, 2, 1, 0}, classesOf(t, train))

	train, _, err = openTable(t, "1,10\n2,9.5\n", Options{Test: -1})
	require.NoError(t, err)
	require.Nil(t, train.Classes())
	_, y := get(t, train, 1)
	require.Equal(t, []float32{9.5}, y)

	train, _, err = openTable(t, "1,10\n2,9\n", Options{Test: -1, Regression: true})
	require.NoError(t, err)
	require.Nil(t, train.Classes())
}

func TestCSVSortedByClassHoldsSomeOfEachOut(t *testing.T) {
	train, test, err := openTable(t, strings.Repeat("1,a\n", 10)+strings.Repeat("2,b\n", 5), Options{})
	require.NoError(t, err)
	require.Equal(t, 12, train.Len())
	require.Equal(t, []int{0, 0, 1}, classesOf(t, test))
}

func TestCSVSplitAndGroup(t *testing.T) {
	train, test, err := openTable(t, "who,x,part,y\nann,1,train,a\nbob,2,test,b\nann,3,train,b\n", Options{Split: "part", Group: "who"})
	require.NoError(t, err)
	require.Equal(t, []int{1}, train.Shape())
	require.Equal(t, 2, train.Len())
	require.Equal(t, "ann", GroupOf(train, 1))
	require.Equal(t, "bob", GroupOf(test, 0))
	all, err := Concat(train, test)
	require.NoError(t, err)
	rest, bob, err := SplitBy(all, "bob")
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, []int{rest.Len(), bob.Len()})
	_, _, err = SplitBy(all, "eve")
	require.ErrorContains(t, err, `no sample is of group "eve": the set has ["ann" "bob"]`)
}

// A label is one line, as the lists of classes that models keep have one for each.
func TestCSVLabelOfTwoLines(t *testing.T) {
	train, _, err := openTable(t, "a,b\n1,\"two\nlines\"\n2,x\n", Options{Test: -1})
	require.NoError(t, err)
	require.Equal(t, []string{"two lines", "x"}, train.Classes())
}

func TestCSVTwoFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "train.csv", []byte("x,y\n1,b\n2,c\n"))
	write(t, dir, "test.csv", []byte("x,y\n3,c\n"))
	train, test, err := Open(dir, Options{})
	require.NoError(t, err)
	require.Equal(t, 2, train.Len())
	require.Equal(t, []int{1}, classesOf(t, test))
	write(t, dir, "test.csv", []byte("x,y\n3,a\n"))
	_, _, err = Open(dir, Options{})
	require.ErrorContains(t, err, `class 0 ("a") of 3 has no sample to train on`)
}

func TestCSVStandardise(t *testing.T) {
	train, test, err := openTable(t, "1,7,0.5\n3,7,1.5\n1,7,0\n3,7,0\n9,8,1\n", Options{Standardise: true})
	require.NoError(t, err)
	x, _ := get(t, train, 1)
	require.Equal(t, []float32{1, 0}, x)
	x, _ = get(t, test, 0)
	require.Equal(t, []float32{7, 1}, x, "with the training part's figures")
}

func TestCSVRefuses(t *testing.T) {
	for want, text := range map[string]string{
		"line 3: 2 columns where the first row has 3": "a,b,c\n1,2,3\n1,2\n",
		"line 2, column 1 (a): \"NaN\" is not finite": "a,b\nNaN,1\n",
		"line 2, column 1: \"inf\" is not finite":     "1,1\ninf,1\n",
		"line 3, column 2 (b): empty":                 "a,b,c\n1,2,3\n1,,3\n",
		"line 2, column 1 (a): \"red\" is no number":  "a,b\nred,1\n",
		"line 2, column 1 (a): \"1e99\" is too large": "a,b\n1e99,1\n",
		"line 2, column 2 (b): no label":              "a,b\n1,\n",
		"\"1,5\" has a decimal comma: write a point":  "a;b\n1,5;1\n",
		`label "gr\xfcn" is not UTF-8`:                "a,b\n1,rot\n2,gr\xfcn\n",
		"the text is UTF-16: save it as UTF-8":        "\xff\xfea\x00,\x00b\x00\n\x00",
		"only a header":                               "a,b\n",
		"no column of numbers":                        "a\n1\n",
		"1001 different labels: are they numbers?":    manyLabels(1001),
		"extraneous or missing":                       "a,b\n1,\"x\n",
		"class 1 (\"b\") of 2 has no sample":          "1,a\n1,a\n1,a\n1,a\n2,b\n1,a\n1,a\n1,a\n1,a\n3,b\n",
	} {
		o := Options{}
		if strings.Contains(want, "class 1") {
			o.Split = "2"
			text = strings.NewReplacer("1,a", "1,0,a", "2,b", "2,1,b", "3,b", "3,1,b").Replace(text)
		}
		_, _, err := openTable(t, text, o)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "table.csv")
	}
	_, _, err := openTable(t, "a,b\n1,2\n", Options{Label: "c"})
	require.ErrorContains(t, err, `Label is "c": no such column, of 2: ["a" "b"]`)
	_, _, err = openTable(t, "a,b\n1,x\n", Options{Regression: true})
	require.ErrorContains(t, err, `label "x" is no finite number`)
	_, _, err = openTable(t, "", Options{})
	require.ErrorContains(t, err, "the file is empty")
	path := write(t, t.TempDir(), "t.csv.gz", zipped(t, []byte("1,2\n3,4\n"))[:20])
	_, _, err = Open(path, Options{})
	require.ErrorContains(t, err, "unexpected EOF")
}

func manyLabels(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1,%d\n", i)
	}
	return b.String()
}

func TestDigits(t *testing.T) {
	train, test, err := Open(filepath.Join(shareddata.Shared(t), "digits8x8"), Options{Scale: 16, Shape: []int{8, 8, 1}})
	require.NoError(t, err)
	require.Equal(t, 1437, train.Len())
	require.Equal(t, 360, test.Len())
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, train.Classes())
	x, y := get(t, train, 0)
	require.Equal(t, float32(5)/16, x[2])
	require.Equal(t, []float32{0}, y)
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n3,4\n"))
	f.Add([]byte("1;x\n2;y\n"))
	f.Add([]byte("\"a\n\",2\n1,1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := readRows(strings.NewReader(string(b)), &Options{Memory: 64})
		if err != nil {
			return
		}
		targets, classes, err := r.labels.targets(&Options{})
		if err != nil {
			return
		}
		require.Len(t, targets, r.n)
		s := r.table(targets, classes, &Options{})
		x, y := make([]float32, r.width), make([]float32, 1)
		for i := range r.n {
			require.NoError(t, s.Read(i, x, y))
			require.False(t, x[0] != x[0])
			require.True(t, classes == nil || y[0] >= 0 && int(y[0]) < len(classes))
		}
	})
}
