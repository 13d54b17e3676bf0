// Package overlay draws what tasks found into pictures: boxes with labels and
// landmarks, masks with a legend. What is drawn stays readable on light and
// dark ground; sizes follow the picture's.
package overlay
