// Package shareddata finds the folder of models and data sets that tests use and
// that is not part of the module: its licences differ, and it is large.
package shareddata

import (
	"os"
	"path/filepath"
	"testing"
)

// Env is the environment variable that names the folder if it lies elsewhere.
const Env = "EDGEINFER_DATA"

// Shared returns the folder: what Env says, or the nearest shared/data upwards of
// the package under test; it is kept beside the module. In its absence the test is
// skipped, but fails where CI=true, so that a machine that should have the data
// cannot pass without.
func Shared(t testing.TB) string {
	t.Helper()
	if dir, ok := find(t); ok {
		return dir
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the test data are not there; put them at ../shared/data or set %s", Env)
	}
	t.Skipf("needs the test data: put them at ../shared/data or set %s", Env)
	return ""
}

func find(t testing.TB) (dir string, ok bool) {
	t.Helper()
	if dir = os.Getenv(Env); dir != "" {
		return dir, isDir(dir)
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if dir = filepath.Join(at, "shared", "data"); isDir(dir) {
			return dir, true
		}
		up := filepath.Dir(at)
		if up == at {
			return "", false
		}
		at = up
	}
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
