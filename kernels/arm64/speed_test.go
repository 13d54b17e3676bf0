package arm64

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// speeds are the multiply-adds per cycle that llvm-mca's models must give each
// kernel's inner loop, all loads hitting the first cache: the Cortex-A72, and
// the Neoverse N1 for its sister A76. Peak is 4 and 8 for float32, 8 and 8 for
// int8 by SMULL, 4 by SMLAL, 32 by SDOT. The one-row and depthwise kernels
// load more per product, and that limits them. There are no models to trust
// for in-order cores (A53, A55).
var speeds = []struct {
	file     string
	a72, a76 float64 // 0: not run there
}{
	{"gemm_f32_neon8", 3.9, 7.9},
	{"gemm_f32_neon4", 3.9, 7.9},
	{"gemm_f32_neon_row", 3.0, 7.6},
	{"gemm_s8_neon42", 7.8, 7.8},
	{"gemm_s8_neon41", 7.8, 7.8},
	{"gemm_s8_neon14", 7.0, 7.7},
	{"gemm_s8_neondot8", 0, 31.8},
	{"gemm_s8_neondot4", 0, 31.7},
	{"gemm_s8_neondot1", 0, 27.8},
	{"depthwise_s8_fixed_neon2", 4.8, 4.8},
	{"depthwise_s8_fixed_neon1", 4.8, 4.8},
	{"depthwise_s8_neon2", 4.8, 4.8},
	{"depthwise_s8_neon1", 4.5, 4.8},
	{"gemm_f32_rounded_neon4", 1, 1},
	{"gemm_f32_rounded_neon_row4", 1, 1},
	{"depthwise_f32_neon", 1.0, 2.0},
	{"depthwise_f32_rounded_neon", 1.0, 2.0},
}

func TestModelledSpeed(t *testing.T) {
	const mca = "llvm-mca-19" // another version has other models
	if _, err := exec.LookPath(mca); err != nil {
		t.Skipf("%v: install llvm-19", err)
	}
	for _, s := range speeds {
		loop := hottestLoop(t, s.file+"_arm64.s")
		for cpu, want := range map[string]float64{"cortex-a72": s.a72, "neoverse-n1": s.a76} {
			if want == 0 {
				continue
			}
			got := macsPerCycle(t, mca, cpu, loop)
			t.Logf("%s on %s: %.2f", s.file, cpu, got)
			assert.GreaterOrEqual(t, got, want, "%s on %s", s.file, cpu)
		}
	}
}

var (
	lineRE   = regexp.MustCompile(`WORD\t\$0x[0-9a-f]{8} // ([0-9a-f]+): (.*)`)
	branchRE = regexp.MustCompile(`^b\.\w+ 0x([0-9a-f]+)$`)
	macRE    = regexp.MustCompile(`^(fmla|fmul|sdot|smlal2?|smull2?) v\d+\.(4s|8h)`)
	cyclesRE = regexp.MustCompile(`Total Cycles:\s+(\d+)`)
)

// hottestLoop returns the innermost loop with the most multiply-adds, without
// its branch.
func hottestLoop(t *testing.T, file string) []string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var code, best []string
	inner := 0 // loops that begin before it are not innermost
	for _, m := range lineRE.FindAllStringSubmatch(string(text), -1) {
		code = append(code, m[2])
		branch := branchRE.FindStringSubmatch(m[2])
		if branch == nil {
			continue
		}
		to, err := strconv.ParseInt(branch[1], 16, 64)
		require.NoError(t, err)
		from, end := int(to/4), len(code)-1
		if from <= end && from >= inner {
			inner = end
			if loop := code[from:end]; macs(loop) > macs(best) {
				best = loop
			}
		}
	}
	require.NotEmpty(t, best, "%s: no loop with products", file)
	return best
}

// macs counts multiply-adds.
func macs(loop []string) (n int) {
	for _, ins := range loop {
		m := macRE.FindStringSubmatch(ins)
		switch {
		case m == nil:
		case m[1] == "sdot":
			n += 16
		default:
			n += int(m[2][0] - '0') // lanes
		}
	}
	return n
}

func macsPerCycle(t *testing.T, mca, cpu string, loop []string) float64 {
	const iterations = 200
	cmd := exec.Command(mca, "-mtriple=aarch64", "-mcpu="+cpu, "-mattr=+dotprod", fmt.Sprint("-iterations=", iterations))
	cmd.Stdin = strings.NewReader(strings.Join(loop, "\n") + "\nb.ne 0\n")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	m := cyclesRE.FindSubmatch(out)
	require.NotNil(t, m, "%s", out)
	cycles, err := strconv.Atoi(string(m[1]))
	require.NoError(t, err)
	return float64(iterations*macs(loop)) / float64(cycles)
}
