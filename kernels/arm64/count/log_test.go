package count

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const listing = `IN: main.begin
0x00001000:  d65f03c0  ret

IN: kernel
0x00002000:  91000400  add      x0, x0, #1
0x00002004:  91000400  add      x0, x0, #1
0x00002008:  54ffffc1  b.ne     #0x2000

`

func trace(pcs ...string) string {
	var b strings.Builder
	for _, pc := range pcs {
		b.WriteString("Trace 0: 0x7fc278000100 [0000000000001001/000000000000" + pc + "/00000001/00000200] name\n")
	}
	return b.String()
}

// TestReadLog counts the blocks between the second mark and the third.
func TestReadLog(t *testing.T) {
	log := listing + trace("2000", "1000", "2000", "1000", "2000", "2000", "1000", "2000")
	blocks, err := readLog(strings.NewReader(log), 0x1000)
	require.NoError(t, err)
	assert.Equal(t, map[uint64]int64{0x1000: 1, 0x2000: 6}, blocks)
}

func TestReadLogErrors(t *testing.T) {
	for _, tt := range []struct{ log, want string }{
		{listing + trace("1000", "2000", "1000"), "2 runs, want 3"},
		{listing + trace("1000", "1000", "3000", "1000"), "0x3000 was not listed"},
		{"Trace 0: nonsense\n", "no address"},
		{"IN: f\n0xzz: 1\n", "0xzz"},
	} {
		_, err := readLog(strings.NewReader(tt.log), 0x1000)
		assert.ErrorContains(t, err, tt.want)
	}
}
