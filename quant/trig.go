package quant

import "math"

// Taylor-like polynomials of z = x² for |x| ≤ π/4: sin x = x + x³·sinPoly(z),
// cos x = 1 − z/2 + z²·cosPoly(z).
var (
	sinPoly = []float64{
		-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
		2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10,
	}
	cosPoly = []float64{
		4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
		-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11,
	}
)

// Sin64 returns the sine of x radians, however large x is; NaN for infinities.
func Sin64(x float64) float64 { return sinQuadrant(x, 0) }

// Cos64 returns the cosine of x radians, however large x is; NaN for infinities.
func Cos64(x float64) float64 { return sinQuadrant(x, 1) }

// Sin32 returns the sine of x radians.
func Sin32(x float32) float32 { return float32(Sin64(float64(x))) }

// Cos32 returns the cosine of x radians.
func Cos32(x float32) float32 { return float32(Cos64(float64(x))) }

// sinQuadrant returns sin(x + turn·π/2).
func sinQuadrant(x float64, turn uint) float64 {
	if x-x != 0 {
		return math.NaN()
	}
	if x == 0 && turn == 0 {
		return x // keeps −0
	}
	quadrant, r, tail := reduce(x)
	var y float64
	if (quadrant+turn)&1 == 0 {
		y = sinKernel(r, tail)
	} else {
		y = cosKernel(r, tail)
	}
	if (quadrant+turn)&2 != 0 {
		return -y
	}
	return y
}

func sinKernel(r, tail float64) float64 {
	z := float64(r * r)
	v := float64(z * r)
	p := horner(z, sinPoly[1:])
	return r - ((float64(z*(float64(0.5*tail)-float64(v*p))) - tail) - float64(v*sinPoly[0]))
}

func cosKernel(r, tail float64) float64 {
	z := float64(r * r)
	p := float64(z * horner(z, cosPoly))
	half := float64(0.5 * z)
	w := 1 - half
	return w + (((1 - w) - half) + (float64(z*p) - float64(r*tail)))
}

// π/2 in three parts of 33 bits, and what remains after each.
const (
	piHalf1     = 1.57079632673412561417e+00
	piHalf1Rest = 6.07710050650619224932e-11
	piHalf2     = 6.07710050630396597660e-11
	piHalf2Rest = 2.02226624879595063154e-21
	piHalf3     = 2.02226624871116645580e-21
	piHalf3Rest = 8.47842766036889956997e-32
)

// reduce returns x − quadrant·π/2 as r + tail, |r| ≤ about π/4, quadrant
// modulo 4.
func reduce(x float64) (quadrant uint, r, tail float64) {
	if math.Abs(x) <= math.Pi/4 {
		return 0, x, 0
	}
	if math.Abs(x) >= 1<<20 {
		return reduceLarge(x)
	}
	n := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	quadrant = uint(int32(n)) & 3
	// The products with the parts are exact, n having 20 bits. More parts are
	// needed the more the first difference cancels.
	t, w := x-float64(n*piHalf1), float64(n*piHalf1Rest)
	r = t - w
	if math.Abs(r) < math.Abs(x)*0x1p-16 {
		before := t
		w = float64(n * piHalf2)
		t = before - w
		w = float64(n*piHalf2Rest) - ((before - t) - w)
		r = t - w
		if math.Abs(r) < math.Abs(x)*0x1p-49 {
			before = t
			w = float64(n * piHalf3)
			t = before - w
			w = float64(n*piHalf3Rest) - ((before - t) - w)
			r = t - w
		}
	}
	return quadrant, r, (t - r) - w
}
