//go:build !unix

package edgeinfer

import "os"

func mapFile(path string) (data []byte, unmap func() error, err error) {
	data, err = os.ReadFile(path)
	return data, nil, err
}

func forgetPages(mapped, part []byte) {}
