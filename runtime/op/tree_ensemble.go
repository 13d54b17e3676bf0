package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TreeMode says when a node of a decision tree goes to its true branch.
type TreeMode uint8

// The modes, in ONNX's order: the feature compared with the value or, for
// TreeMember, looked for in a set.
const (
	TreeLEQ TreeMode = iota
	TreeLT
	TreeGTE
	TreeGT
	TreeEQ
	TreeNEQ
	TreeMember
)

// TreeNode is an inner node. Branches of 0 and more are nodes, others leaves:
// -1 is leaf 0.
type TreeNode struct {
	Feature     int
	Mode        TreeMode
	MissingTrue bool // NaN goes to the true branch
	Value       float64
	Members     []float64
	True, False int
}

// TreeVote is what a leaf gives to a target.
type TreeVote struct {
	Target int
	Weight float64
}

// TreeAggregate says what becomes of a target's votes.
type TreeAggregate uint8

// The aggregations, in ONNX's order. The average is over all trees.
const (
	TreeAverage TreeAggregate = iota
	TreeSum
	TreeMin
	TreeMax
)

// TreeEnsemble runs each row of its input, [n features], through decision
// trees and gives [n Targets] of type DType. Targets without a vote are 0; Base,
// if there, is added. Roots are branches.
type TreeEnsemble struct {
	Nodes     []TreeNode
	Leaves    [][]TreeVote
	Roots     []int
	Targets   int
	Aggregate TreeAggregate
	Base      []float64
	DType     tensor.DType
}

// Infer checks the trees.
func (o *TreeEnsemble) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1, 2); err != nil {
		return nil, err
	}
	if o.DType != tensor.F32 && o.DType != tensor.F64 {
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	if err := o.check(lastDim(in[0].Shape)); err != nil {
		return nil, err
	}
	rows := 1
	if in[0].Rank() == 2 {
		rows = in[0].Shape[0]
	}
	return []tensor.Type{tensor.Of(o.DType, rows, o.Targets)}, nil
}

// check holds indices against what they index.
func (o *TreeEnsemble) check(features int) error {
	if o.Targets < 1 || o.Aggregate > TreeMax {
		return errorf("%d targets, aggregate %d: want at least one, and 0 to 3", o.Targets, o.Aggregate)
	}
	if o.Base != nil && len(o.Base) != o.Targets {
		return errorf("%d base values for %d targets", len(o.Base), o.Targets)
	}
	valid := func(branch int) bool { return branch < len(o.Nodes) && branch >= -len(o.Leaves) }
	for i, n := range o.Nodes {
		if n.Feature < 0 || features != tensor.Dynamic && n.Feature >= features {
			return errorf("tree node %d looks at feature %d of %d", i, n.Feature, features)
		}
		if n.Mode > TreeMember || !valid(n.True) || !valid(n.False) {
			return errorf("tree node %d has mode %d and branches %d and %d", i, n.Mode, n.True, n.False)
		}
	}
	for i, votes := range o.Leaves {
		for _, v := range votes {
			if v.Target < 0 || v.Target >= o.Targets {
				return errorf("tree leaf %d votes for target %d of %d", i, v.Target, o.Targets)
			}
		}
	}
	if i := slices.IndexFunc(o.Roots, func(r int) bool { return !valid(r) }); i >= 0 {
		return errorf("tree %d has root %d of %d nodes", i, o.Roots[i], len(o.Nodes))
	}
	return nil
}

// Ref walks the trees.
func (o *TreeEnsemble) Ref(in, out []tensor.View) error {
	return o.run(&in[0], &out[0], make([]float64, o.Targets), make([]bool, o.Targets))
}

// Prepare has no kernel: the walk is one comparison per node.
func (o *TreeEnsemble) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		sums, voted := make([]float64, o.Targets), make([]bool, o.Targets)
		return func() error { return o.run(&m.In[0], &m.Out[0], sums, voted) }, nil
	}}, nil
}

// Work counts some nodes per tree and row.
func (o *TreeEnsemble) Work(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) + 16*int64(len(o.Roots))*int64(out[0].Shape[0])
}

func (o *TreeEnsemble) run(x, y *tensor.View, sums []float64, voted []bool) error {
	if x.DType == tensor.F32 {
		return treeRows(*o, x.F32(), lastDim(x.Shape), y, sums, voted)
	}
	return treeRows(*o, x.F64(), lastDim(x.Shape), y, sums, voted)
}

func treeRows[T float32 | float64](o TreeEnsemble, x []T, k int, y *tensor.View, sums []float64, voted []bool) error {
	for r := range y.Shape[0] {
		clear(sums)
		clear(voted)
		for _, root := range o.Roots {
			leaf, err := treeLeaf(o.Nodes, root, x[r*k:(r+1)*k])
			if err != nil {
				return err
			}
			for _, v := range o.Leaves[leaf] {
				o.vote(&sums[v.Target], &voted[v.Target], v.Weight)
			}
		}
		for i, s := range sums {
			if o.Aggregate == TreeAverage {
				s /= float64(len(o.Roots))
			}
			if o.Base != nil {
				s += o.Base[i]
			}
			if o.DType == tensor.F32 {
				y.F32()[r*o.Targets+i] = float32(s)
			} else {
				y.F64()[r*o.Targets+i] = s
			}
		}
	}
	return nil
}

func (o *TreeEnsemble) vote(sum *float64, voted *bool, w float64) {
	switch {
	case o.Aggregate == TreeSum, o.Aggregate == TreeAverage:
		*sum += w
	case !*voted:
		*sum = w
	case o.Aggregate == TreeMin:
		*sum = min(*sum, w)
	default:
		*sum = max(*sum, w)
	}
	*voted = true
}

// treeLeaf returns the leaf that row x comes to.
func treeLeaf[T float32 | float64](nodes []TreeNode, at int, x []T) (int, error) {
	for range len(nodes) + 1 {
		if at < 0 {
			return -1 - at, nil
		}
		n := &nodes[at]
		if at = n.False; n.holds(float64(x[n.Feature])) {
			at = n.True
		}
	}
	return 0, dataf("a tree of %d nodes has a cycle", len(nodes))
}

// holds reports whether x goes to the true branch.
func (n *TreeNode) holds(x float64) bool {
	if x != x && n.MissingTrue {
		return true
	}
	switch n.Mode {
	case TreeLEQ:
		return x <= n.Value
	case TreeLT:
		return x < n.Value
	case TreeGTE:
		return x >= n.Value
	case TreeGT:
		return x > n.Value
	case TreeEQ:
		return x == n.Value
	case TreeNEQ:
		return x != n.Value
	}
	return slices.Contains(n.Members, x)
}
