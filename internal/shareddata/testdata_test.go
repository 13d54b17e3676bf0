package shareddata

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSharedFindsUpwards(t *testing.T) {
	root := t.TempDir()
	want := filepath.Join(root, "shared", "data")
	require.NoError(t, os.MkdirAll(want, 0o755))
	pkg := filepath.Join(root, "module", "a", "b")
	require.NoError(t, os.MkdirAll(pkg, 0o755))
	t.Setenv(Env, "")
	t.Chdir(pkg)
	require.Equal(t, want, Shared(t))
}

func TestSharedObeysEnv(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(Env, dir)
	require.Equal(t, dir, Shared(t))
}

func TestSharedSkipsWithoutData(t *testing.T) {
	t.Setenv(Env, filepath.Join(t.TempDir(), "none"))
	t.Setenv("CI", "")
	skipped := true
	t.Run("skip", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Shared(t)
		skipped = false
	})
	require.True(t, skipped)
}
