package tasks

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// headKind is a head as declarations know it: its name, the roles that outputs
// may be named for, and how to make one that reads its own keys.
type headKind struct {
	name  string
	roles []string
	open  func() (Head, func(*Spec) []key)
}

var heads = []headKind{
	{"ultraface", []string{"boxes", "scores"}, func() (Head, func(*Spec) []key) { h := UltraFace(); return h, h.keys }},
	{"corners", []string{"boxes", "scores"}, func() (Head, func(*Spec) []key) { h := &Corners{}; return h, h.keys }},
	{"yunet", yunetRoles, func() (Head, func(*Spec) []key) { return YuNet{}, noKeys }},
	{"blazeface", []string{"boxes", "scores"}, func() (Head, func(*Spec) []key) { return blazeFace{}, noKeys }},
	{"ssd", []string{"boxes", "scores"}, func() (Head, func(*Spec) []key) {
		h := &SSD{Scale: [4]float32{10, 10, 5, 5}}
		return h, h.keys
	}},
	{"yolov3", nil, func() (Head, func(*Spec) []key) { h := &YOLOAnchors{}; return h, h.keys }},
	{"yolov5raw", nil, func() (Head, func(*Spec) []key) { h := &YOLOAnchors{Square: true}; return h, h.keys }},
	{"yolov5", []string{"boxes"}, func() (Head, func(*Spec) []key) { h := &YOLO{Objectness: true}; return h, h.keys }},
	{"yolov8", []string{"boxes"}, func() (Head, func(*Spec) []key) { h := &YOLO{}; return h, h.keys }},
	{"yolox", []string{"boxes"}, func() (Head, func(*Spec) []key) { h := &YOLOX{}; return h, h.keys }},
	{"selected", []string{"boxes", "classes", "scores", "count", "indices"}, func() (Head, func(*Spec) []key) {
		h := &Selected{YX: true}
		return h, h.keys
	}},
}

func noKeys(*Spec) []key { return nil }

// yunetRoles are four outputs for each of yunetStrides.
var yunetRoles = []string{
	"cls_8", "obj_8", "bbox_8", "kps_8",
	"cls_16", "obj_16", "bbox_16", "kps_16",
	"cls_32", "obj_32", "bbox_32", "kps_32",
}

// HeadNames lists the heads that declarations may name.
func HeadNames() string {
	var names []string
	for _, h := range heads {
		names = append(names, h.name)
	}
	return strings.Join(names, ", ")
}

func (s *Spec) readDetect(n *yaml.Node) error {
	var name string
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if n.Content[i].Value == "head" {
			if err := text("head", &name).read(n.Content[i+1]); err != nil {
				return err
			}
		}
	}
	i := slices.IndexFunc(heads, func(h headKind) bool { return h.name == name })
	if i < 0 {
		return at(n, "detect: head %q: choose one of %s", name, HeadNames())
	}
	d := s.Detector
	head, more := heads[i].open()
	p := &d.Suppression
	keys := []key{
		text("head", &name), real("score", 0, 1, &d.Score), real("iou", 0, 1, &p.IoU), flag("agnostic", &p.Agnostic),
		whole("candidates", 1, 1<<16, &p.Candidates), whole("top", 1, math.MaxInt32, &p.Top),
	}
	if heads[i].roles != nil {
		keys = append(keys, pairs("outputs", heads[i].roles, &d.Names))
	}
	if name == "selected" {
		p.IoU = 1 // done already
	}
	if err := readObject(n, "detect with head "+name, append(keys, more(s)...)...); err != nil {
		return err
	}
	d.Head = head
	if h, ok := head.(interface{ complete() error }); ok {
		if err := h.complete(); err != nil {
			return at(n, "detect with head %s: %v", name, err)
		}
	}
	return nil
}

func (c *Choice) keys(*Spec) []key {
	return []key{activation(&c.Activation), flag("several", &c.Several), background(&c.Skip)}
}

func (h *Corners) keys(s *Spec) []key {
	return append(h.Choice.keys(s), order(&h.YX), units(&h.Pixels, true))
}

func (h *YOLO) keys(s *Spec) []key {
	return append(h.Choice.keys(s), units(&h.Fraction, false), whole("classes", 1, maxClasses, &h.Classes))
}

func (h *YOLOX) keys(s *Spec) []key { return h.Choice.keys(s) }

func (h *Selected) keys(*Spec) []key {
	return []key{order(&h.YX), units(&h.Pixels, true), background(&h.Skip)}
}

// background reads whether class 0 stands for "nothing".
func background(skip *int) key {
	return choice("background", []string{"true", "false"}, []int{1, 0}, skip)
}

// order reads which coordinate comes first.
func order(yx *bool) key { return choice("order", []string{"xy", "yx"}, []bool{false, true}, yx) }

// units reads what coordinates are in; pixels is what to stores for pixels.
func units(to *bool, pixels bool) key {
	return choice("units", []string{"pixels", "fraction"}, []bool{pixels, !pixels}, to)
}

func (h *YOLOAnchors) keys(s *Spec) []key {
	return append(h.Choice.keys(s), list("levels", "objects with stride and anchors", func(n *yaml.Node) error {
		var l Level
		err := readObject(n, "a level", whole("stride", 1, maxSide, &l.Stride), list("anchors", "[width, height]", func(n *yaml.Node) error {
			var a AnchorSize
			err := tuple(n, "anchors", 0, maxSide, &a.W, &a.H)
			l.Anchors = append(l.Anchors, a)
			return err
		}))
		if err == nil && (l.Stride == 0 || len(l.Anchors) == 0) {
			err = at(n, "a level wants stride and anchors")
		}
		h.Levels = append(h.Levels, l)
		return err
	}))
}

func (h *YOLOAnchors) complete() error {
	if len(h.Levels) == 0 {
		return fmt.Errorf("levels are missing: write levels: [{stride: 8, anchors: [[10, 13], …]}, …]")
	}
	return nil
}
