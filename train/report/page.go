package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// page is the text so far. It is XML too, so that tests can read it.
type page struct{ strings.Builder }

func (p *page) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// policy lets the page load nothing, whatever it says.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

func (p *page) head(r *Report) {
	title := esc(r.Title)
	p.f("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"+
		"<meta name=\"viewport\" content=\"width=device-width\"/><meta name=\"color-scheme\" content=\"light dark\"/>"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"%s\"/><title>%s</title>\n<style>%s</style></head>\n<body><header><h1>%s</h1>\n", esc(policy), title, style, title)
	if r.Summary != "" {
		p.f("<p class=\"dim\">%s</p>\n", esc(r.Summary))
	}
	p.WriteString("</header>\n<main>\n")
}

func (p *page) foot() { p.WriteString("</main></body></html>\n") }

// section begins a part; its end is "</section>".
func (p *page) section(title, words string) {
	p.f("<section><h2>%s</h2>\n", esc(title))
	if words != "" {
		p.f("<p class=\"dim\">%s</p>\n", esc(words))
	}
}

// headlines are large figures in a row.
func (p *page) headlines(fs []Fact) {
	if len(fs) == 0 {
		return
	}
	p.WriteString("<dl class=\"headlines\">\n")
	for _, f := range fs {
		p.f("<div><dt>%s</dt><dd>%s</dd>", esc(f.Name), esc(f.Value))
		p.note(f.Note)
		p.WriteString("</div>\n")
	}
	p.WriteString("</dl>\n")
}

// wideFact is the length from which a fact has a line of its own.
const wideFact = 48

// facts are a list of names and values.
func (p *page) facts(fs []Fact) {
	if len(fs) == 0 {
		return
	}
	p.WriteString("<dl class=\"facts\">\n")
	for _, f := range fs {
		wide := ""
		if utf8.RuneCountInString(f.Value)+utf8.RuneCountInString(f.Note) > wideFact {
			wide = " class=\"wide\""
		}
		p.f("<div%s><dt>%s</dt><dd>%s", wide, esc(f.Name), esc(f.Value))
		if f.Note != "" {
			p.f(" <small>%s</small>", esc(f.Note))
		}
		p.WriteString("</dd></div>\n")
	}
	p.WriteString("</dl>\n")
}

func (p *page) note(s string) {
	if s != "" {
		p.f("<dd class=\"note\">%s</dd>", esc(s))
	}
}
