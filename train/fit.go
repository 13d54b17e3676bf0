package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/edgeinfer/edgeinfer/train/data"
)

// Fit trains the model on samples x with targets y, and returns how it went. The
// seed of the model and the options fix every bit of the weights, whatever the
// kernels and the number of threads. After an error the model has the weights of
// the last step.
func (m *Model) Fit(x, y *data.Array, opts ...FitOption) (*History, error) {
	set, err := data.Pair(x, y)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return m.FitSet(set, opts...)
}

// FitSet is Fit on a set.
func (m *Model) FitSet(set data.Set, opts ...FitOption) (*History, error) {
	if m.err != nil {
		return nil, m.err
	}
	if !m.plan.ready {
		return nil, errors.New("train: Compile the model before Fit")
	}
	o, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	f, err := newFit(m, set, o)
	if err != nil {
		return nil, err
	}
	defer f.close()
	return f.run()
}

// fit is one run of Fit.
type fit struct {
	*runner
	o          *settings
	train, val data.Set
	part       int // samples of a part of a batch
	hyper      []float32
	order      []int
	meters     []meter
	state
	history *History
	best    *snapshot
	since   time.Time // of the epoch, less what came before a checkpoint
	store   *store
	before  int // epochs of earlier calls
	// The methods seen and change, if samples are augmented: made once, so that a
	// step allocates nothing.
	seeing   func(*Rows)
	changing func(i int, x []float32)
}

// state is where training is: what a checkpoint holds beside numbers.
type state struct {
	Epoch, Batch, Step int // done
	LossSum, Weight    float64
	Samples            int
	Bad                int // epochs since the best
}

func newFit(m *Model, set data.Set, o *settings) (*fit, error) {
	f := &fit{o: o, train: set, val: o.validation, history: &History{}, before: m.plan.epochs}
	f.Step = m.plan.steps
	if f.val == nil && o.validationSplit > 0 {
		n := set.Len() - int(float64(set.Len())*o.validationSplit)
		f.train, f.val = data.Subset(set, indices(0, n)), data.Subset(set, indices(n, set.Len()))
	}
	t, err := m.fits(f.train)
	if err != nil {
		return nil, err
	}
	if f.val != nil {
		if _, err := m.fits(f.val); err != nil {
			return nil, fmt.Errorf("%w (validation)", err)
		}
	}
	if w := o.sampleWeights; w != nil && len(w) != set.Len() {
		return nil, fmt.Errorf("train: %d sample weights for %d samples", len(w), set.Len())
	}
	if err := m.budget(t, f.train.Len(), o); err != nil {
		return nil, err
	}
	batch := min(o.batch, f.train.Len())
	f.part = (batch + o.parts - 1) / o.parts
	tasks := f.tasks(batch)
	if f.runner, err = newRunner(m, t, setup{t, o.parts > 1, o.recompute}, o, batch, tasks); err != nil {
		return nil, err
	}
	f.weigh, f.seeing = f.weighRows, f.seen
	if o.augment != nil {
		f.changing = f.change
	}
	f.hyper = make([]float32, m.plan.optimizer.hyper)
	f.order = indices(0, f.train.Len())
	if n := m.classes(); len(o.classWeights) > 0 && len(o.classWeights) != n {
		return nil, fmt.Errorf("train: %d class weights for %d classes", len(o.classWeights), n)
	}
	if err := f.stops(); err != nil {
		return nil, err
	}
	if o.checkpoints != "" {
		f.store, err = openStore(o.checkpoints, f)
	}
	return f, err
}

// tasks lists what must be planned for batches of the given size, the last ones
// included.
func (f *fit) tasks(batch int) []task {
	var out []task
	add := func(k task) {
		if k.n > 0 && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, n := range []int{batch, f.train.Len() % batch} {
		add(task{doTrain, min(f.part, n)})
		add(task{doTrain, n % f.part})
	}
	if f.o.parts > 1 {
		out = append(out, task{doApply, 0})
	}
	if f.val != nil {
		add(task{doMeasure, min(f.o.batch, f.val.Len())})
		add(task{doMeasure, f.val.Len() % f.o.batch})
	}
	return out
}

func indices(lo, hi int) []int {
	out := make([]int, hi-lo)
	for i := range out {
		out[i] = lo + i
	}
	return out
}

// fits says what targets of set are, or why it does not fit the model.
func (m *Model) fits(set data.Set) (targets, error) {
	in, out := m.Shape()
	if set.Len() == 0 {
		return targets{}, errors.New("train: the set has no samples")
	}
	if len(m.inputs) == 1 && !slices.Equal(set.Shape(), in) && length(set.Shape()) != length(in) || length(set.Shape()) != length(in) {
		return targets{}, fmt.Errorf("train: samples have shape %v, and the model's input %v", set.Shape(), in)
	}
	t, err := m.plan.loss.targets(out, max(length(set.TargetShape()), 1))
	if err != nil {
		return t, err
	}
	if c := len(set.Classes()); (t.sparse || m.plan.loss.name == BinaryCrossentropy.name) && c > m.classes() {
		return t, fmt.Errorf("train: the set has %d classes, and the model predicts %d: end with one output for each class", c, m.classes())
	}
	return t, nil
}

// classes returns how many classes the model tells apart: two by a single number
// that is a probability.
func (m *Model) classes() int {
	n := m.shape[len(m.shape)-1]
	if n == 1 && m.plan.loss.name == BinaryCrossentropy.name {
		return 2
	}
	return n
}

// stops says what is wrong with the metric that training is to stop by, if
// something is.
func (f *fit) stops() error {
	if f.o.stop == nil {
		return nil
	}
	there := []string{"loss"}
	for _, x := range f.m.plan.metrics {
		there = append(there, x.name)
	}
	remedy := "take one of them, or hold samples out to measure on"
	if f.val != nil {
		for _, name := range slices.Clone(there) {
			there = append(there, "val_"+name)
		}
		remedy = "take one of them, or have it measured"
	}
	if slices.Contains(there, f.o.stop.metric) {
		return nil
	}
	return fmt.Errorf("train: early stopping looks at %q, which nobody measures: there are %s: %s", f.o.stop.metric, strings.Join(there, ", "), remedy)
}

// weighRows applies weights of classes.
func (f *fit) weighRows(r *Rows) {
	if len(f.o.classWeights) == 0 {
		return
	}
	for i := range r.Weights {
		if t := r.truth(i); t >= 0 && t < len(f.o.classWeights) {
			r.Weights[i] *= float32(f.o.classWeights[t])
		}
	}
}

// run goes through the epochs.
func (f *fit) run() (*History, error) {
	if f.store != nil {
		if err := f.store.resume(); err != nil {
			return f.history, err
		}
	}
	for f.Epoch < f.o.epochs && !f.history.Stopped {
		if err := f.epoch(); err != nil {
			return f.history, err
		}
	}
	if f.best != nil {
		f.m.restore(f.best)
	}
	f.m.plan.epochs, f.m.plan.steps = f.before+f.Epoch, f.Step
	return f.history, nil
}

// shuffle puts the samples in the order of the current epoch.
func (f *fit) shuffle() {
	if !f.o.noShuffle {
		newStream(f.m.seed, streamShuffle, uint64(f.before+f.Epoch)).permutation(f.order)
	}
}

// epoch runs what is left of an epoch.
func (f *fit) epoch() error {
	f.shuffle()
	if f.Batch == 0 {
		f.startMeters()
	}
	f.since = time.Now()
	batch := min(f.o.batch, len(f.order))
	batches := (len(f.order) + batch - 1) / batch
	from := f.Samples
	for f.Batch < batches {
		lo := f.Batch * batch
		if err := f.batch(f.order[lo:min(lo+batch, len(f.order))], batches); err != nil {
			return err
		}
		if f.o.progress != nil {
			f.o.progress(f.progressed(batches, from))
		}
		if err := f.between(); err != nil {
			return err
		}
	}
	return f.endEpoch(from)
}

// startMeters begins to measure.
func (f *fit) startMeters() {
	f.meters = f.m.meters()
	f.LossSum, f.Weight, f.Samples = 0, 0, 0
}

func (m *Model) meters() []meter {
	out := make([]meter, len(m.plan.metrics))
	for i, x := range m.plan.metrics {
		out[i] = x.start(m.shape[len(m.shape)-1])
	}
	return out
}

// batch takes one step.
func (f *fit) batch(order []int, batches int) error {
	rows, err := f.read(f.train, order, f.changing)
	if err != nil {
		return err
	}
	if w := f.o.sampleWeights; w != nil {
		nw := length(f.targets.rows)
		for i := range rows.Weights {
			rows.Weights[i] *= w[order[i/nw]]
		}
	}
	o := &f.m.plan.optimizer
	o.update.Hyper(f.hyper, o.rateAt(f.Step, batches), f.Step+1)
	loss, err := f.step(rows, len(order), f.part, f.Step, f.hyper, f.seeing)
	if err != nil {
		return err
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return f.diagnose(order, loss)
	}
	w := rows.weight()
	f.LossSum += float64(loss * w)
	f.Weight += w
	f.Samples += len(order)
	f.Batch++
	f.Step++
	return nil
}

// seen measures predictions of a part of a batch.
func (f *fit) seen(r *Rows) {
	for _, m := range f.meters {
		m.add(r)
	}
}

// change augments sample i.
func (f *fit) change(i int, x []float32) {
	key := newStream(f.m.seed^uint64(f.before+f.Epoch)<<32, streamAugment, uint64(i))
	f.o.augment(x, f.train.Shape(), key.next())
}

// between is what happens between batches: checkpoints, and the end if the
// context says so.
func (f *fit) between() error {
	err := f.o.ctx.Err()
	if f.store != nil && (err != nil || f.o.every > 0 && f.Step%f.o.every == 0 || f.store.late()) {
		if e := f.store.save(); e != nil {
			return e
		}
	}
	return err
}

// measured returns the metrics so far.
func (f *fit) measured() Values {
	v := Values{{"loss", quotient(f.LossSum, f.Weight)}}
	for i, m := range f.m.plan.metrics {
		v = append(v, Value{m.name, f.meters[i].value()})
	}
	return v
}

func (f *fit) progressed(batches, from int) Progress {
	gone := time.Since(f.since).Seconds()
	rate := float64(f.Samples-from) / max(gone, 1e-9)
	return Progress{Epoch: f.Epoch + 1, Epochs: f.o.epochs, Batch: f.Batch, Batches: batches, Samples: f.Samples,
		Metrics: f.measured(), SamplesPerSec: rate, SecondsLeft: float64(len(f.order)-f.Samples) / rate}
}

// endEpoch validates, logs and keeps.
func (f *fit) endEpoch(from int) error {
	seconds := time.Since(f.since).Seconds()
	o := &f.m.plan.optimizer
	e := Epoch{Epoch: f.Epoch + 1, Rate: o.rateAt(f.Step-1, f.Batch), Metrics: f.measured(), Seconds: seconds, Samples: f.Samples - from}
	if f.val != nil {
		r, err := f.evaluate(f.val, f.o.batch, nil)
		if err != nil && f.o.ctx.Err() != nil && f.store != nil {
			return errors.Join(err, f.store.save())
		}
		if err != nil {
			return err
		}
		for _, v := range r.Metrics {
			e.Metrics = append(e.Metrics, Value{"val_" + v.Name, v.Value})
		}
	}
	f.history.Epochs = append(f.history.Epochs, e)
	f.Epoch, f.Batch = f.Epoch+1, 0
	if err := f.judge(e); err != nil {
		return err
	}
	if f.o.log != nil {
		line, err := json.Marshal(e)
		if err == nil {
			_, err = f.o.log.Write(append(line, '\n'))
		}
		if err != nil {
			return fmt.Errorf("train: log: %w", err)
		}
	}
	if f.store != nil {
		if err := f.store.save(); err != nil {
			return err
		}
	}
	return f.o.ctx.Err()
}

// judge keeps the best weights and decides whether to stop.
func (f *fit) judge(e Epoch) error {
	s := f.o.stop
	if s == nil {
		return nil
	}
	now, _ := e.Metrics.Get(s.metric)
	if f.best == nil || better(s.metric, now, f.best.value) {
		f.best = f.m.snapshot(now)
		f.history.Best, f.Bad = e.Epoch, 0
		if f.store != nil {
			return f.store.saveBest(f.best)
		}
		return nil
	}
	f.Bad++
	f.history.Stopped = f.Bad >= s.patience
	return nil
}

// snapshot is a copy of a model's numbers.
type snapshot struct {
	value float64
	data  [][]float32
}

func (m *Model) snapshot(value float64) *snapshot {
	s := &snapshot{value: value}
	for _, p := range m.params {
		s.data = append(s.data, slices.Clone(p.Data))
	}
	return s
}

func (m *Model) restore(s *snapshot) {
	for i, p := range m.params {
		copy(p.Data, s.data[i])
	}
}
