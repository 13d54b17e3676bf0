package data

import (
	"fmt"
	"strconv"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// The columns of the array "recordings".
const (
	imuUser = iota
	imuExecution
	imuDevice
	imuOrientation
	imuOffset
	imuLength
	imuColumns
)

// imuAxes is accelerometer x y z, gyroscope x y z.
const imuAxes = 6

// imuScale turns stored numbers into units: accelerations, stored as m/s² · 500,
// into 9.8 m/s²; rates of turn, stored as rad/s · 1000, into 2 rad/s.
var imuScale = [imuAxes]float32{4900, 4900, 4900, 2000, 2000, 2000}

// imu is windows of recordings of motion.
type imu struct {
	path    string
	signal  []int16 // [samples 6]
	window  int
	classes []string
	at      []imuWindow
}

type imuWindow struct {
	start int // in samples
	class int32
	user  int32
}

// imuClasses are the activities of the recordings.
var imuClasses = []string{"SEATED", "STANDING_UP", "WALKING", "TURNING", "SITTING_DOWN"}

// IMU cuts recordings of accelerometer and gyroscope into windows of the shape
// [window 6], stride samples apart, in units of 9.8 m/s² and 2 rad/s. device is
// "phone", "watch", or "" for both. The file is a .npz with signal (int16), label
// (uint8, for each sample) and recordings (user, execution, device, orientation,
// offset, length). A window's class is that of at least 7/10 of its samples; others
// are left out. The group is the user.
func IMU(path, device string, window, stride int) (Set, error) {
	want, ok := map[string]int64{"": -1, "phone": 0, "watch": 1}[device]
	if !ok {
		return nil, fmt.Errorf("device %q: give phone, watch or nothing for both", device)
	}
	if window < 1 || window > 1<<20 || stride < 1 {
		return nil, fmt.Errorf("windows of %d samples, %d apart: give numbers from 1", window, stride)
	}
	s, labels, recordings, err := readIMU(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	s.window = window
	for r := 0; r < len(recordings); r += imuColumns {
		row := recordings[r : r+imuColumns]
		offset, length := row[imuOffset], row[imuLength]
		if offset < 0 || length < 0 || offset > int64(len(labels)) || length > int64(len(labels))-offset {
			return nil, fmt.Errorf("%s: recording %d: samples %d to %d are not within the signal's %d: get the file again", path, r/imuColumns, offset, offset+length, len(labels))
		}
		if want < 0 || row[imuDevice] == want {
			s.cut(labels, int(offset), int(length), stride, int32(row[imuUser]))
		}
	}
	if len(s.at) == 0 {
		return nil, fmt.Errorf("%s: no window of %d samples with one activity: give a smaller one", path, window)
	}
	return s, nil
}

// cut adds the windows of one recording.
func (s *imu) cut(labels []uint8, offset, length, stride int, user int32) {
	for start := offset; start+s.window <= offset+length; start += stride {
		var votes [256]int
		for _, c := range labels[start : start+s.window] {
			votes[c]++
		}
		for c := range s.classes {
			if votes[c]*10 >= s.window*7 {
				s.at = append(s.at, imuWindow{start, int32(c), user})
			}
		}
	}
}

func readIMU(path string) (*imu, []uint8, []int64, error) {
	const limit = 1 << 28
	z, err := npy.OpenNPZ(path, limit)
	if err != nil {
		return nil, nil, nil, err
	}
	defer z.Close()
	var a [3]*npy.Array
	for i, name := range []string{"signal", "label", "recordings"} {
		if a[i], err = z.Read(name); err != nil {
			return nil, nil, nil, err
		}
	}
	signal, label, recordings := a[0], a[1], a[2]
	if len(signal.Shape) != 2 || signal.Shape[1] != imuAxes || len(label.Shape) != 1 || label.Shape[0] != signal.Shape[0] ||
		len(recordings.Shape) != 2 || recordings.Shape[1] != imuColumns {
		return nil, nil, nil, fmt.Errorf("signal %v, label %v, recordings %v: [n %d], [n] and [r %d] belong there", signal.Shape, label.Shape, recordings.Shape, imuAxes, imuColumns)
	}
	s := &imu{path: path, classes: imuClasses}
	if s.signal, err = signal.Int16s(); err != nil {
		return nil, nil, nil, err
	}
	labels, err := label.Uint8s()
	if err != nil {
		return nil, nil, nil, err
	}
	for i, c := range labels {
		if int(c) >= len(s.classes) {
			return nil, nil, nil, fmt.Errorf("label %d is %d: 0 to %d are known", i, c, len(s.classes)-1)
		}
	}
	rows, err := recordings.Int64Values()
	return s, labels, rows, err
}

func (s *imu) Len() int           { return len(s.at) }
func (s *imu) Shape() []int       { return []int{s.window, imuAxes} }
func (s *imu) Classes() []string  { return s.classes }
func (s *imu) TargetShape() []int { return nil }

func (s *imu) Group(i int) string { return strconv.Itoa(int(s.at[i].user)) }

func (s *imu) Name(i int) string {
	if i < 0 || i >= len(s.at) {
		return fmt.Sprintf("%s: window %d", s.path, i)
	}
	return fmt.Sprintf("%s: samples from %d", s.path, s.at[i].start)
}

func (s *imu) readTarget(i int, y []float32) error {
	y[0] = float32(s.at[i].class)
	return nil
}

func (s *imu) Read(i int, x, y []float32) error {
	if i < 0 || i >= len(s.at) || len(x) != s.window*imuAxes || len(y) != 1 {
		return checkRead(s, i, x, y)
	}
	part := s.signal[s.at[i].start*imuAxes:][:len(x)]
	for k := range x {
		x[k] = float32(part[k]) / imuScale[k%imuAxes]
	}
	return s.readTarget(i, y)
}
