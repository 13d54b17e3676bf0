package feed

import (
	"os"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// ArrayShape returns the shape of the array in a .npy file, or of the one of
// that name in a .npz; nil if the argument is neither. It serves inputs whose
// shape the model leaves open.
func ArrayShape(arg, name string) ([]int, error) {
	if arg == "-" {
		return nil, nil
	}
	f, err := os.Open(arg)
	if err != nil {
		return nil, nil // reading it later says why
	}
	defer f.Close()
	start := make([]byte, 6)
	if _, err := f.Read(start); err != nil {
		return nil, nil
	}
	switch kindOf(arg, start) {
	case NPY:
		a, err := npy.ReadFile(arg, defaultLimit)
		if err != nil {
			return nil, err
		}
		return a.Shape, nil
	case NPZ:
		z, err := npy.OpenNPZ(arg, defaultLimit)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		if a, err := z.Read(name); err == nil {
			return a.Shape, nil
		}
	}
	return nil, nil
}
