//go:build !unix

package edgeinfer

func mapFile(path string) ([]byte, func() error, error) { return readFile(path) }
