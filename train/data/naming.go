package data

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// openListing makes the sets of a folder or zip.
func openListing(l *listing, o *Options) (train, test Set, err error) {
	k, err := l.kind()
	if err != nil {
		return nil, nil, err
	}
	entries, classes, err := l.entries(o)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", l.path, err)
	}
	d, err := newDecoder(l, entries[0], k, o)
	if err != nil {
		return nil, nil, err
	}
	f := newFiles(l, entries, classes, d, o)
	var parts [2][]int
	for i, e := range entries {
		if e.test {
			parts[1] = append(parts[1], i)
		} else {
			parts[0] = append(parts[0], i)
		}
	}
	if len(parts[1]) == 0 {
		parts = f.drawn(o.held(0.2))
	}
	if len(parts[1]) == 0 {
		return f, nil, nil
	}
	return Subset(f, parts[0]), Subset(f, parts[1]), nil
}

// drawn puts a part of each class aside, or, of files in groups, some groups.
func (f *files) drawn(fraction float64) (parts [2][]int) {
	if len(Groups(f)) > 1 {
		keep, hold := Split(f, fraction, 0)
		return [2][]int{keep.(*subset).index, hold.(*subset).index}
	}
	byClass := make([][]int, len(f.classes))
	for i, e := range f.entries {
		byClass[e.class] = append(byClass[e.class], i)
	}
	for _, index := range byClass {
		keep, hold := Split(Subset(f, index), fraction, 0)
		parts[0] = append(parts[0], keep.(*subset).index...)
		parts[1] = append(parts[1], hold.(*subset).index...)
	}
	slices.Sort(parts[0])
	slices.Sort(parts[1])
	return parts
}

// entries reads the names of files.
func (l *listing) entries(o *Options) ([]entry, []string, error) {
	parse, err := naming(l.names, o)
	if err != nil {
		return nil, nil, err
	}
	out := make([]entry, len(l.names))
	names := make([]string, len(l.names))
	for i, n := range l.names {
		out[i].name = n
		if names[i], err = parse(&out[i]); err != nil {
			return nil, nil, err
		}
	}
	classes := o.Classes
	if classes == nil {
		classes = slices.Compact(slices.Sorted(slices.Values(names)))
	}
	number := map[string]int32{}
	for k, c := range classes {
		number[c] = int32(k)
	}
	for i, n := range names {
		k, ok := number[n]
		if !ok {
			return nil, nil, fmt.Errorf("%s: class %q is none of %s", l.names[i], n, listed(classes))
		}
		out[i].class = k
	}
	if o.Pattern == "" {
		err = l.emptyFolder(number)
	}
	return out, classes, err
}

// emptyFolder looks for a folder that would be a class if it had files in it.
func (l *listing) emptyFolder(classes map[string]int32) error {
	for _, f := range l.folders {
		parent, base := "", f
		if i := strings.LastIndexByte(f, '/'); i >= 0 {
			parent, base = f[:i], f[i+1:]
		}
		top := f != "." && parent == "" && !isSplit(f) || isSplit(parent)
		if _, ok := classes[base]; top && !ok && !slices.ContainsFunc(l.names, func(n string) bool { return strings.HasPrefix(n, f+"/") }) {
			return fmt.Errorf("folder %q has no samples in it: fill it or remove it", f)
		}
	}
	return nil
}

// isSplit says whether a folder holds a part of the data and not a class.
func isSplit(folder string) bool {
	switch strings.ToLower(folder) {
	case "train", "training":
		return true
	}
	return isTestFolder(folder)
}

func isTestFolder(folder string) bool {
	switch strings.ToLower(folder) {
	case "test", "testing", "val", "valid", "validation":
		return true
	}
	return false
}

// naming returns what reads a file's name: it fills in group and part, and returns
// the class.
func naming(names []string, o *Options) (func(*entry) (string, error), error) {
	if o.Pattern != "" {
		return byPattern(o)
	}
	shared := sharedFolder(names)
	return func(e *entry) (string, error) {
		parts := strings.Split(strings.TrimPrefix(e.name, shared), "/")
		if len(parts) > 1 && isSplit(parts[0]) {
			e.test = isTestFolder(parts[0])
			parts = parts[1:]
		}
		if len(parts) < 2 {
			return "", fmt.Errorf("%s: in no folder of a class: make one for each class, or say with Pattern how names give it", e.name)
		}
		return parts[0], nil
	}, nil
}

// sharedFolder returns the folders that all names begin with and that are above
// those of parts and classes.
func sharedFolder(names []string) string {
	shared := ""
	for {
		folder, rest, ok := strings.Cut(names[0][len(shared):], "/")
		if !ok || isSplit(folder) || !strings.Contains(rest, "/") {
			return shared
		}
		for _, n := range names {
			if !strings.HasPrefix(n, shared+folder+"/") || strings.Count(n[len(shared):], "/") < 2 {
				return shared
			}
		}
		shared += folder + "/"
	}
}

func byPattern(o *Options) (func(*entry) (string, error), error) {
	re, err := regexp.Compile("^(?:" + o.Pattern + ")$")
	if err != nil {
		return nil, fmt.Errorf("option Pattern: %w", err)
	}
	testText := orDefault(o.SplitTest, "test.*|val.*")
	test, err := regexp.Compile("^(?:" + testText + ")$")
	if err != nil {
		return nil, fmt.Errorf("option SplitTest: %w", err)
	}
	class, split, group := re.SubexpIndex("class"), re.SubexpIndex("split"), re.SubexpIndex("group")
	if class < 0 {
		return nil, errors.New("option Pattern has no group (?P<class>…): say where the class is")
	}
	return func(e *entry) (string, error) {
		m := re.FindStringSubmatch(e.name)
		if m == nil || m[class] == "" {
			return "", fmt.Errorf("%s: does not match Pattern %q from its beginning to its end, with a class: change it, or remove the file", e.name, o.Pattern)
		}
		e.test = split >= 0 && test.MatchString(m[split])
		if group >= 0 {
			e.group = m[group]
		}
		return m[class], nil
	}, nil
}
