package report

import "fmt"

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

// calibration draws how often predictions of each probability are right.
func (p *page) calibration(c *Calibration) {
	if c == nil || c.Samples() == 0 {
		return
	}
	total, right, probability := c.Samples(), 0, 0.0
	for _, b := range c.bins {
		right, probability = right+b.right, probability+b.sum
	}
	mean, share := probability/float64(total), ratio(right, total)
	verdict := "about as sure as it is right"
	switch {
	case mean > share+0.01:
		verdict = "surer than it is right"
	case mean < share-0.01:
		verdict = "less sure than it is right"
	}
	p.section("Calibration", fmt.Sprintf("Expected calibration error %s: the model is %s, with a mean probability of %s where %s are right.",
		percent(c.Error()), verdict, percent(mean), percent(share)))
	p.WriteString("<div class=\"plots\">\n")
	p.reliability(c)
	p.histogram(c)
	p.WriteString("</div></section>\n")
}

// reliability draws the share that is right over the probability. The diagonal is
// a calibrated model.
func (p *page) reliability(c *Calibration) {
	x, y := newAxis(0, 1, plotLeft, plotRight, false), newAxis(0, 1, plotBottom, plotTop, false)
	p.f("<figure><figcaption><b>share that is right</b> <small>the dotted line is a calibrated model</small></figcaption><svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"reliability diagram\"><title>Reliability: the share of predictions that are right, by probability</title>\n", plotWidth, plotHeight)
	p.frame(x, y, "probability of the prediction")
	for i, b := range c.bins {
		if b.count > 0 {
			v := ratio(b.right, b.count)
			p.column(x, y, i, v, fmt.Sprintf("%s of %s are right, at a mean probability of %s", percent(v), plural(b.count, "prediction"), percent(b.sum/float64(b.count))))
		}
	}
	p.f("<path class=\"best\" d=\"M%g %gL%g %g\"/></svg></figure>\n", plotLeft, plotBottom, plotRight, plotTop)
}

// histogram draws how many predictions have each probability.
func (p *page) histogram(c *Calibration) {
	most := 0
	for _, b := range c.bins {
		most = max(most, b.count)
	}
	x, y := newAxis(0, 1, plotLeft, plotRight, false), newAxis(0, float64(most), plotBottom, plotTop, false)
	p.f("<figure><figcaption><b>predictions</b></figcaption><svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"histogram of probabilities\"><title>How many predictions have each probability</title>\n", plotWidth, plotHeight)
	p.frame(x, y, "probability of the prediction")
	for i, b := range c.bins {
		if b.count > 0 {
			p.column(x, y, i, float64(b.count), plural(b.count, "prediction"))
		}
	}
	p.WriteString("</svg></figure>\n")
}

// column draws a bin.
func (p *page) column(x, y *axis, bin int, v float64, title string) {
	lo, hi := x.at(float64(bin)/calibrationBins), x.at(float64(bin+1)/calibrationBins)
	p.f("<rect class=\"fill\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s</title></rect>\n", lo+1.5, y.at(v), hi-lo-3, plotBottom-y.at(v), title)
}
