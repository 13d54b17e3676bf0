package report

// calibrationBins is how many shares [0, 1] is cut into.
const calibrationBins = 15

// Calibration gathers how often predictions of each probability are right. The
// zero value is empty.
type Calibration struct {
	bins [calibrationBins]calibrationBin
}

type calibrationBin struct {
	count, right int
	sum          float64 // of probabilities
}

// Add counts a prediction: the probability that the model gave it, and whether
// it was right. What is not within [0, 1] is not counted.
func (c *Calibration) Add(probability float64, right bool) {
	if !(probability >= 0 && probability <= 1) {
		return
	}
	b := &c.bins[min(int(probability*calibrationBins), calibrationBins-1)]
	b.count++
	b.sum += probability
	if right {
		b.right++
	}
}

// Samples returns how many predictions were counted.
func (c *Calibration) Samples() (n int) {
	for _, b := range c.bins {
		n += b.count
	}
	return n
}

// Error returns the expected calibration error: the mean, over predictions, of
// the distance between the probability and the share that is right, in 15 bins
// (Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using
// Bayesian Binning", AAAI 2015). It is 0 if there is none.
func (c *Calibration) Error() float64 {
	sum := 0.0
	for _, b := range c.bins {
		sum += max(b.sum-float64(b.right), float64(b.right)-b.sum)
	}
	return sum / float64(max(c.Samples(), 1))
}
