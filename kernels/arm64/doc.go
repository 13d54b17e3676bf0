// Package arm64 holds the kernels for 64-bit ARM, in three tiers: neon for every
// such CPU (Cortex-A53, A72), neondot for those with ASIMDDP, the dot product
// of bytes (Cortex-A76, Apple M1), i8mm for those that have the matrix product
// of bytes as well (Cortex-A510, A710, X2, Neoverse V1, Apple M2).
//
// A kernel is written in src for GNU as; gen makes the committed *_arm64.s and
// stubs_arm64.go from it. It computes whole tiles. The Go around it checks the
// lengths, chooses the tile, and brings what is left over into tiles: rows
// beyond the last are the last again, columns beyond the last go to a tile of
// their own and are dropped.
//
// Assembly is not preempted, so one call does at most some tens of thousands
// of multiply-adds, or one tile where a single one is more.
package arm64

//go:generate go run ./gen
