package report

import (
	"fmt"
	"html"
	"strings"
)

// page is the text so far.
type page struct{ strings.Builder }

func (p *page) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// esc escapes text for elements and attributes.
func esc(s string) string { return html.EscapeString(s) }

func (p *page) head(r *Report) {
	p.f("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>%s</title></head>\n<body><h1>%s</h1>\n", esc(r.Title), esc(r.Title))
}

func (p *page) headlines([]Fact)         {}
func (p *page) facts([]Fact)             {}
func (p *page) curves(*Report)           {}
func (p *page) classes(*Report)          {}
func (p *page) calibration(*Calibration) {}
func (p *page) mistakes([]Sample)        {}
func (p *page) layers([]Layer)           {}
func (p *page) foot()                    { p.WriteString("</body></html>\n") }

func (s *Sample) kind() Kind { return s.Kind }
