//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// rowsAVX2 returns the slots of rows.
func rowsAVX2(r kernels.Rows) kernels.Rows {
	r.UnaryF32 = unaryF32Slices
	r.ExpSumF32 = expSumF32Slices
	return r
}
