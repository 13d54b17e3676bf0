package data

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readTable reads a file.
func readTable(path string, o *Options) (*rows, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	r, err := readRows(f, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	r.path = path
	return r, nil
}

// readRows reads a table, packed with gzip or not.
func readRows(r io.Reader, o *Options) (*rows, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if start, _ := b.Peek(2); len(start) == 2 && start[0] == 0x1f && start[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReaderSize(z, 1<<16)
	}
	start, _ := b.Peek(3)
	switch {
	case string(start) == "\ufeff":
		_, _ = b.Discard(3)
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return nil, errors.New("the text is UTF-16: save it as UTF-8")
	}
	line, _ := b.Peek(1 << 15)
	line, _, _ = bytes.Cut(line, []byte("\n"))
	p := &rowReader{o: o, breaks: strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " "), bounded: &bounded{r: b}, x: spool{limit: o.memory()}}
	p.csv = csv.NewReader(p.bounded)
	p.csv.Comma = separator(line)
	p.csv.ReuseRecord = true
	p.csv.TrimLeadingSpace = true
	return p.read()
}

// separator returns the first of comma, tab and semicolon that occurs.
func separator(line []byte) rune {
	for _, c := range ",\t;" {
		if bytes.ContainsRune(line, c) {
			return c
		}
	}
	return ','
}

// bounded ends a row that goes on for ever, such as one with a quote that nobody
// closes.
type bounded struct {
	r    io.Reader
	have int // bytes since the last row ended
}

func (b *bounded) Read(p []byte) (int, error) {
	const most = 16 << 20
	if b.have > most {
		return 0, fmt.Errorf("a row of more than %d bytes: is a quote not closed?", most)
	}
	n, err := b.r.Read(p)
	b.have += n
	return n, err
}

// rowReader reads rows one by one.
type rowReader struct {
	o       *Options
	csv     *csv.Reader
	bounded *bounded
	x       spool
	out     rows
	header  []string
	columns int

	label, split, group int               // columns; −1 for none
	breaks              *strings.Replacer // makes one line of a label, as lists of classes keep it
	line                []byte
	ahead               []ahead // read, and not yet taken
	seen                int     // rows
}

func (p *rowReader) read() (*rows, error) {
	first, err := p.next()
	if err == io.EOF {
		return nil, errors.New("no rows: give a table")
	}
	if err != nil {
		return nil, err
	}
	first = slices.Clone(first)
	p.columns = len(first)
	header, err := p.isHeader(first)
	if err != nil {
		return nil, err
	}
	if header {
		p.header = first
	}
	if err := p.choose(); err != nil {
		return nil, err
	}
	p.out.first = 2
	if p.header == nil {
		p.out.first = 1
		if err := p.add(first, 1); err != nil {
			return nil, err
		}
	}
	for {
		record, line, err := p.row()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = p.add(record, line)
		}
		if err != nil {
			return nil, err
		}
	}
	if p.out.n == 0 {
		return nil, errors.New("only a header: give rows of numbers")
	}
	if p.out.x, err = p.x.store(); err != nil {
		return nil, err
	}
	return &p.out, nil
}

// ahead is a row that was read to know what the first one is.
type ahead struct {
	record []string
	line   int
}

// row returns the next row after the first, and its line.
func (p *rowReader) row() ([]string, int, error) {
	if len(p.ahead) > 0 {
		r := p.ahead[0]
		p.ahead = p.ahead[1:]
		return r.record, r.line, nil
	}
	record, err := p.next()
	if err != nil {
		return nil, 0, err
	}
	line, _ := p.csv.FieldPos(0)
	return record, line, nil
}

// next returns a row.
func (p *rowReader) next() ([]string, error) {
	p.bounded.have = 0
	record, err := p.csv.Read()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) {
		return nil, fmt.Errorf("after row %d: %w: truncated? get the file again", p.seen, err)
	}
	if err == nil {
		p.seen++
	}
	if errors.Is(err, csv.ErrFieldCount) {
		line, _ := p.csv.FieldPos(0)
		return nil, fmt.Errorf("line %d: %d columns where the first row has %d: complete the row or remove it", line, len(record), p.columns)
	}
	return record, err
}

// isHeader says whether the first row names columns: one that is all numbers does
// not. Where only its label is none, it is a row if that is a class or another row
// has it: columns may be called by numbers.
func (p *rowReader) isHeader(first []string) (bool, error) {
	if _, err := strconv.Atoi(p.o.Label); p.o.Label != "" && err != nil && slices.Contains(first, p.o.Label) {
		return true, nil
	}
	label := -1
	if k, err := strconv.Atoi(orDefault(p.o.Label, "-1")); err == nil {
		if label = k - 1; k < 0 {
			label = len(first) + k
		}
	}
	numbers := true
	for c, field := range first {
		if _, err := number(field); err == nil {
			continue
		}
		if c != label {
			return true, nil
		}
		numbers = false
	}
	if numbers {
		return false, nil
	}
	name := strings.TrimSpace(first[label])
	if slices.Contains(p.o.Classes, name) {
		return false, nil
	}
	return p.isNew(name, label)
}

// isNew looks for a label in the rows to come, so many of them that it would be
// there if it were one.
func (p *rowReader) isNew(name string, label int) (bool, error) {
	const far = 10_000
	for len(p.ahead) < far {
		record, err := p.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, err
		}
		line, _ := p.csv.FieldPos(0)
		p.ahead = append(p.ahead, ahead{slices.Clone(record), line})
		if strings.TrimSpace(record[label]) == name {
			return false, nil
		}
	}
	return true, nil
}

// choose finds the columns that Options name.
func (p *rowReader) choose() (err error) {
	if p.label, err = p.find(orDefault(p.o.Label, "-1"), "Label"); err != nil {
		return err
	}
	p.split, p.group = -1, -1
	if p.o.Split != "" {
		if p.split, err = p.find(p.o.Split, "Split"); err != nil {
			return err
		}
	}
	if p.o.Group != "" {
		if p.group, err = p.find(p.o.Group, "Group"); err != nil {
			return err
		}
	}
	for c := range p.columns {
		if p.isNumber(c) {
			p.out.width++
		}
	}
	if p.out.width == 0 {
		return errors.New("no column of numbers beside the label: use commas, semicolons or tabs")
	}
	return checkShape([]int{p.out.width})
}

func (p *rowReader) isNumber(c int) bool { return c != p.label && c != p.split && c != p.group }

// find returns the index of a column by name or number.
func (p *rowReader) find(name, option string) (int, error) {
	for c, h := range p.header {
		if strings.TrimSpace(h) == name {
			return c, nil
		}
	}
	k, err := strconv.Atoi(name)
	if k < 0 {
		k += p.columns + 1
	}
	if err != nil || k < 1 || k > p.columns {
		return 0, fmt.Errorf("%s is %q: no such column, of %d: %s", option, name, p.columns, listed(p.header))
	}
	return k - 1, nil
}

// add takes a row's fields apart.
func (p *rowReader) add(record []string, line int) error {
	p.line = p.line[:0]
	for c, field := range record {
		if !p.isNumber(c) {
			continue
		}
		v, err := number(field)
		if err != nil {
			return fmt.Errorf("line %d, column %d%s: %w", line, c+1, p.named(c), err)
		}
		p.line = binary.LittleEndian.AppendUint32(p.line, math.Float32bits(v))
	}
	label := strings.TrimSpace(record[p.label])
	if label == "" {
		return fmt.Errorf("line %d, column %d%s: no label: fill it in or remove the row", line, p.label+1, p.named(p.label))
	}
	if !utf8.ValidString(label) {
		return fmt.Errorf("line %d, column %d%s: label %+q is not UTF-8: convert the table", line, p.label+1, p.named(p.label), clip(label))
	}
	p.out.labels.add(p.breaks.Replace(label))
	if p.split >= 0 {
		s := strings.TrimSpace(record[p.split])
		p.out.split = append(p.out.split, s != "0" && s != "" && s != "train" && s != "false")
	}
	if p.group >= 0 {
		p.out.groups = append(p.out.groups, strings.TrimSpace(record[p.group]))
	}
	p.out.n++
	_, err := p.x.Write(p.line)
	return err
}

func (p *rowReader) named(c int) string {
	if p.header == nil {
		return ""
	}
	return fmt.Sprintf(" (%s)", strings.TrimSpace(p.header[c]))
}

// decimalComma reports whether text would be a number with a point for its comma.
func decimalComma(text string) bool {
	_, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 32)
	return err == nil
}

// number reads a field that must be a finite number of float32's range.
func number(field string) (float32, error) {
	text := strings.TrimSpace(field)
	v, err := strconv.ParseFloat(text, 32)
	switch {
	case text == "":
		return 0, errors.New("empty: fill it in or remove the row")
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%q is too large: divide the column by a power of ten", clip(text))
	case err != nil && decimalComma(text):
		return 0, fmt.Errorf("%q has a decimal comma: write a point", clip(text))
	case err != nil:
		return 0, fmt.Errorf("%q is no number: give its classes numbers, or remove the column", clip(text))
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, fmt.Errorf("%q is not finite: fill it in or remove the row", clip(text))
	}
	return float32(v), nil
}

// clip shortens what an error quotes from an untrusted file.
func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}
