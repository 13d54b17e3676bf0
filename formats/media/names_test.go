package media

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNames holds that names go through both forms as they are.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		names  []string
		python string
		text   string
	}{
		{[]string{"cat", "big dog"}, `{0: 'cat', 1: 'big dog'}`, "cat\nbig dog\n"},
		{[]string{"0", "1", "2"}, `{0: '0', 1: '1', 2: '2'}`, "0\n1\n2\n"},
		{[]string{"it's", `a"b`, `c\d`}, `{0: "it's", 1: "a\"b", 2: "c\\d"}`, "it's\na\"b\nc\\d\n"},
		{[]string{"03 rose", "07 daisy"}, `{0: '03 rose', 1: '07 daisy'}`, "0 03 rose\n1 07 daisy\n"},
		{[]string{"größe", "猫"}, `{0: 'größe', 1: '猫'}`, "größe\n猫\n"},
		{[]string{"", "b"}, `{0: '', 1: 'b'}`, "\nb\n"},
	} {
		assert.Equal(t, c.python, FormatNames(c.names))
		got, err := ParseNames(c.python)
		require.NoError(t, err)
		assert.Equal(t, c.names, got)
		assert.Equal(t, c.text, string(FormatLabels(c.names)))
		got, err = ReadLabels(bytes.NewReader(FormatLabels(c.names)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, c.names, got)
	}
	assert.Equal(t, "two lines\n", string(FormatLabels([]string{"two\n lines"})))
	got, err := ParseNames(FormatNames([]string{"two\nlines\x00"}))
	require.NoError(t, err)
	assert.Equal(t, []string{"two\nlines\x00"}, got)
}

// TestParseNames reads what others write.
func TestParseNames(t *testing.T) {
	for text, want := range map[string][]string{
		`{0: 'person', 2: "cat's"}`:       {"person", "", "cat's"},
		`{"0": "person", "1": "bicycle"}`: {"person", "bicycle"},
		` ['a', "b",]`:                    {"a", "b"},
		`{0: 'it\'s', 1: 'é\x41'}`:        {"it's", "éA"},
		`{}`:                              nil,
	} {
		got, err := ParseNames(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		``:                        `names: {0: 'cat', 1: 'dog'} belongs here`,
		`person`:                  `names: {0: 'cat', 1: 'dog'} belongs here`,
		`{0: 'a'`:                 `names: ',' belongs before ""`,
		`{0: 'a}`:                 `names: a name that ends belongs before "'a}"`,
		`{0 'a'}`:                 `names: ':' belongs before "'a'}"`,
		`{-1: 'a'}`:               `names: a class's number belongs before "-1: 'a'}"`,
		`{9999999: 'a'}`:          `names: a class's number belongs before "9999999: 'a'}"`,
		`{0: a}`:                  `names: a name in quotes belongs before "a}"`,
		`{0: 'a'} b`:              `names: nothing more belongs before "b"`,
		`['a' 'b']`:               `names: ',' belongs before "'b']"`,
		`{"0: 'a'}`:               `names: a name that ends belongs before "\"0: 'a'}"`,
		"{0: 'a\\q'}":             `names: a name that ends belongs before "'a\\q'}"`,
		`{99999999999999999: ''}`: `names: a class's number belongs before "99999999999999999: '"`,
	} {
		_, err := ParseNames(text)
		assert.EqualError(t, err, want, text)
	}
}

func FuzzParseNames(f *testing.F) {
	f.Add(`{0: 'a', "1": "b\n"}`)
	f.Fuzz(func(t *testing.T, text string) {
		names, err := ParseNames(text)
		if err != nil {
			return
		}
		again, err := ParseNames(FormatNames(names))
		require.NoError(t, err)
		require.Equal(t, names, again)
	})
}
