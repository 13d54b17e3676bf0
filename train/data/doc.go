// Package data reads labelled data for training: arrays (.npz, .npy), IDX
// (MNIST's form), tables (.csv), folders and zips of pictures or sound, text, and
// recordings of motion sensors.
//
// A *sample* is what a network takes at once, and its *target* what it should
// answer: a class, a number, or several of either. A [Set] has samples by number.
// Sets are cut, joined and changed by making other sets of them ([Subset], [Map]),
// which copies nothing. A *group* is what samples were taken from, such as a
// person: a fair test leaves whole groups out ([SplitBy]).
//
// The files are untrusted: a size is believed only as far as there are bytes for
// it. What is larger than Options.Memory stays on disk, or, if it is compressed,
// goes to a temporary file without a name. All arithmetic gives the same bits on
// every processor.
package data
