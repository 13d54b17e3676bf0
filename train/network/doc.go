// Package network reads descriptions of networks: YAML that says which layers a
// model has, how it is trained, and on what kind of data. docs/training.md lists
// all keys.
//
// A mistake is an [*Error], which names the file, the line, the column, and what
// was probably meant.
package network
