package edgeinfer

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithout(t *testing.T) {
	data, other := make([]byte, 20), make([]byte, 20)
	for _, c := range []struct {
		name string
		keep [][]byte
		want [][2]int
	}{
		{"nothing kept", nil, [][2]int{{0, 20}}},
		{"elsewhere or empty", [][]byte{other, nil, data[7:7]}, [][2]int{{0, 20}}},
		{"in any order", [][]byte{data[12:15], data[2:4]}, [][2]int{{0, 2}, {4, 12}, {15, 20}}},
		{"both ends", [][]byte{data[:3], data[18:]}, [][2]int{{3, 18}}},
		{"one within another, and one that touches", [][]byte{data[5:15], data[6:8], data[15:16]}, [][2]int{{0, 5}, {16, 20}}},
		{"all", [][]byte{data}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got [][2]int
			for _, part := range without(data, c.keep) {
				from, ok := offsetIn(data, part)
				require.True(t, ok)
				got = append(got, [2]int{from, from + len(part)})
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Empty(t, without(nil, [][]byte{other}))
}
