// Package quant is the arithmetic of quantised numbers: how a real scale
// becomes an integer multiplier, how an accumulator is brought to the scale of
// the output, and the fixed-point and table-driven functions of the quantised
// operators. Every integer result equals that of TensorFlow Lite Micro's
// reference kernels, bit for bit, on every architecture.
//
// Words that the package uses:
//
//   - Scale, zero point: a tensor's integers q stand for Scale·(q − Zero).
//   - Multiplier: a positive real number as a 32-bit fraction and a power of two.
//   - Qm.n: a signed fixed-point number with m integer bits (the sign not
//     counted) and n fraction bits, m+n = 31 or 15. The functions take m
//     ("integerBits"); what TFLite fixes by a template is an argument here.
//   - Table: a function of an int8 or int16, tabulated when a model is prepared.
//
// The package also holds elementary functions (Exp64, Tanh32, …). Those of
// package math differ in the last bit between architectures, for some are
// written in assembly and the others hold a·b+c, which Go may fuse; these don't.
package quant
