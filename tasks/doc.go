// Package tasks turns the outputs of vision models into answers: classes,
// boxes, masks, and how alike embeddings are.
//
// A *head* is the form in which a detector's outputs hold boxes: [SSD],
// [Corners] (UltraFace), [YuNet], [YOLO], [YOLOAnchors], [YOLOX], [Selected].
// A head decodes; [Suppression] then drops the boxes that overlap better ones.
// A *declaration* ([Spec], read by [Parse]) says in a few lines of YAML which
// task a model does, which head it has, and how pictures become its input;
// [Recognise] knows some heads by their outputs, without one.
//
// Everything works on real numbers ([Tensor]), whatever the model computes in,
// and is deterministic to the bit: ties go to the first, exp is package quant's.
// Boxes are in pixels of the model's input until a [Fit] brings them back to
// the picture.
package tasks
