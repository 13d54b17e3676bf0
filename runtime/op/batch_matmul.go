package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BatchMatMul multiplies matrices [… m k] by [… k n] to [… m n], whose leading
// dimensions broadcast. AdjX and AdjY say that the matrices of input 0 and 1
// are stored transposed. To is the output's type. Fused is as in Epilogue.
type BatchMatMul struct {
	AdjX, AdjY bool
	Fused      bool
	To
}

// matmul is a BatchMatMul whose shapes are known. Matrix i of the output comes
// from matrices x(i) and y(i) of the inputs.
type matmul struct {
	m, n, k    int
	adjX, adjY bool
	batch      []int // leading dimensions of the output
	xs, ys     []int // strides of the inputs along these, in matrices; 0 where broadcast
}

// Infer checks that the shapes agree.
func (o *BatchMatMul) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I8, tensor.I16, tensor.I32, tensor.U32, tensor.I64, tensor.U64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, in[0].DType); err != nil {
		return nil, err
	}
	p, err := o.product(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	y := o.Type(append(slices.Clone(p.batch), p.m, p.n)...)
	if y.DType != in[0].DType {
		return nil, Unsupported("output of type %s from inputs of type %s", y.DType, in[0].DType)
	}
	if err := wantQuant(in[0].Type, in[1].Type, y); err != nil {
		return nil, err
	}
	if y.DType == tensor.I16 && (in[0].Quant.Zero[0] != 0 || in[1].Quant.Zero[0] != 0 || y.Quant.Zero[0] != 0) {
		return nil, errorf("int16 with zero points %d, %d and %d, want 0", in[0].Quant.Zero[0], in[1].Quant.Zero[0], y.Quant.Zero[0])
	}
	return []tensor.Type{y}, nil
}

// product resolves shapes. Dimensions may be Dynamic; strides are then junk.
func (o *BatchMatMul) product(x, y []int) (p matmul, err error) {
	if len(x) < 2 || len(y) < 2 {
		return p, errorf("shapes %v and %v, want matrices", x, y)
	}
	bx, by := x[:len(x)-2], y[:len(y)-2]
	if p.batch, err = broadcast(bx, by); err != nil {
		return p, err
	}
	p.adjX, p.adjY = o.AdjX, o.AdjY
	k := 0
	p.m, p.k = turned(x[len(x)-2:], o.AdjX)
	k, p.n = turned(y[len(y)-2:], o.AdjY)
	if p.k != k && p.k != tensor.Dynamic && k != tensor.Dynamic {
		return p, errorf("shapes %v and %v do not agree: rows of %d times columns of %d", x, y, p.k, k)
	}
	p.xs, p.ys = batchStrides(bx, len(p.batch)), batchStrides(by, len(p.batch))
	return p, nil
}

// turned returns rows and columns of a matrix that may be stored transposed.
func turned(shape []int, adj bool) (rows, columns int) {
	if adj {
		return shape[1], shape[0]
	}
	return shape[0], shape[1]
}

// batchStrides returns the strides of shape, extended to rank, in matrices.
func batchStrides(shape []int, rank int) []int {
	s, step := make([]int, rank), 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 {
			s[rank-len(shape)+i] = step
		}
		step *= shape[i]
	}
	return s
}

// pair returns the numbers of the inputs' matrices for the output's matrix b.
func (p *matmul) pair(b int) (x, y int) {
	for i := len(p.batch) - 1; i >= 0; i-- {
		at := b % p.batch[i]
		b /= p.batch[i]
		x += at * p.xs[i]
		y += at * p.ys[i]
	}
	return x, y
}

// count is the number of matrices, 0 if they have no elements.
func (p *matmul) count() int {
	if p.m == 0 || p.n == 0 || slices.Contains(p.batch, 0) {
		return 0
	}
	return product(p.batch)
}

// MACs is the number of products.
func (o *BatchMatMul) MACs(in, out []tensor.Type) int64 {
	p, err := o.product(in[0].Shape, in[1].Shape)
	if err != nil {
		return 0
	}
	return int64(out[0].Len()) * int64(p.k)
}
