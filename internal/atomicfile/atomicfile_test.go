package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	require.NoError(t, WriteBytes(path, []byte("one")))
	require.NoError(t, os.Symlink("a", filepath.Join(dir, "link")))
	require.NoError(t, WriteBytes(filepath.Join(dir, "link"), []byte("two")))
	failed := errors.New("no more")
	err := Write(path, func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<20))
		return failed
	})
	assert.ErrorIs(t, err, failed)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "two", string(got), "a failed write changes nothing")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 2, "no temporary file stays")
	assert.ErrorIs(t, WriteBytes(filepath.Join(dir, "none", "a"), nil), os.ErrNotExist)
}
