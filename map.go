package edgeinfer

import (
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime"
)

// settle gives back the file's memory but for the constants that a plan's steps
// read. Those that are packed were given back one by one, and others around them
// came back: reading a page of a file maps the pages around it too.
func (m *Model) settle(p *runtime.Plan) {
	for _, part := range without(m.mapped, p.Constants()) {
		forgetPages(m.mapped, part)
	}
}

// without returns what is left of data without the parts that keep are; others of
// keep lie elsewhere.
func without(data []byte, keep [][]byte) (left [][]byte) {
	var kept [][2]int
	for _, k := range keep {
		if from, ok := offsetIn(data, k); ok {
			kept = append(kept, [2]int{from, from + len(k)})
		}
	}
	slices.SortFunc(kept, func(a, b [2]int) int { return a[0] - b[0] })
	at := 0
	for _, k := range append(kept, [2]int{len(data), len(data)}) {
		if k[0] > at {
			left = append(left, data[at:k[0]])
		}
		at = max(at, k[1])
	}
	return left
}

// offsetIn returns where part begins in data; false if it is empty or elsewhere.
func offsetIn(data, part []byte) (int, bool) {
	from := uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(data)))
	return int(from), len(part) > 0 && from < uintptr(len(data)) // one before data wraps around
}
