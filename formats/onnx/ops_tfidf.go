package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// maxGrams bounds what TfIdfVectorizer counts.
const maxGrams = 1 << 24

// tfIdfRow turns the pool of n-grams into runs that begin with one another.
func tfIdfRow(n *node) (graph.Op, error) {
	var o op.TfIdfVectorizer
	for _, a := range []struct {
		name string
		to   *int
	}{{"min_gram_length", &o.MinGram}, {"max_gram_length", &o.MaxGram}, {"max_skip_count", &o.MaxSkip}} {
		var err error
		if *a.to, err = n.int(a.name, 0); err != nil {
			return nil, err
		}
	}
	mode, err := n.str("mode", "")
	if err != nil {
		return nil, err
	}
	switch mode {
	case "IDF", "TFIDF":
		o.Presence = mode == "IDF"
		if o.Weights, err = n.floats("weights"); err != nil {
			return nil, err
		}
	case "TF":
	default:
		return nil, errorf("mode %q, want TF, IDF or TFIDF", mode)
	}
	if n.attr("pool_strings") != nil {
		return nil, op.Unsupported("a pool of strings")
	}
	if err := n.grams(&o); err != nil {
		return nil, err
	}
	if o.Presence && o.Weights == nil {
		o.Weights = make([]float32, o.Size)
		for i := range o.Weights {
			o.Weights[i] = 1
		}
	}
	return new(o), nil
}

// grams reads the pool: first the single numbers, then the pairs, and so on.
// ngram_counts has where in it each length begins.
func (n *node) grams(o *op.TfIdfVectorizer) error {
	begins, err := n.ints("ngram_counts")
	if err != nil {
		return err
	}
	counts, err := n.ints("ngram_indexes")
	if err != nil {
		return err
	}
	a := n.attr("pool_int64s")
	if a == nil || a.Type != AttrInts {
		return errorf("attribute pool_int64s, a list of integers, is missing")
	}
	pool := a.Ints
	o.Next, o.Count = map[op.Gram]int32{}, []int32{-1}
	gram := 0
	for i, from := range begins {
		to, length := len(pool), i+1
		if i+1 < len(begins) {
			to = begins[i+1]
		}
		if from < 0 || to < from || to > len(pool) || (to-from)%length != 0 {
			return errorf("ngram_counts %v for a pool of %d", begins[:min(len(begins), 16)], len(pool))
		}
		for ; from < to; from += length {
			if gram >= len(counts) || counts[gram] < 0 || counts[gram] >= maxGrams {
				return errorf("n-gram %d has no index in ngram_indexes, or one beyond %d", gram, maxGrams)
			}
			o.Count[addGram(o, pool[from:from+length])] = int32(counts[gram])
			o.Size = max(o.Size, counts[gram]+1)
			gram++
		}
	}
	if gram != len(counts) {
		return errorf("%d n-grams, and ngram_indexes has %d", gram, len(counts))
	}
	return nil
}

// addGram returns the run that ends a gram.
func addGram(o *op.TfIdfVectorizer, gram []int64) (run int32) {
	for _, item := range gram {
		next, ok := o.Next[op.Gram{Run: run, Item: item}]
		if !ok {
			next = int32(len(o.Count))
			o.Next[op.Gram{Run: run, Item: item}] = next
			o.Count = append(o.Count, -1)
		}
		run = next
	}
	return run
}
