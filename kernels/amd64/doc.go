// Package amd64 implements kernels for x86-64 in assembly, in four tiers:
//
//	avx2     AVX2 and FMA3, which processors have had since 2013
//	avxvnni  and AVX-VNNI: dot products of int8 in 256 bits, on small cores too
//	avx512   and AVX-512 F, BW, DQ and VL
//	vnni     and AVX512-VNNI: dot products of int8 in 512 bits
//
// Those dot products are of unsigned by signed values, so the kernels invert the
// top bit of activations, which adds 128, and packed weights hold what makes up
// for it. Files that are the same for two tiers but for a few macros have the
// ending .h, and are included by one .s file for each.
//
// Each routine's header gives its Go prototype, the loop that it computes, and
// what its registers hold. The Go functions in front of them check lengths, cut
// the work into tiles, and copy what a whole vector would store too much of.
package amd64
