// Package kernels is the contract between operators and machine code: which
// inner loops exist, how their operands are laid out, and exactly what
// arithmetic they perform.
//
// Three words: a slot is one inner loop with a fixed meaning (GemmS8); a Set
// fills every slot; a tier is a Set made for one level of CPU (avx2, neon).
//
// # The arithmetic law
//
// Every Set computes the same bits.
//
//  1. Integers are exact. Sums wrap in int32 and never saturate on the way.
//     Requantisation is quant.Multiplier with TFLite's double rounding.
//  2. float32 products that feed a sum are fused: one rounding per
//     multiply-add ([FMA32]). Only the tiers "gofast" and "neon32" do not, for
//     CPUs without a fused multiply-add; their Sets say so (Fused is false). Slots
//     that round each product, whatever the tier, say so too: GemmF32.Rounded
//     and DepthwiseF32.Rounded, which follow TFLite, and [Rows].
//  3. The sum over k of each output is one sequential chain, which starts with
//     the bias (where products are rounded: with 0, and the bias comes last).
//     Tile shape and vector width therefore cannot change a result. Threads
//     split outputs, never a chain.
//  4. A reduction over a contiguous axis keeps [Lanes] partial results,
//     element i in lane i mod Lanes, combined by [Fold].
//  5. No estimates (VRCPPS, FRSQRTE). Clamping is min(max(x, lo), hi) in
//     which a NaN x stays NaN. The payload and sign of a NaN are unspecified.
//
// # Memory
//
// A kernel reads and writes only inside the slices it is given; each slot
// says how long these must be. Slices may start at any address.
//
// Letters: m rows, n columns, k the summed dimension; c channels.
package kernels
