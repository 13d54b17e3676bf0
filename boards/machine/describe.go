package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Description is what a machine is.
type Description struct {
	Board         string   `json:"board"` // "Raspberry Pi 4 Model B Rev 1.4"
	CPU           string   `json:"cpu"`
	System        string   `json:"system"` // "linux/arm64, kernel 6.1.0"
	Processors    int      `json:"processors"`
	MaxProcs      int      `json:"gomaxprocs"`
	CgroupCPUs    float64  `json:"cgroup_cpus"` // 0: no limit
	CgroupMemory  int64    `json:"cgroup_memory_bytes"`
	Memory        int64    `json:"memory_bytes"`
	Available     int64    `json:"memory_available_bytes"`
	Governor      string   `json:"governor"`
	MHz           int64    `json:"mhz"`
	MaxMHz        int64    `json:"max_mhz"`
	Celsius       float64  `json:"celsius"`
	Load          float64  `json:"load"`
	ThrottledNow  []string `json:"throttled_now"`
	ThrottledPast []string `json:"throttled_since_boot"`
	ThrottleCount int64    `json:"throttle_count"`
	Buses         []Bus    `json:"buses"`
}

// Bus is a device for sensors.
type Bus struct {
	Path     string `json:"path"`
	Writable bool   `json:"writable"` // by this user
}

// Describe looks at the machine.
func Describe() Description {
	h := Look()
	d := Description{
		Board: board(), CPU: cpuName(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Processors: runtime.NumCPU(), MaxProcs: runtime.GOMAXPROCS(0),
		Governor: read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
		MHz:      h.MHz, MaxMHz: h.MaxMHz, Celsius: h.Celsius, Load: h.Load,
		ThrottledNow: orEmpty(h.Throttled.Now()), ThrottledPast: orEmpty(h.Throttled.Past()), ThrottleCount: h.ThrottleCount,
		Buses: buses(),
	}
	if k := read("proc/sys/kernel/osrelease"); k != "" {
		d.System += ", kernel " + k
	}
	d.CgroupCPUs, d.CgroupMemory = CgroupLimits()
	d.Memory, d.Available = Memory()
	return d
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// board returns the name of the board or PC.
func board() string {
	for _, f := range []string{"proc/device-tree/model", "sys/class/dmi/id/product_name"} {
		if name := read(f); name != "" {
			return name
		}
	}
	return ""
}

// cpuName returns the processor's name for people. Under emulation it is the
// host's, so nothing is decided by it.
func cpuName() string {
	info := read("proc/cpuinfo")
	for _, key := range []string{"model name", "Model", "Hardware", "uarch", "isa"} {
		if name := field(info, key); name != "" {
			return name
		}
	}
	return ""
}

// buses finds I2C, SPI, GPIO, cameras and sound cards.
func buses() []Bus {
	found := []Bus{}
	for _, pattern := range []string{"dev/i2c-*", "dev/spidev*", "dev/gpiochip*", "dev/video*", "dev/snd/pcm*c", "dev/ttyUSB*", "dev/ttyACM*"} {
		for _, path := range glob(pattern) {
			found = append(found, Bus{path, writable(path)})
		}
	}
	return found
}

// writable opens a device, which changes nothing, and closes it.
func writable(path string) bool {
	f, err := os.OpenFile(filepath.Join(root, path), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// Advice says what is wrong with the machine, and what to do about it.
func (d *Description) Advice() (advice []string) {
	add := func(bad bool, text string) {
		if bad {
			advice = append(advice, text)
		}
	}
	add(len(d.ThrottledNow) > 0, "the firmware reports "+strings.Join(d.ThrottledNow, ", ")+": use a stronger power supply, or cool the board")
	add(len(d.ThrottledNow) == 0 && len(d.ThrottledPast) > 0, "since it was switched on the firmware has reported "+strings.Join(d.ThrottledPast, ", ")+": figures may have suffered")
	add(d.Governor == "powersave" || d.Governor == "ondemand" || d.Governor == "conservative", "the governor is "+d.Governor+": for steady figures, write performance to /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")
	add(d.Celsius >= 80, "the processor is hot: give it a heat sink or a fan")
	add(d.CgroupCPUs > 0 && d.CgroupCPUs < float64(d.Processors), "the control group allows fewer CPUs than there are: use no more --threads than that")
	add(d.Load > float64(d.Processors)/2, "other programs keep the machine busy: figures will suffer")
	for _, b := range d.Buses {
		if !b.Writable {
			add(true, "no permission for "+b.Path+": add your user to the device's group (i2c, spi, gpio, video, audio, dialout)")
			break
		}
	}
	return advice
}
