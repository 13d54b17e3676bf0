// Package npy reads and writes NumPy's array files: .npy (one array) and .npz
// (a zip of them).
//
// An Array is always little-endian and in C order (last index fastest), however
// the file had it. The files are untrusted: a header is believed only as far as
// the bytes that follow it, and every reading function takes a limit in bytes.
//
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package npy
