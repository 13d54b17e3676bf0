package onnx_test

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// What takes the place of the parts of a line of testdata/opsets.txt, one at a time.
var (
	hostileInputs = []string{
		"-", "float[]", "float[0]", "float[1,1,1,1,1,1,1]", "float[2,3,0,4]", "float[1099511627776,1099511627776]", "float[5,6,7]", "bool[2,2]", "int8[3]",
		"int64[4]", "double[2,3]", "float16[2,3,4,5]", "int64[1]=-9223372036854775808", "int64[1]=9223372036854775807", "int64[2]=4294967296,-1",
		"int64[4]=0,0,0,0", "int64[]=99", "float[4]=1e30,-1e30,0,1", "float[1]=1e-30", "int32[2]=2147483647,-2147483648",
	}
	hostileValues = []string{
		"0", "-1", "99", "2147483647", "-2147483648", "9223372036854775807", "-9223372036854775808", "1e38", "-1.5", `"x"`, `""`,
		"[]", "[0,0]", "[-1,-1]", "[1000000000,1000000000]", "[9223372036854775807,1]", "[1,1,1,1,1,1,1]", "[0.5]", "float[1]=1.5",
	}
)

// TestHostileOperators makes each operator's inputs and attributes wrong in turn.
// Nothing may panic, hang or pass a limit, and errors are of the kinds that have
// an exit code.
func TestHostileOperators(t *testing.T) {
	seen := map[string]bool{}
	count := 0
	for _, line := range lines(t, "testdata/opsets.txt") {
		part := strings.Split(line, ";")
		name, versions, _ := strings.Cut(strings.TrimSpace(part[0]), " ")
		opset := opsetNumber(t, versions[strings.LastIndex(versions, ",")+1:])
		try := func(inputs, attributes []string) {
			count++
			changed := []string{strings.Join(inputs, " "), strings.Join(attributes, " "), part[3]}
			hostileRun(t, fmt.Sprintf("%s opset %d %q", name, opset, changed), opsetModel(t, opset, name, changed))
		}
		in, attrs := strings.Fields(part[1]), strings.Fields(part[2])
		if !seen[name] {
			seen[name] = true
			for i := range in {
				try(in[:i], attrs)
				for _, bad := range hostileInputs {
					try(slices.Replace(slices.Clone(in), i, i+1, bad), attrs)
				}
			}
			try(slices.Concat(in, in, in), attrs)
		}
		for i, a := range attrs {
			try(in, slices.Delete(slices.Clone(attrs), i, i+1))
			key, _, _ := strings.Cut(a, "=")
			if seen[name+" "+key] && testing.Short() {
				continue
			}
			seen[name+" "+key] = true
			for _, bad := range hostileValues {
				try(in, slices.Replace(slices.Clone(attrs), i, i+1, key+"="+bad))
			}
		}
	}
	t.Log(strconv.Itoa(count) + " models")
}

func hostileRun(t *testing.T, what string, data []byte) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panic: %v\n%s", what, r, debug.Stack())
		}
	}()
	set, err := host.Best()
	require.NoError(t, err)
	start := time.Now()
	err = runOnce(data, runtime.Options{Limits: op.Limits{MaxMemory: 8 << 20, MaxMACs: 1e7, MaxSteps: 100}}, &set)
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("%s: took %v", what, d)
	}
	if errors.Is(err, errOverLimit) {
		t.Errorf("%s: %v", what, err)
	}
	if err == nil || errors.Is(err, op.ErrData) {
		return
	}
	for _, is := range []bool{hostileIs[*onnx.FormatError](err), hostileIs[*onnx.MissingError](err), hostileIs[*onnx.UnsupportedError](err), hostileIs[*op.UnsupportedError](err), hostileIs[*op.LimitError](err)} {
		if is {
			return
		}
	}
	if !strings.Contains(err.Error(), "operator 0") && !strings.Contains(err.Error(), "input ") { // planning finds what only the shapes show
		t.Errorf("%s: error of type %T without a place: %v", what, err, err)
	}
}

func hostileIs[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
