// Package train builds networks and trains them. Gradients and the optimiser's
// steps are nodes of a graph, planned and run as inference is: what a training
// step takes is known before it starts, and it allocates nothing.
package train
