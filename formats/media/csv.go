package media

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Table is a matrix of numbers: row r, column c is Data[r·Cols+c]. Header is nil
// where the file has none.
type Table struct {
	Header []string
	Rows   int
	Cols   int
	Data   []float64
}

const maxColumns = 1 << 16

// ReadCSV reads numbers that commas, semicolons or tabs separate, gzipped or
// not. The first row is a header unless all of it is numbers.
func ReadCSV(r io.Reader, limits Limits) (*Table, error) {
	data, err := limits.readAll(r)
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("csv: %w", err)
		}
		if data, err = limits.readAll(unzipped); err != nil {
			return nil, fmt.Errorf("csv: gunzip: %w", err)
		}
	}
	t, err := parseCSV(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	return t, nil
}

func parseCSV(data []byte) (*Table, error) {
	reader := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	reader.Comma = separator(data)
	reader.ReuseRecord = true
	t := &Table{}
	for {
		record, err := reader.Read()
		if err == io.EOF {
			break
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := reader.FieldPos(0)
			return nil, fmt.Errorf("line %d: %d columns where the first row has %d", line, len(record), t.Cols)
		}
		if err != nil {
			return nil, err
		}
		if t.Cols == 0 {
			if t.Cols = len(record); t.Cols > maxColumns {
				return nil, fmt.Errorf("%d columns are more than %d", t.Cols, maxColumns)
			}
			if !allNumbers(record) {
				t.Header = append([]string{}, record...)
				continue
			}
		}
		if err := t.add(record, reader); err != nil {
			return nil, err
		}
	}
	if t.Rows == 0 {
		return nil, errors.New("no row of numbers")
	}
	return t, nil
}

func (t *Table) add(record []string, reader *csv.Reader) error {
	for c, field := range record {
		v, err := number(field)
		if err != nil {
			line, _ := reader.FieldPos(c)
			name := ""
			if t.Header != nil {
				name = fmt.Sprintf(" (%s)", strings.TrimSpace(t.Header[c]))
			}
			return fmt.Errorf("line %d, column %d%s: %w", line, c+1, name, err)
		}
		t.Data = append(t.Data, v)
	}
	t.Rows++
	return nil
}

func number(field string) (float64, error) {
	text := strings.TrimSpace(field)
	v, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is too large", clip(text))
	}
	if err != nil {
		return 0, fmt.Errorf("%q is no number", clip(text))
	}
	return v, nil
}

func allNumbers(record []string) bool {
	for _, field := range record {
		if _, err := number(field); err != nil {
			return false
		}
	}
	return true
}

// separator looks at the first line: the first of comma, tab and semicolon that
// occurs in it.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	for _, c := range ",\t;" {
		if bytes.ContainsRune(line, c) {
			return c
		}
	}
	return ','
}

// clip shortens what an error quotes from an untrusted file.
func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}
