package network

import (
	"crypto/sha256"
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// Key tells runs apart that may not go on from each other's checkpoints, as far as
// package train cannot: how samples are changed and weighed, when training stops,
// and what some samples of the set are. More epochs are no other run.
func (d *Description) Key(set data.Set) (string, error) {
	h := sha256.New()
	t := &d.Fit
	fmt.Fprintln(h, t.ValidationSplit, t.Stop, t.Patience, t.ClassWeights, t.Balanced)
	fmt.Fprintf(h, "%#v %q\n", t.Augment, set.Classes())
	x, y := make([]float32, length(set.Shape())), make([]float32, length(set.TargetShape()))
	const some = 64
	for k := range min(some, set.Len()) {
		i := k * set.Len() / min(some, set.Len())
		if err := set.Read(i, x, y); err != nil {
			return "", err
		}
		h.Write(tensor.Bytes(x))
		h.Write(tensor.Bytes(y))
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), nil
}
