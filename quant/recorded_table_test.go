package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRecordedTables16(t *testing.T) {
	check := func(name string, table *Table16) {
		checkDigest(t, name, func(d *digest) {
			for _, v := range table {
				d.add(int32(v))
			}
			for x := math.MinInt16; x <= math.MaxInt16; x++ {
				d.add(int32(table.Lookup(int16(x))))
			}
		})
	}
	check("lut16 softmax exp", SoftmaxExpTable())
	check("lut16 softmax reciprocal", SoftmaxReciprocalTable())
	check("lut16 tanh", NewTable16(8.0/32768, 0, 1.0/32768, 0, Tanh32))
	check("lut16 sin", NewTable16(0.0003, 100, 1.5/32768, -7, Sin32))
	check("lut16 cos", NewTable16(0.003, 0, 1.0/32768, 0, Cos32))
	check("lut16 erf", NewTable16(0.0001, 0, 1.0/32768, 0, Erf32))
	check("lut16 log", NewTable16(0.0005, -32769, 0.0003, 0, Log32))
	check("lut16 expm1", NewTable16(0.0003, 0, 0.01, 0, Expm132))
	checkDigest(t, "lut16 tanh double", func(d *digest) {
		for _, v := range NewTable16F64(8.0/32768, 0, 1.0/32768, 0, Tanh64) {
			d.add(int32(v))
		}
	})
}

func TestRecordedTables8(t *testing.T) {
	check := func(name string, inScale float32, inZero int32, outScale float32, outZero int32, f func(float32) float32) {
		checkDigest(t, name, func(d *digest) {
			for _, v := range NewTable8(inScale, inZero, outScale, outZero, f) {
				d.add(int32(int8(v)))
			}
			for _, v := range NewTableU8(inScale, inZero+128, outScale, outZero+128, f) {
				d.add(int32(v))
			}
		})
	}
	check("lut8 tanh", 0.03, 5, 1.0/128, 0, Tanh32)
	check("lut8 logistic", 0.07, -3, 1.0/256, -128, Sigmoid32)
}

func TestRecordedSigmoidTable(t *testing.T) {
	checkDigest(t, "sigmoid table", func(d *digest) {
		for _, v := range SigmoidTable() {
			d.add(int32(v))
		}
	})
}

func TestTableOfWildFunction(t *testing.T) {
	nan := func(float32) float32 { return float32(math.NaN()) }
	require.Zero(t, NewTable8(1, 0, 1, 0, nan).Lookup(3))
	require.Zero(t, NewTable16(1, 0, 1, 0, nan).Lookup(3))
	inf := func(float32) float32 { return float32(math.Inf(-1)) }
	require.EqualValues(t, -128, NewTable8(1, 0, 1, 5, inf).Lookup(-128))
	require.EqualValues(t, 0, NewTableU8(1, 0, 1, 5, inf).LookupU8(200))
}
