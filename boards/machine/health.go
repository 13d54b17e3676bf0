package machine

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Health is how the machine is doing at one moment.
type Health struct {
	At time.Time
	// Busy is the time that all CPUs together have worked since they were
	// started, Stolen what the hypervisor kept, and Own this process's part.
	Busy, Stolen, Own time.Duration
	Load              float64 // average over a minute
	Throttled         Throttle
	ThrottleCount     int64   // events that x86 CPUs counted
	Celsius           float64 // the hottest zone
	MHz, MaxMHz       int64   // of CPU 0
}

// Throttle is what a Raspberry Pi's firmware reports, in its own bits.
type Throttle uint32

// The present state of a Pi; the same bits 16 higher say that it has been so.
const (
	UnderVoltage Throttle = 1 << iota
	FrequencyCapped
	Throttling
	SoftTemperature
)

// names of Throttle's bits, in order.
var throttleNames = []string{"under-voltage", "frequency capped", "throttled", "soft temperature limit"}

// Now lists what is wrong at this moment; Past what has been since power-on.
func (t Throttle) Now() []string  { return t.list(0) }
func (t Throttle) Past() []string { return t.list(16) }

func (t Throttle) list(shift int) (out []string) {
	for i, name := range throttleNames {
		if t>>(shift+i)&1 != 0 {
			out = append(out, name)
		}
	}
	return out
}

// ticks is the length of a tick in /proc/stat: USER_HZ is 100 on every
// architecture that Go runs on here.
const ticks = 10 * time.Millisecond

// Look reads the machine's health.
func Look() Health {
	h := Health{At: time.Now(), Own: processTime(), Celsius: hottest(), Throttled: throttled()}
	h.Busy, h.Stolen = cpuTimes(read("proc/stat"))
	if f := strings.Fields(read("proc/loadavg")); len(f) > 0 {
		h.Load, _ = strconv.ParseFloat(f[0], 64)
	}
	for _, f := range glob("sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count") {
		h.ThrottleCount += readInt(f)
	}
	h.MHz = readInt("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq") / 1000
	h.MaxMHz = readInt("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq") / 1000
	return h
}

// cpuTimes reads the first line of /proc/stat: user, nice, system, idle,
// iowait, irq, softirq, steal.
func cpuTimes(stat string) (busy, stolen time.Duration) {
	first, _, _ := strings.Cut(stat, "\n")
	f := strings.Fields(first)
	for i := 1; i < len(f) && i <= 8; i++ {
		n, _ := strconv.ParseInt(f[i], 10, 64)
		switch i {
		case 4, 5:
		case 8:
			stolen = time.Duration(n) * ticks
		default:
			busy += time.Duration(n) * ticks
		}
	}
	return busy, stolen
}

func hottest() (celsius float64) {
	for _, f := range glob("sys/class/thermal/thermal_zone*/temp") {
		celsius = max(celsius, float64(readInt(f))/1000)
	}
	return celsius
}

// throttled reads what a Pi's firmware says, as vcgencmd get_throttled does.
func throttled() Throttle {
	for _, f := range glob("sys/devices/platform/soc/soc:firmware/get_throttled") {
		n, _ := strconv.ParseUint(strings.TrimPrefix(read(f), "0x"), 16, 32)
		return Throttle(n)
	}
	return 0
}

// Taint says what may have spoilt a measurement between two looks, each with
// its number; nil if nothing is known to.
func Taint(before, after Health) (reasons []string) {
	took := after.At.Sub(before.At).Seconds()
	if took <= 0 {
		return nil
	}
	if now := after.Throttled.Now(); len(now) > 0 {
		reasons = append(reasons, "firmware: "+strings.Join(now, ", "))
	}
	if n := after.ThrottleCount - before.ThrottleCount; n > 0 {
		reasons = append(reasons, fmt.Sprintf("the CPU throttled itself %d times", n))
	}
	if after.MHz > 0 && after.MHz*10 < after.MaxMHz*8 {
		reasons = append(reasons, fmt.Sprintf("the CPU runs at %d of %d MHz", after.MHz, after.MaxMHz))
	}
	if stolen := (after.Stolen - before.Stolen).Seconds() / took; stolen > 0.02 {
		reasons = append(reasons, fmt.Sprintf("the hypervisor kept %.2f CPUs' time", stolen))
	}
	others := (after.Busy - before.Busy - (after.Own - before.Own)).Seconds() / took
	if before.Busy > 0 && others > 0.15 {
		reasons = append(reasons, fmt.Sprintf("other processes used %.2f of %d CPUs", others, runtime.NumCPU()))
	}
	return reasons
}
