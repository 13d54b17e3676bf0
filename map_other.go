//go:build !unix

package edgeinfer

func mapFile(path string) (data []byte, unmap func() error, forget func(part []byte), err error) {
	return readFile(path)
}
