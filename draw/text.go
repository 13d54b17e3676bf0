package draw

import (
	"fmt"
	"strconv"
	"strings"
)

// style is shared by pictures and pages. Families of operators have a hue each.
const style = `
:root{--bg:#ffffff;--fg:#1c2530;--dim:#66727f;--line:#9aa7b4;--grid:#e6ebf0;--box:#f6f8fa;
--product:#2f6fd0;--shape:#8a94a0;--sum:#2a9461;--act:#c2701c;--io:#7a4fc0}
@media (prefers-color-scheme:dark){:root{--bg:#12171d;--fg:#e4eaf0;--dim:#93a1af;--line:#5b6977;--grid:#242c35;--box:#1c242d;
--product:#6ba3f5;--shape:#8a94a0;--sum:#55c48e;--act:#eba14e;--io:#b08ff0}}
svg{font-family:system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:12px}
svg text{fill:var(--fg)}svg .page{fill:var(--bg)}svg .h{font-size:18px;font-weight:600}
svg .sub,svg .dim{fill:var(--dim)}svg .dim{font-size:11px}
svg .edge{fill:none;stroke:var(--line);stroke-width:1.3}svg .grid{stroke:var(--grid)}
svg .bound{stroke:var(--act);stroke-dasharray:5 4;stroke-width:1.3}
svg .box{fill:var(--box);stroke-width:1.4}svg .bar{stroke:none}
.product{stroke:var(--product);fill:var(--product)}.shape{stroke:var(--shape);fill:var(--shape)}
.sum{stroke:var(--sum);fill:var(--sum)}.act{stroke:var(--act);fill:var(--act)}.io{stroke:var(--io);fill:var(--io)}
svg .op{font-weight:600}svg .value{fill-opacity:.3;stroke-width:1}svg .in{font-size:10px}
`

const pageStyle = `
body{background:var(--bg);color:var(--fg);font:14px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;margin:2em auto;max-width:1200px;padding:0 1em}
h1{font-size:1.4em;margin:0;overflow-wrap:anywhere}h2{font-size:1.1em;margin:2em 0 .3em}.sub{color:var(--dim);margin:.2em 0}
figure{margin:.6em 0;overflow-x:auto}figure svg{display:block;margin:0 auto}
table{border-collapse:collapse;font-size:13px;width:100%}th,td{text-align:left;padding:.2em .7em;border-bottom:1px solid var(--grid);white-space:nowrap}
th{color:var(--dim);font-weight:500}.n{text-align:right;font-variant-numeric:tabular-nums}.name{color:var(--dim);max-width:24em;overflow:hidden;text-overflow:ellipsis}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.5em}
i.dot.product{background:var(--product)}i.dot.shape{background:var(--shape)}i.dot.sum{background:var(--sum)}i.dot.act{background:var(--act)}
`

// family groups operators by what they do, for their colour.
func family(op string, macs int64) string {
	low := strings.ToLower(op)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(low, w) {
				return true
			}
		}
		return false
	}
	switch {
	case macs > 0:
		return "product"
	case has("reshape", "transpose", "squeeze", "expand", "pack", "concat", "split", "slice", "pad", "gather", "space", "depth", "shape", "tile", "cast", "quantize", "broadcast", "read", "assign", "handle"):
		return "shape"
	case has("relu", "softmax", "logistic", "tanh", "swish", "elu", "exp", "sqrt", "log", "abs", "clamp", "sigmoid"):
		return "act"
	}
	return "sum"
}

// dims formats a shape as "1×32×32×3"; a scalar is "scalar".
func dims(shape []int) string {
	if len(shape) == 0 {
		return " scalar"
	}
	s := make([]string, len(shape))
	for i, d := range shape {
		s[i] = strconv.Itoa(d)
		if d < 0 {
			s[i] = "?"
		}
	}
	return " " + strings.Join(s, "×")
}

func size(n int) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.2f MiB", float64(n)/(1<<20))
}

func count(n int64) string {
	switch x := float64(n); {
	case x >= 1e9:
		return fmt.Sprintf("%.2f G", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.2f M", x/1e6)
	case x >= 1e4:
		return fmt.Sprintf("%.1f k", x/1e3)
	}
	return strconv.FormatInt(n, 10)
}
