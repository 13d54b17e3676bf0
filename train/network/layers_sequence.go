package network

// sequenceKinds are layers for sequences.
var sequenceKinds = map[string]kind{}
