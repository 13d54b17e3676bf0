// Package amd64 implements kernels for x86-64 in assembly. Its only tier,
// "avx2", needs AVX2 and FMA3, which processors have had since 2013.
//
// Each routine's header gives its Go prototype, the loop that it computes, and
// what its registers hold. The Go functions in front of them check lengths, cut
// the work into tiles, and copy what a whole vector would store too much of.
package amd64
