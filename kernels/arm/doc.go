// Package arm holds kernels for 32-bit ARM, tier neon32: products and depthwise
// filters of int8 with NEON, for CPUs of ARMv7 (GOARM=7; Cortex-A7, A15, and A53 in
// 32 bits). float32 stays what it was without, because NEON of 32 bits takes
// subnormal numbers for 0.
//
// A kernel is written in src for GNU as; the generator of package arm64 makes the
// committed *_arm.s and stubs_arm.go from it. There are few registers, so a kernel
// gets all that it needs in one struct, call. It computes four rows; the Go around
// it checks the lengths, and points rows beyond the last at the last again.
package arm

//go:generate go run ../arm64/gen -arch arm
