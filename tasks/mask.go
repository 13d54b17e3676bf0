package tasks

import "image"

// span is where the centre of a pixel of the picture lies among the scores,
// along one axis: between first and first+1, at frac of the way.
type span struct {
	first, next int
	frac        float32
	outside     bool
}

// Mask returns the class of each pixel of a picture that was fitted into an
// input of the given size. Scores are interpolated bilinearly; classes that the
// model gives as numbers go to the nearest pixels.
func (m *Scores) Mask(picture image.Rectangle, f Fit, in Size) *Mask {
	out := &Mask{Rect: picture, Classes: m.Classes}
	columns := spans(picture.Min.X, picture.Max.X, f.Source.Min.X, f.Source.Max.X, f.Target.Min.X, f.Target.Dx(), in.W, m.W)
	rows := spans(picture.Min.Y, picture.Max.Y, f.Source.Min.Y, f.Source.Max.Y, f.Target.Min.Y, f.Target.Dy(), in.H, m.H)
	out.Class = make([]uint16, 0, len(columns)*len(rows))
	own := make([]uint16, m.W*m.H)
	for i := range own {
		own[i] = m.class(i%m.W, i/m.W)
	}
	for _, r := range rows {
		for _, c := range columns {
			out.Class = append(out.Class, m.between(own, c, r))
		}
	}
	return out
}

// spans maps pixels lo to hi of the picture, of which from to to became
// targetLen pixels at target of an input of inLen pixels, to n scores.
func spans(lo, hi, from, to, target, targetLen, inLen, n int) []span {
	out := make([]span, hi-lo)
	for i := range out {
		x := lo + i
		if x < from || x >= to {
			out[i].outside = true
			continue
		}
		// ((x+½-from)·targetLen/(to-from) + target)·n/inLen - ½ in units of 1/unit
		unit := 2 * int64(to-from) * int64(inLen)
		at := (2*int64(x-from)+1)*int64(targetLen) + 2*int64(target)*int64(to-from)
		at = max(0, at*int64(n)-unit/2)
		first := int(at / unit)
		if first >= n-1 {
			out[i] = span{first: n - 1, next: n - 1}
			continue
		}
		out[i] = span{first: first, next: first + 1, frac: float32(at%unit) / float32(unit)}
	}
	return out
}

// between returns the class at a place between four scores. Where all four
// agree nothing needs to be interpolated: a score that is the highest at all
// corners is so between them.
func (m *Scores) between(own []uint16, c, r span) uint16 {
	if c.outside || r.outside {
		return Outside
	}
	upper, lower := own[r.first*m.W:], own[r.next*m.W:]
	a := upper[c.first]
	if a == upper[c.next] && a == lower[c.first] && a == lower[c.next] {
		return a
	}
	if m.indices {
		x, y := c.first, r.first
		if c.frac >= 0.5 {
			x = c.next
		}
		if r.frac >= 0.5 {
			y = r.next
		}
		return own[y*m.W+x]
	}
	if m.c == 1 {
		return truth(m.score(c, r, 0) >= m.threshold)
	}
	return best16(m.c, func(k int) float32 { return m.score(c, r, k) })
}

// score interpolates.
func (m *Scores) score(c, r span, k int) float32 {
	at := func(x, y int) float32 { return m.t.Data[(y*m.W+x)*m.pixel+k*m.channel] }
	mix := func(a, b, f float32) float32 { return float32(a*(1-f)) + float32(b*f) }
	return mix(mix(at(c.first, r.first), at(c.next, r.first), c.frac), mix(at(c.first, r.next), at(c.next, r.next), c.frac), r.frac)
}
