package arm64

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// TestNoAllocation calls every slot with sizes that leave rests everywhere.
func TestNoAllocation(t *testing.T) {
	const m, n, k = 11, 19, 24
	a, y, c := make([]int8, m*k), make([]int8, m*n), make([]int32, m*n)
	fa, fy := make([]float32, m*k), make([]float32, m*n)
	q, p := kernels.NewRequant(n), &kernels.AddS8{}
	taps := []kernels.Tap{{X: 0, W: 0}, {X: n, W: n}}
	for _, s := range Sets(ref.Set()) {
		b := make([]int8, s.GemmS8.PackedS8Len(n, k))
		fb := make([]float32, s.GemmF32.PackedF32Len(n, k))
		fbias := make([]float32, kernels.RoundUp(n, s.GemmF32.NR))
		for name, f := range map[string]func(){
			"GemmS8.Mul":   func() { s.GemmS8.Mul(y, n, a, k, b, m, n, k, q) },
			"GemmS8.Acc":   func() { s.GemmS8.Acc(c, a, k, b, q.Bias, m, n, k) },
			"GemmF32.Mul":  func() { s.GemmF32.Mul(fy, n, fa, k, fb, fbias, m, n, k, 0, 6) },
			"DepthwiseS8":  func() { s.DepthwiseS8(y, a, b, taps, 3, n, n, 1, q) },
			"DepthwiseF32": func() { s.DepthwiseF32.Rounded(fy, fa, fb, fbias, taps, 3, n, n, 0, 6) },
			"AddS8":        func() { s.AddS8(y, y, y, p) },
		} {
			assert.Zero(t, testing.AllocsPerRun(3, f), "%s of %s", name, s.Name)
		}
	}
}

// TestAddS8InCalls adds more than one call of the kernel does.
func TestAddS8InCalls(t *testing.T) {
	const n = 2*callLength + block + 3
	a, b := make([]int8, n), make([]int8, n)
	for i := range a {
		a[i], b[i] = int8(i), int8(i>>8+5*i)
	}
	half := kernels.Scale{Mult: 1 << 30}
	p := &kernels.AddS8{ZeroA: 3, ZeroB: -7, A: half, B: half, Out: kernels.Scale{Mult: 3 << 29, Right: 18}, Shift: 20, Zero: 1, Lo: -128, Hi: 127}
	want := make([]int8, n)
	ref.Set().AddS8(want, a, b, p)
	addS8(a, a, b, p)
	for i := range a {
		if a[i] != want[i] {
			t.Fatalf("element %d: %d, want %d", i, a[i], want[i])
		}
	}
}

// TestLongTranspose needs several calls of the kernels.
func TestLongTranspose(t *testing.T) {
	for _, d := range [][2]int{{3, 60001}, {60001, 3}, {300, 500}, {600, 257}} {
		rows, cols := d[0], d[1]
		x, y := make([]int8, rows*cols), make([]int8, rows*cols)
		for i := range x {
			x[i] = int8(i * 7 / 5)
		}
		transposeX1(y, x, rows, cols, rows, cols)
		for i := range y {
			if y[i] != x[i%rows*cols+i/rows] {
				t.Fatalf("%v: element %d differs", d, i)
			}
		}
	}
}

// TestOnlyRight takes the ways that kernels have for models as they are: only
// right shifts, no weight of -128, many rows. Sums are near where results change.
func TestOnlyRight(t *testing.T) {
	const m, n, k, c = 45, 43, 40, 24
	rng := rand.New(rand.NewPCG(7, 7))
	a, w, x := make([]int8, m*k), make([]int8, n*k), make([]int8, m*c)
	for _, s := range [][]int8{a, w, x} {
		for i := range s {
			s[i] = int8(rng.IntN(255) - 127)
		}
	}
	taps := []kernels.Tap{{X: 0, W: 0}, {X: c, W: c}, {X: 2 * c, W: 2 * c}}
	base := ref.Set()
	for trial := range 200 {
		q := kernels.NewRequant(n)
		q.Zero, q.Lo, q.Hi = int32(rng.IntN(256)-128), -128, 127
		if trial%3 == 0 { // as a ReLU has it
			q.Zero = -128
		}
		for j := range n {
			q.Mult[j], q.Right[j] = 1<<30, int32(1+rng.IntN(12))
			if trial%2 == 0 {
				q.Mult[j] += int32(rng.Uint32() >> 2)
			}
			q.Bias[j] = int32(rng.IntN(400)-200)<<q.Right[j] + int32(rng.IntN(5)-2)
		}
		require.True(t, onlyRight(q, n))
		wantB, wantY := make([]int8, base.GemmS8.PackedS8Len(n, k)), make([]int8, m*n)
		base.GemmS8.PackS8(wantB, w, n, k)
		base.GemmS8.Mul(wantY, n, a, k, wantB, m, n, k, q)
		wantF := make([]int8, (m-2)*c)
		base.DepthwiseS8(wantF, x, w, taps, m-2, c, c, 3, q)
		for _, s := range Sets(base) {
			b, y, f := make([]int8, s.GemmS8.PackedS8Len(n, k)), make([]int8, m*n), make([]int8, len(wantF))
			s.GemmS8.PackS8(b, w, n, k)
			s.GemmS8.Mul(y, n, a, k, b, m, n, k, q)
			require.Equal(t, wantY, y, s.Name)
			s.DepthwiseS8(f, x, w, taps, m-2, c, c, 3, q)
			require.Equal(t, wantF, f, s.Name)
			clear(f)
			s.FixDepthwiseS8(w, taps, c, c, 3, q)(f, x, m-2, 1, 0)
			require.Equal(t, wantF, f, s.Name)
		}
	}
}

// TestShortOperand checks that a slice too short for its slot is refused
// before assembly runs past its end.
func TestShortOperand(t *testing.T) {
	const m, n, k = 5, 16, 16
	q, taps := kernels.NewRequant(n), []kernels.Tap{{X: 8, W: 16}}
	i8 := func(n int) []int8 { return make([]int8, n) }
	f32 := func(n int) []float32 { return make([]float32, n) }
	for _, s := range Sets(ref.Set()) {
		for name, f := range map[string]func(){
			"Mul y":     func() { s.GemmS8.Mul(i8(m*n-1), n, i8(m*k), k, i8(n*k), m, n, k, q) },
			"Mul a":     func() { s.GemmS8.Mul(i8(m*n), n, i8(m*k-1), k, i8(n*k), m, n, k, q) },
			"Mul b":     func() { s.GemmS8.Mul(i8(m*n), n, i8(m*k), k, i8(n*k-1), m, n, k, q) },
			"Mul q":     func() { s.GemmS8.Mul(i8(m*n), n, i8(m*k), k, i8(n*k), m, n, k, &kernels.Requant{Bias: q.Bias}) },
			"Acc c":     func() { s.GemmS8.Acc(make([]int32, m*n-1), i8(m*k), k, i8(n*k), q.Bias, m, n, k) },
			"Acc bias":  func() { s.GemmS8.Acc(make([]int32, m*n), i8(m*k), k, i8(n*k), q.Bias[:n-1], m, n, k) },
			"GemmF32 y": func() { s.GemmF32.Mul(f32(m*n-1), n, f32(m*k), k, f32(n*k), f32(n), m, n, k, 0, 1) },
			"GemmF32 a": func() { s.GemmF32.Mul(f32(m*n), n, f32(m*k-1), k, f32(n*k), f32(n), m, n, k, 0, 1) },
			"GemmF32 b": func() { s.GemmF32.Mul(f32(m*n), n, f32(m*k), k, f32(n*k-1), f32(n), m, n, k, 0, 1) },
			"dw y":      func() { s.DepthwiseS8(i8(2*n-1), i8(2*n+8), i8(2*n), taps, 2, n, n, 0, q) },
			"dw x":      func() { s.DepthwiseS8(i8(2*n), i8(2*n+7), i8(2*n), taps, 2, n, n, 0, q) },
			"dw w":      func() { s.DepthwiseS8(i8(2*n), i8(2*n+8), i8(2*n-1), taps, 2, n, n, 0, q) },
			"dw tap":    func() { s.DepthwiseS8(i8(2*n), i8(2*n+8), i8(2*n), []kernels.Tap{{X: -1}}, 2, n, n, 0, q) },
			"dwf bias":  func() { s.DepthwiseF32.Rounded(f32(2*n), f32(2*n+8), f32(2*n), f32(n-1), taps, 2, n, n, 0, 1) },
			"add a":     func() { s.AddS8(i8(n), i8(n-1), i8(n), &kernels.AddS8{}) },
			"add b":     func() { s.AddS8(i8(n), i8(n), i8(n-1), &kernels.AddS8{}) },
		} {
			assert.Panics(t, f, "%s of %s", name, s.Name)
		}
	}
}
