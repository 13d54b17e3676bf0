package kernels_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func TestSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 7, 8, 9, 63, 1023, 1024, 1025, 1032, 5000} {
		x := make([]int8, n)
		for name, fill := range map[string]func() int8{
			"least": func() int8 { return -128 }, "greatest": func() int8 { return 127 }, "random": func() int8 { return int8(r.Int()) },
		} {
			want := int32(0)
			for i := range x {
				x[i] = fill()
				want += int32(x[i])
			}
			assert.Equal(t, want, kernels.Sum(x), "%d %s", n, name)
		}
	}
}
