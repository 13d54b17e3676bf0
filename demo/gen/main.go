// Command gen makes the demo's model and samples: it trains a small network on
// the first 1,437 digits, quantises it to int8 and writes digits.tflite, and
// packs the last 360 digits into samples.gz.
//
//	go run ./demo/gen -data digits.csv.gz -out demo
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/edgeinfer/edgeinfer/demo"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

const trained = 1437

func main() {
	log.SetFlags(0)
	data := flag.String("data", "digits.csv.gz", "the digits: 64 pixels and the digit a row")
	out := flag.String("out", ".", "folder for digits.tflite and samples.gz")
	epochs := flag.Int("epochs", 40, "passes over the training samples")
	flag.Parse()
	samples, err := read(*data)
	if err != nil {
		log.Fatal(err)
	}
	train, test := samples[:trained], samples[trained:]
	net := newNet(rand.New(rand.NewPCG(1, 2)))
	fit(net, train, *epochs)
	fmt.Printf("float: %.1f %% of the training digits, %.1f %% of the others\n", accuracy(net, train), accuracy(net, test))
	for name, b := range map[string][]byte{"digits.tflite": export(net, train), "samples.gz": pack(test)} {
		if err := os.WriteFile(filepath.Join(*out, name), b, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

func read(path string) ([]demo.Sample, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := media.ReadCSV(f, media.Limits{})
	if err != nil {
		return nil, err
	}
	if t.Cols != demo.Side*demo.Side+1 || t.Rows <= trained {
		return nil, fmt.Errorf("%s: %d rows of %d numbers are not the digits", path, t.Rows, t.Cols)
	}
	samples := make([]demo.Sample, t.Rows)
	for i := range samples {
		row := t.Data[i*t.Cols : (i+1)*t.Cols]
		for k := range samples[i].Pixels {
			samples[i].Pixels[k] = uint8(row[k])
		}
		samples[i].Digit = int(row[len(row)-1])
	}
	return samples, nil
}

func newNet(r *rand.Rand) []*layer {
	return []*layer{
		newLayer(8, 1, 8, 3, 1, true, r),
		newLayer(8, 8, 16, 3, 2, true, r),
		newLayer(1, 256, 10, 1, 1, false, r),
	}
}

func forward(net []*layer, x []float64) []float64 {
	for _, l := range net {
		x = l.forward(x)
	}
	return x
}

// shifted returns the sample's pixels, moved by dx and dy.
func shifted(s *demo.Sample, dx, dy int) []float64 {
	x := make([]float64, len(s.Pixels))
	for i, p := range s.Pixels {
		if c, r := i%demo.Side+dx, i/demo.Side+dy; c >= 0 && c < demo.Side && r >= 0 && r < demo.Side {
			x[r*demo.Side+c] = float64(p) / demo.Levels
		}
	}
	return x
}

// fit trains with Adam on cross-entropy; pictures are shifted by up to a pixel.
func fit(net []*layer, train []demo.Sample, epochs int) {
	const batch = 16
	r, step := rand.New(rand.NewPCG(3, 4)), 0
	for epoch := range epochs {
		rate := 2e-3 * (1 - float64(epoch)/float64(epochs))
		loss := 0.0
		for n, i := range r.Perm(len(train)) {
			s := &train[i]
			p := softmax(forward(net, shifted(s, r.IntN(3)-1, r.IntN(3)-1)))
			loss -= logOf(p[s.Digit])
			p[s.Digit]--
			for k := len(net) - 1; k >= 0; k-- {
				p = net[k].backward(p)
			}
			if (n+1)%batch == 0 {
				step++
				for _, l := range net {
					l.w.adam(step, batch, rate)
					l.b.adam(step, batch, rate)
				}
			}
		}
		fmt.Fprintf(os.Stderr, "\repoch %d of %d, loss %.3f ", epoch+1, epochs, loss/float64(len(train)))
	}
	fmt.Fprintln(os.Stderr)
}

func accuracy(net []*layer, samples []demo.Sample) float64 {
	right := 0
	for i := range samples {
		y := forward(net, shifted(&samples[i], 0, 0))
		best := 0
		for k := range y {
			if y[k] > y[best] {
				best = k
			}
		}
		if best == samples[i].Digit {
			right++
		}
	}
	return 100 * float64(right) / float64(len(samples))
}

func pack(samples []demo.Sample) []byte {
	var raw bytes.Buffer
	for _, s := range samples {
		raw.Write(s.Pixels[:])
		raw.WriteByte(byte(s.Digit))
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := w.Write(raw.Bytes()); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	return b.Bytes()
}
