package count

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

var (
	update = flag.Bool("update", false, "write baseline.tsv instead of comparing with it")
	model  = flag.String("model", "", "count this model only, function by function")
)

// tiers are the emulated CPUs, and the tier that runs on each.
var tiers = []struct{ name, cpu string }{
	{"neon", "cortex-a72"}, {"neondot", "cortex-a76"}, {"i8mm", "max"},
}

// models are in the shared data: a MobileNet v1 0.25 for images of 96×96, a
// depthwise network for keywords, ResNet-8, dense layers.
var models = []string{"mlperf_vww_int8", "mlperf_kws_int8", "mlperf_ic_int8", "mlperf_ad_int8"}

// allowed is by how much a count may exceed the committed one.
const allowed = 1.05

func buildGuest(t *testing.T) string {
	if _, err := exec.LookPath(QEMU); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v: install qemu-user-static", err)
		}
		t.Skipf("%v: install qemu-user-static", err)
	}
	exe := filepath.Join(t.TempDir(), "guest")
	cmd := exec.Command("go", "build", "-o", exe, "../guest")
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return exe
}

// TestInstructions compares the instructions of one run with baseline.tsv.
func TestInstructions(t *testing.T) {
	if testing.Short() {
		t.Skip("too slow for -short")
	}
	guest := buildGuest(t)
	if *model != "" {
		byFunction(t, guest, *model)
		return
	}
	paths := map[string]string{"digits": "../../../demo/digits.tflite"}
	data := shareddata.Shared(t)
	for _, m := range models {
		paths[m] = filepath.Join(data, "tflite", "models", m, "model.tflite")
	}
	got := countAll(t, guest, paths)
	if *update {
		writeBaseline(t, got)
		return
	}
	want := readBaseline(t)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)), "rows of baseline.tsv: -update")
	for key, c := range got {
		t.Logf("%-28s %9d instructions, %.2f MACs each", key, c.Total, float64(c.MACs)/float64(c.Total))
		assert.LessOrEqual(t, float64(c.Total), allowed*float64(want[key]), "%s: more than baseline.tsv", key)
	}
}

// countAll counts each model on each CPU, two at a time.
func countAll(t *testing.T, guest string, paths map[string]string) map[string]Counts {
	got := map[string]Counts{}
	var lock sync.Mutex
	var wait sync.WaitGroup
	slots := make(chan struct{}, 2)
	for name, path := range paths {
		for _, tier := range tiers {
			wait.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				c, err := Run(guest, tier.cpu, path)
				lock.Lock()
				defer lock.Unlock()
				assert.NoError(t, err)
				got[name+"\t"+tier.name] = c
			})
		}
	}
	wait.Wait()
	require.False(t, t.Failed())
	return got
}

func byFunction(t *testing.T, guest, path string) {
	for _, tier := range tiers {
		c, err := Run(guest, tier.cpu, path)
		require.NoError(t, err)
		t.Logf("%s: %d instructions, %d MACs", tier.name, c.Total, c.MACs)
		for _, name := range slices.SortedFunc(maps.Keys(c.In), func(a, b string) int { return int(c.In[b] - c.In[a]) }) {
			if n := c.In[name]; 200*n > c.Total {
				t.Logf("%10d %4.1f%% %s", n, 100*float64(n)/float64(c.Total), name)
			}
		}
	}
}

const baseline = "baseline.tsv"

func writeBaseline(t *testing.T, got map[string]Counts) {
	var b strings.Builder
	b.WriteString("# model, tier, instructions of one run: go test ./kernels/arm64/count -update\n")
	for _, key := range slices.Sorted(maps.Keys(got)) {
		fmt.Fprintf(&b, "%s\t%d\n", key, got[key].Total)
	}
	require.NoError(t, os.WriteFile(baseline, []byte(b.String()), 0o644))
}

func readBaseline(t *testing.T) map[string]int64 {
	f, err := os.Open(baseline)
	require.NoError(t, err)
	defer f.Close()
	want := map[string]int64{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var name, tier string
		var n int64
		_, err := fmt.Sscan(lines.Text(), &name, &tier, &n)
		require.NoError(t, err, lines.Text())
		want[name+"\t"+tier] = n
	}
	return want
}
