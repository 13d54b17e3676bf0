package tflite

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits on associated files: labels and vocabularies, so far below a megabyte in
// practice. They keep an archive that unpacks to more than it is from doing so.
const (
	maxAssociated      = 1024     // files
	maxAssociatedBytes = 64 << 20 // of all files, unpacked
)

// AssociatedFiles returns the files of the zip archive that can follow a model's
// flatbuffer, such as labels, by name; nil if there is none. It unpacks them anew
// at each call.
func (f *File) AssociatedFiles() (map[string][]byte, error) {
	const where = "associated files"
	r, err := zip.NewReader(bytes.NewReader(f.raw), int64(len(f.raw)))
	if errors.Is(err, zip.ErrFormat) && !bytes.Contains(tail(f.raw), []byte("PK\x05\x06")) {
		return nil, nil
	} else if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, wrong(where, "%v", err)
	}
	if len(r.File) > maxAssociated {
		return nil, &UnsupportedError{Format: formatName, Where: where, What: fmt.Sprintf("%d files; at most %d are read", len(r.File), maxAssociated)}
	}
	out, left := map[string][]byte{}, int64(maxAssociatedBytes)
	for _, zf := range r.File {
		if strings.HasSuffix(zf.Name, "/") {
			continue
		}
		data, err := unpack(zf, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(data))
		out[zf.Name] = data
	}
	return out, nil
}

// tail returns the part of a file in which a zip archive's end record must lie.
func tail(data []byte) []byte {
	const most = 1<<16 + 22 // the longest comment and the record
	return data[max(0, len(data)-most):]
}

// unpack reads one file of at most left bytes, whatever size it claims.
func unpack(zf *zip.File, left int64) ([]byte, error) {
	where := fmt.Sprintf("associated file %q", zf.Name)
	r, err := zf.Open()
	if err != nil {
		return nil, wrong(where, "%v", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, left+1))
	if err != nil {
		return nil, wrong(where, "%v", err)
	}
	if int64(len(data)) > left {
		return nil, &UnsupportedError{Format: formatName, Where: where, What: fmt.Sprintf("the files unpack to more than %d bytes", maxAssociatedBytes)}
	}
	return data, nil
}
