package train

import "github.com/edgeinfer/edgeinfer/quant"

// sinusoids fills a table [t d]: sin(p/10000^(2i/d)) at 2i and the cosine at
// 2i+1, for each position p (Attention is all you need, section 3.5).
func sinusoids(table []float32, t, d int) {
	for p := range t {
		for i := 0; i < d; i += 2 {
			angle := float64(p) / quant.Pow64(10000, float64(i)/float64(d))
			table[p*d+i] = float32(quant.Sin64(angle))
			if i+1 < d {
				table[p*d+i+1] = float32(quant.Cos64(angle))
			}
		}
	}
}
