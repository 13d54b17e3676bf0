// Package media reads what people feed to a model: pictures (PNG, JPEG, GIF,
// BMP, WebP), sound (WAV), tables (CSV), raw bytes and lists of labels; and
// brings pictures to a model's size and sound to its sample rate.
//
// The files are untrusted: every reader takes Limits and takes memory only for
// what is there. All arithmetic is exact integers or explicitly rounded floats,
// so one file gives the same numbers on every processor.
//
// Pictures are *image.NRGBA with bounds that start at (0, 0): 8 bits per
// channel, red, green, blue, alpha, not premultiplied.
package media
