package npy

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// Every array of the shared data is read, and holds the bytes that the file ends
// with unless they are in Fortran order.
func TestSharedArrays(t *testing.T) {
	arrays, archives := 0, 0
	err := filepath.WalkDir(shareddata.Shared(t), func(path string, _ fs.DirEntry, err error) error {
		require.NoError(t, err)
		switch filepath.Ext(path) {
		case ".npy":
			a, err := ReadFile(path, 0)
			require.NoError(t, err)
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			if strings.Contains(string(raw[:min(len(raw), 128)]), "'fortran_order': False") {
				require.True(t, bytes.HasSuffix(raw, a.Data), path)
			}
			arrays++
		case ".npz":
			z, err := OpenNPZ(path, 0)
			require.NoError(t, err)
			for _, name := range z.Names() {
				a, err := z.Read(name)
				require.NoError(t, err)
				require.NoError(t, a.check())
			}
			require.NoError(t, z.Close())
			archives++
		}
		return nil
	})
	require.NoError(t, err)
	require.NotZero(t, arrays)
	require.NotZero(t, archives)
}
