package count

import (
	"debug/elf"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// functions are those of an executable, by address, and where a run starts.
type functions struct {
	all   []elf.Symbol
	start uint64
}

func readFunctions(path string) (functions, error) {
	f, err := elf.Open(path)
	if err != nil {
		return functions{}, fmt.Errorf("count: %w", err)
	}
	defer f.Close()
	all, err := f.Symbols()
	if err != nil {
		return functions{}, fmt.Errorf("count: %s: %w", path, err)
	}
	fs := functions{}
	for _, s := range all {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			fs.all = append(fs.all, s)
		}
		if s.Name == "main.begin" {
			fs.start = s.Value
		}
	}
	sort.Slice(fs.all, func(i, j int) bool { return fs.all[i].Value < fs.all[j].Value })
	if fs.start == 0 {
		return functions{}, fmt.Errorf("count: %s: no function begin", path)
	}
	return fs, nil
}

// counted says whether a function's instructions count. Those of Go's own
// runtime do not, because they are not the same each time; what prepares a model
// is left out because each block that is logged takes time.
func counted(name string) bool {
	switch name {
	case "main.begin", "runtime.memmove", "runtime.memclrNoHeapPointers", "runtime.duffcopy", "runtime.duffzero":
		return true
	}
	path, ok := strings.CutPrefix(name, "github.com/edgeinfer/edgeinfer")
	return ok && !preparesRE.MatchString(path)
}

var preparesRE = regexp.MustCompile(`^/formats|[pP]ack|[sS]eeded|putElement|foldedBias|Epilogue|firstFit|NewMultiplier`)

// filter returns the address ranges of what counts as QEMU's -dfilter has them.
func (fs functions) filter() string {
	var ranges []string
	for i := 0; i < len(fs.all); i++ {
		from := i
		for i < len(fs.all) && counted(fs.all[i].Name) {
			i++
		}
		if i > from {
			last := fs.all[i-1]
			ranges = append(ranges, fmt.Sprintf("%#x..%#x", fs.all[from].Value, last.Value+last.Size-1))
		}
	}
	return strings.Join(ranges, ",")
}

// at returns the name of the function at an address.
func (fs functions) at(pc uint64) string {
	i, found := slices.BinarySearchFunc(fs.all, pc, func(s elf.Symbol, pc uint64) int {
		switch {
		case s.Value < pc:
			return -1
		case s.Value > pc:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	return fs.all[max(i, 0)].Name
}
