package quant

import "math"

// Coefficients of the rational functions by which Erf64 computes erf, named by
// the interval of |x| that they serve; numerator and denominator.
var (
	erfSmallNum = []float64{ // to 0.84375, of x²
		1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
		-5.77027029648944159157e-03, -2.37630166566501626084e-05,
	}
	erfSmallDen = []float64{
		1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
		1.32494738004321644526e-04, -3.96022827877536812320e-06,
	}
	erfOneNum = []float64{ // to 1.25, of |x| − 1
		-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
		3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
		-2.16637559486879084300e-03,
	}
	erfOneDen = []float64{
		1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
		1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
	}
	erfcMidNum = []float64{ // to 1/0.35, of 1/x²
		-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
		-6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
		-8.12874355063065934246e+01, -9.81432934416914548592e+00,
	}
	erfcMidDen = []float64{
		1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
		6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
		6.57024977031928170135e+00, -6.04244152148580987438e-02,
	}
	erfcFarNum = []float64{ // to 28, of 1/x²
		-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
		-1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
		-4.83519191608651397019e+02,
	}
	erfcFarDen = []float64{
		1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
		3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
		-2.24409524465858183362e+01,
	}
)

// Erf64 returns the error function of x.
func Erf64(x float64) float64 {
	const atOne = 8.45062911510467529297e-01 // erf(1), cut to float32
	a := math.Abs(x)
	var y float64
	switch {
	case x != x:
		return x
	case a < 0x1p-28:
		return x + float64(x*1.28379167095512586316e-01) // 2/√π − 1
	case a < 0.84375:
		z := float64(x * x)
		return x + float64(x*(horner(z, erfSmallNum)/horner(z, erfSmallDen)))
	case a < 1.25:
		y = atOne + horner(a-1, erfOneNum)/horner(a-1, erfOneDen)
	case a < 6:
		y = 1 - erfcTail(a)
	default:
		y = 1
	}
	return math.Copysign(y, x)
}

// erfcTail returns 1 − erf(a) for 1.25 ≤ a < 28. The square of a is taken in two
// parts, a short one whose square is exact and the rest.
func erfcTail(a float64) float64 {
	s := 1 / float64(a*a)
	var ratio float64
	if a < 1/0.35 {
		ratio = horner(s, erfcMidNum) / horner(s, erfcMidDen)
	} else {
		ratio = horner(s, erfcFarNum) / horner(s, erfcFarDen)
	}
	z := math.Float64frombits(math.Float64bits(a) &^ math.MaxUint32)
	rest := float64((z-a)*(z+a)) + ratio
	return float64(Exp64(-float64(z*z)-0.5625)*Exp64(rest)) / a
}

// Erf32 returns the error function of x.
func Erf32(x float32) float32 { return float32(Erf64(float64(x))) }

// Erfc64 returns 1 − erf(x), precise also where erf(x) is near 1.
func Erfc64(x float64) float64 {
	switch {
	case x < 1.25 || x != x:
		return 1 - Erf64(x)
	case x < 28:
		return erfcTail(x)
	}
	return 0
}

// Erfc32 returns 1 − erf(x).
func Erfc32(x float32) float32 { return float32(Erfc64(float64(x))) }
