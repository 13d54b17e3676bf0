package tflite_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestNotAModel(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"", "the file is empty"},
		{"abc", "it has only 3 bytes"},
		{"\x08\x07\x12\x07pytorch\x1a\x01", "it looks like ONNX"},
		{"PK\x03\x04aaaaaaaa", "a zip archive"},
		{"<!DOCTYPE html>", "failed download"},
		{"version https://git-lfs.github.com/spec/v1", "Git LFS"},
		{"\x10\x00\x00\x00NONE\x00\x00", `its identifier is "NONE" where "TFL3" belongs`},
		{"\x10\x00\x00\x00TFL2\x00\x00", `schema "TFL2"`},
	} {
		_, err := tflite.Parse([]byte(c.data))
		assert.ErrorContains(t, err, c.want, "%q", c.data)
		assert.ErrorContains(t, err, "model", "%q", c.data)
	}
}

// tensorModel is a model of one tensor.
func tensorModel(typ tflite.TensorType, shape []int, data any, opts ...modeltest.TensorOption) *modeltest.Model {
	m := modeltest.New()
	m.Const("c", typ, shape, data, opts...)
	return m
}

func TestWrongFiles(t *testing.T) {
	sparse := func(order, blocks []int32, dims ...modeltest.Dim) *modeltest.Model {
		return tensorModel(tflite.Int8, []int{2, 2}, []int8{1},
			modeltest.Sparse{TraversalOrder: order, BlockMap: blocks, Dims: dims})
	}
	dense := modeltest.Dim{Size: 2}
	q := func(q modeltest.Quant) *modeltest.Model { return tensorModel(tflite.Int8, []int{1}, []int8{1}, q) }
	operator := func(in, out []int) *modeltest.Model {
		m := modeltest.New()
		m.Tensor("x", tflite.Int8, []int{1})
		m.Op("ADD", 1, modeltest.Options{}, in, out)
		return m
	}
	for want, m := range map[string]*modeltest.Model{
		`tensor 0 "c": 3 bytes of data do not make INT8 [2 2]`: tensorModel(tflite.Int8, []int{2, 2}, []int8{1, 2, 3}),
		`3 bytes of data do not make INT4 [3]`:                 tensorModel(tflite.Int4, []int{3}, []int8{1, 2, 3}),
		`4 bytes of data do not make FLOAT32 [2147483647 2147483647 2]`: tensorModel(tflite.Float32,
			[]int{math.MaxInt32, math.MaxInt32, 2}, []float32{1}),
		"more elements than can be counted":              tensorModel(tflite.Int8, []int{math.MaxInt32, math.MaxInt32, 3}, nil),
		"shape [0 2147483647 2147483647 2147483647] has": tensorModel(tflite.Int8, []int{0, math.MaxInt32, math.MaxInt32, math.MaxInt32}, nil),
		"shape [-1] has a negative dimension":            tensorModel(tflite.Int8, []int{-1}, nil),
		"shape signature [-2] has -2 in dimension 0":     tensorModel(tflite.Int8, []int{1}, nil, modeltest.Signature{-2}),
		"differ in rank":                                      tensorModel(tflite.Int8, []int{1}, nil, modeltest.Signature{1, 1}),
		"element type TensorType(23)":                         tensorModel(23, []int{1}, nil),
		"names buffer 9 of 2":                                 tensorModel(tflite.Int8, []int{1}, nil, modeltest.Fields{2: uint32(9)}),
		"names external buffer 1 of 0":                        tensorModel(tflite.Int8, []int{1}, nil, modeltest.Fields{10: uint32(1)}),
		"2 scales and 3 zero points":                          q(modeltest.Quant{Scale: []float32{1, 2}, Zero: []int64{1, 2, 3}}),
		"quantized dimension -1":                              q(modeltest.Quant{Scale: []float32{1}, Axis: -1}),
		"operator 0 ADD: inputs: number 1 is tensor 1 of 1":   operator([]int{0, 1}, []int{0}),
		"operator 0 ADD: inputs: number 0 is tensor -2 of 1":  operator([]int{-2}, []int{0}),
		"operator 0 ADD: outputs: number 0 is tensor -1 of 1": operator([]int{0}, []int{-1}),
		"traversal order [0 0] is no permutation":             sparse([]int32{0, 0}, nil, dense, dense),
		"sparsity of 1 dimensions, 1 of them described":       sparse([]int32{0}, nil, dense),
		"block map [2] names dimension 2 of 2":                sparse([]int32{0, 1, 2}, []int32{2}, dense, dense, dense),
		"has size -1":                                         sparse([]int32{0, 1}, nil, dense, modeltest.Dim{Size: -1}),
		"dimension 1: its segments do not begin with 0": sparse([]int32{0, 1}, nil, dense,
			modeltest.Dim{Segments: []int32{1, 1}, Indices: []int32{0}}),
		"its segments do not ascend": sparse([]int32{0, 1}, nil, dense,
			modeltest.Dim{Segments: []int32{0, 2, 1}, Indices: []int32{0}}),
		"its segments do not end where its indices do": sparse([]int32{0, 1}, nil, dense,
			modeltest.Dim{Segments: []int32{0, 2}, Indices: []int32{0}}),
	} {
		_, err := tflite.Parse(m.Bytes())
		assert.ErrorContains(t, err, want)
	}
}

// Changes to a good model's root table, and what Parse says to them.
func TestWrongRoots(t *testing.T) {
	type tables = []modeltest.Table
	for want, change := range map[string]func(root modeltest.Table){
		"schema version 4":             func(r modeltest.Table) { r[0] = uint32(4) },
		"the model has no sub-graph":   func(r modeltest.Table) { delete(r, 2) },
		"names operator code 0 of 0":   func(r modeltest.Table) { delete(r, 1) },
		"negative code -1":             func(r modeltest.Table) { r[1] = tables{{0: int8(-1), 3: int32(-1)}} },
		"buffer 0: has 1 bytes":        func(r modeltest.Table) { r[4].(tables)[0] = modeltest.Table{0: []byte{1}} },
		"buffer 1: 9 bytes at 1048576": func(r modeltest.Table) { r[4].(tables)[1] = modeltest.Table{1: uint64(1 << 20), 2: uint64(9)} },
		"buffer 1: 18446744073709551615 bytes at 2": func(r modeltest.Table) {
			r[4].(tables)[1] = modeltest.Table{1: uint64(2), 2: uint64(math.MaxUint64)}
		},
		`metadata 0 "min_runtime_version": names buffer 99 of`: func(r modeltest.Table) { r[6].(tables)[0][1] = uint32(99) },
		`signature 0 "serve": names sub-graph 7 of 2`:          func(r modeltest.Table) { r[7].(tables)[0][4] = uint32(7) },
		`signature 0 "serve" inputs: "in" names tensor 99`:     func(r modeltest.Table) { r[7].(tables)[0][0] = tables{{0: "in", 1: uint32(99)}} },
		"1 flags of mutated inputs for 3 inputs":               func(r modeltest.Table) { r[2].(tables)[0][3].(tables)[0][7] = []bool{true} },
		`sub-graph 1 "then": outputs: number 0 is tensor 5`:    func(r modeltest.Table) { r[2].(tables)[1][2] = []int32{5} },
		"custom, blockwise or multi-axis": func(r modeltest.Table) {
			r[2].(tables)[0][0].(tables)[0][4] = modeltest.Table{4: modeltest.Union{Type: 2, Value: modeltest.Table{}}}
		},
		"its data lie in another file": func(r modeltest.Table) {
			r[9] = tables{{}}
			r[2].(tables)[0][0].(tables)[0][10] = uint32(1)
		},
	} {
		root := small().Root()
		change(root)
		_, err := tflite.Parse(modeltest.Encode(tflite.Identifier, root))
		assert.ErrorContains(t, err, want)
	}
}

func TestAcceptedTensors(t *testing.T) {
	for _, m := range []*modeltest.Model{
		tensorModel(tflite.Int4, []int{3}, []int8{1, 2}),
		tensorModel(tflite.Int2, []int{5}, []int8{1, 2}),
		tensorModel(tflite.String, []int{3}, []byte{1, 2, 3, 4, 5}),
		tensorModel(tflite.Int8, []int{0, math.MaxInt32, math.MaxInt32}, nil),
		tensorModel(tflite.Float32, []int{1 << 30, 1 << 30, 4}, nil),
		tensorModel(tflite.Float32, nil, []float32{1}),
	} {
		_, err := tflite.Parse(m.Bytes())
		assert.NoError(t, err)
	}
}

// use reads all that a File offers.
func use(data []byte) error {
	f, err := tflite.Parse(data)
	if err != nil {
		return err
	}
	for _, s := range f.Subgraphs {
		for _, op := range s.Operators {
			for slot := range 8 {
				op.Options.Int32(slot, 0)
				op.Options.Ints(slot)
				op.Options.Longs(slot)
			}
			_ = op.Options.Err()
		}
	}
	_, errMetadata := f.ModelMetadata()
	_, errFiles := f.AssociatedFiles()
	return errors.Join(errMetadata, errFiles)
}

func TestEveryTruncationFails(t *testing.T) {
	data := small().Bytes()
	require.NoError(t, use(data))
	for n := range data {
		_, err := tflite.Parse(data[:n:n])
		assert.Error(t, err, "%d of %d bytes", n, len(data))
	}
}

func TestEveryNumberReplaced(t *testing.T) {
	good := small().Bytes()
	refused := 0
	for at := 0; at+4 <= len(good); at += 4 {
		for _, v := range []uint32{0, 1, 0x7fffffff, math.MaxUint32, uint32(len(good))} {
			data := append([]byte(nil), good...)
			binary.LittleEndian.PutUint32(data[at:], v)
			err := use(data)
			var format *tflite.FormatError
			var unsupported *tflite.UnsupportedError
			if err != nil {
				refused++
				assert.True(t, errors.As(err, &format) || errors.As(err, &unsupported), "%T %v", err, err)
			}
		}
	}
	assert.Greater(t, refused, len(good)/8)
}

func FuzzParse(f *testing.F) {
	f.Add(small().Bytes())
	after := small()
	after.DataAfter = true
	f.Add(after.Bytes())
	f.Add(modeltest.New().Bytes())
	f.Add(described().Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = use(data)
	})
}
