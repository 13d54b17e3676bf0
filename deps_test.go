package edgeinfer_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/edgeinfer/edgeinfer"

// mayImport lists, for each package, the packages of this module that it may
// import. It is policy: change it on purpose, not to make a build pass. "*"
// stands for everything.
var mayImport = map[string]string{
	"quant":                    "",
	"runtime/tensor":           "quant",
	"runtime/graph":            "runtime/tensor",
	"kernels":                  "quant",
	"kernels/ref":              "kernels quant",
	"kernels/amd64":            "kernels quant",
	"kernels/arm64":            "kernels quant",
	"kernels/arm":              "kernels quant",
	"kernels/arm64/gen":        "",
	"kernels/arm64/count":      "",
	"kernels/arm64/guest":      ".",
	"kernels/host":             "kernels kernels/ref kernels/amd64 kernels/arm64 kernels/arm",
	"kernels/kerneltest":       "kernels kernels/ref quant",
	"runtime/op":               "runtime/graph runtime/tensor kernels quant",
	"runtime":                  "runtime/op runtime/graph runtime/tensor kernels",
	"formats":                  "",
	"formats/flatbuf":          "",
	"formats/npy":              "internal/atomicfile",
	"formats/safetensors":      "",
	"internal/atomicfile":      "",
	"formats/media":            "",
	"formats/lower":            "runtime/op runtime/graph runtime/tensor",
	"formats/tflite":           "formats formats/flatbuf formats/lower runtime/op runtime/graph runtime/tensor quant",
	"formats/tflite/modeltest": "formats/tflite",
	"formats/onnx":             "formats formats/lower formats/media runtime/op runtime/graph runtime/tensor quant",
	"formats/onnx/modeltest":   "formats/onnx",
	"formats/writetest":        "runtime runtime/op runtime/graph runtime/tensor kernels/host quant",
	"demo":                     "",
	"demo/gen":                 "demo formats/media formats/tflite formats/tflite/modeltest",
	"internal/shareddata":      "",
	".":                        "formats formats/onnx formats/tflite runtime runtime/op runtime/graph runtime/tensor kernels kernels/host quant",
	"draw":                     "runtime runtime/graph runtime/tensor",
	"metrics":                  "",
	"tasks":                    "quant",
	"tasks/overlay":            "tasks",
	"boards/machine":           "",
	"train":                    "runtime runtime/op runtime/graph runtime/tensor quant kernels kernels/host train/data metrics formats/safetensors internal/atomicfile",
	"train/gradtest":           "runtime runtime/graph runtime/tensor kernels kernels/host train",
	"train/data":               "formats/npy formats/media quant",
	"bench/accuracy":           "metrics train train/data",
	"train/network":            "train train/data formats/media runtime/tensor",
	"train/report":             "metrics",
	"feed":                     ". formats/tflite formats/npy formats/media",
	"cmd/edgeinfer":            "*",
}

func TestImports(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64", "arm"} {
		cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
		cmd.Env = append(cmd.Environ(), "GOARCH="+arch, "CGO_ENABLED=0")
		out, err := cmd.Output()
		require.NoError(t, err)
		for line := range strings.Lines(string(out)) {
			f := strings.Fields(line)
			pkg := local(f[0])
			rule, ok := mayImport[pkg]
			require.True(t, ok, "%s: package %s has no rule", arch, f[0])
			for _, dep := range f[1:] {
				if strings.HasPrefix(dep, module) && rule != "*" {
					require.Contains(t, strings.Fields(rule), local(dep), "%s: %s imports %s", arch, f[0], dep)
				}
				require.NotEqual(t, "C", dep, "%s: %s uses cgo", arch, f[0])
			}
		}
	}
}

func local(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// TestNothingUnwantedInBinary keeps heavy packages out of what users link.
func TestNothingUnwantedInBinary(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	for _, heavy := range []string{"net/http", "testing", "github.com/google/flatbuffers/go", "github.com/spf13/cobra",
		"google.golang.org/protobuf/proto", "google.golang.org/protobuf/reflect/protoreflect"} {
		require.False(t, slices.Contains(deps, heavy), "the library links %s", heavy)
	}
}
