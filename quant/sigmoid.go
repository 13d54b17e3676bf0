package quant

// Logistic returns 1/(1+exp(−x)) in Q0.31 for x with integerBits integer
// bits (gemmlowp's logistic).
func Logistic(x int32, integerBits int) int32 { return logistic(x, integerBits) }

// Logistic16 is Logistic for 16 bits: an LSTM's gates are Q3.12, and
// the result is Q0.15.
func Logistic16(x int16, integerBits int) int16 { return logistic(x, integerBits) }

// FixedTanh returns tanh(x) in Q0.31 for x with integerBits integer bits
// (gemmlowp's tanh; the name Tanh is the activation's).
func FixedTanh(x int32, integerBits int) int32 { return tanh(x, integerBits) }

// FixedTanh16 is FixedTanh for 16 bits. An LSTM's cell state has 0 to 6 integer
// bits; the result is Q0.15.
func FixedTanh16(x int16, integerBits int) int16 { return tanh(x, integerBits) }

func logistic[T raw](x T, integerBits int) T {
	if x == 0 {
		return constant[T](1 << 30)
	}
	negative := x
	if x > 0 {
		negative = -x
	}
	y := oneOverOnePlusX(expOnNegativeValues(negative, integerBits))
	if x > 0 {
		return y
	}
	return largest[T]() - y
}

func tanh[T raw](x T, integerBits int) T {
	if x == 0 {
		return 0
	}
	negative := x
	if x > 0 {
		negative = -x
	}
	// One integer bit more doubles the number: exp(−2|x|).
	y := oneMinusXOverOnePlusX(expOnNegativeValues(negative, integerBits+1))
	if x < 0 {
		return -y
	}
	return y
}
