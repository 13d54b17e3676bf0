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

// peaks are multiply-adds per cycle at best, by core and instruction: of llvm-mca's
// models of the Cortex-A72, the Neoverse N1 for its sister A76, and the N2. There
// are no models to trust for in-order cores (A53, A55).
var peaks = map[string]map[string]float64{
	"cortex-a72":  {"f32": 4, "f32 rounded": 2, "smull": 8, "smlal": 4},
	"neoverse-n1": {"f32": 8, "f32 rounded": 4, "smull": 8, "smlal": 4, "sdot": 32},
	"neoverse-n2": {"smmla": 64},
}

// speeds are the shares of the peak, in percent, that each kernel's inner loop must
// reach on the first core and on the second, all loads hitting the first cache.
// bound says what limits those that reach less than a product of matrices can.
var speeds = []struct {
	file, by string
	share    [2]float64 // of the A72 and N1, or of the N2 alone
	bound    string
}{
	{"gemm_f32_neon8", "f32", [2]float64{98, 98}, ""},
	{"gemm_f32_neon4", "f32", [2]float64{98, 98}, ""},
	{"gemm_f32_strided_neon8", "f32", [2]float64{98, 98}, ""},
	{"gemm_f32_strided_neon4", "f32", [2]float64{98, 98}, ""},
	{"gemm_f32_neon_row", "f32", [2]float64{75, 95}, "loads: one per multiply-add of four"},
	{"gemm_s8_neon42", "smull", [2]float64{98, 98}, ""},
	{"gemm_s8_neon41", "smull", [2]float64{98, 98}, ""},
	{"gemm_s8_neon14", "smull", [2]float64{90, 95}, "loads: one for two products of eight"},
	{"gemm_s8_neondot8", "sdot", [2]float64{0, 98}, ""},
	{"gemm_s8_neondot4", "sdot", [2]float64{0, 98}, ""},
	{"gemm_s8_neondot1", "sdot", [2]float64{0, 86}, "loads: one per product of sixteen"},
	{"gemm_s8_i8mm8", "smmla", [2]float64{79, 0}, "pairing of rows, by the units that multiply"},
	{"gemm_s8_i8mm4", "smmla", [2]float64{79, 0}, "pairing of rows, by the units that multiply"},
	{"depthwise_s8_fixed_neon2", "smull", [2]float64{60, 60}, "adding to int32, and loads"},
	{"depthwise_s8_fixed_neon1", "smull", [2]float64{60, 60}, "adding to int32, and loads"},
	{"depthwise_s8_nine_neon2", "smull", [2]float64{45, 45}, "adding to int32, loads, and requantisation in the same loop"},
	{"depthwise_s8_nine_neon1", "smull", [2]float64{25, 35}, "the same"},
	{"depthwise_s8_neon2", "smull", [2]float64{60, 60}, "adding to int32, and loads"},
	{"depthwise_s8_neon1", "smull", [2]float64{55, 60}, "adding to int32, and loads"},
	{"depthwise_s16_neon", "smlal", [2]float64{78, 95}, "loads: one for two products of four"},
	{"depthwise_f32_neon", "f32", [2]float64{52, 65}, "loads: five for four multiply-adds of four"},
	{"gemm_f32_rounded_neon4", "f32 rounded", [2]float64{85, 98}, "registers"},
	{"gemm_f32_rounded_neon_row4", "f32 rounded", [2]float64{60, 98}, "loads"},
	{"depthwise_f32_rounded_neon", "f32 rounded", [2]float64{55, 98}, "loads"},
}

func TestModelledSpeed(t *testing.T) {
	const mca = "llvm-mca-19" // another version has other models
	if _, err := exec.LookPath(mca); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v: install llvm-19", err)
		}
		t.Skipf("%v: install llvm-19", err)
	}
	for _, s := range speeds {
		loop := hottestLoop(t, s.file+"_arm64.s")
		cpus := []string{"cortex-a72", "neoverse-n1"}
		if s.by == "smmla" {
			cpus = []string{"neoverse-n2"}
		}
		for i, cpu := range cpus {
			peak := peaks[cpu][s.by]
			if peak == 0 {
				continue
			}
			got := macsPerCycle(t, mca, cpu, loop)
			t.Logf("%-27s %-11s %6.2f MACs/cycle, %3.0f%% of %2.0f  %s", s.file, cpu, got, 100*got/peak, peak, s.bound)
			assert.GreaterOrEqual(t, 100*got/peak, s.share[i], "%s on %s", s.file, cpu)
		}
	}
}

var (
	lineRE   = regexp.MustCompile(`WORD\t\$0x[0-9a-f]{8} // ([0-9a-f]+): (.*)`)
	branchRE = regexp.MustCompile(`^b\.\w+ 0x([0-9a-f]+)$`)
	macRE    = regexp.MustCompile(`^(fmla|fmul|sdot|smmla|smlal2?|smull2?) v\d+\.(4s|8h)`)
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
		case m[1] == "smmla":
			n += 32
		default:
			n += int(m[2][0] - '0') // lanes
		}
	}
	return n
}

func macsPerCycle(t *testing.T, mca, cpu string, loop []string) float64 {
	const iterations = 200
	cmd := exec.Command(mca, "-mtriple=aarch64", "-mcpu="+cpu, "-mattr=+dotprod,+i8mm", fmt.Sprint("-iterations=", iterations))
	cmd.Stdin = strings.NewReader(strings.Join(loop, "\n") + "\nb.ne 0\n")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	m := cyclesRE.FindSubmatch(out)
	require.NotNil(t, m, "%s", out)
	cycles, err := strconv.Atoi(string(m[1]))
	require.NoError(t, err)
	return float64(iterations*macs(loop)) / float64(cycles)
}
