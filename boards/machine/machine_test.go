package machine

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pretend makes a folder of files be the machine for one test.
func pretend(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
	old := root
	root = dir
	t.Cleanup(func() { root = old })
}

func TestDescribeRaspberryPi(t *testing.T) {
	pretend(t, map[string]string{
		"proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\x00",
		"proc/cpuinfo":           "processor\t: 0\nBogoMIPS\t: 108.00\nModel\t\t: Raspberry Pi 4 Model B\n",
		"proc/meminfo":           "MemTotal:        3884384 kB\nMemAvailable:    3000000 kB\n",
		"proc/loadavg":           "0.52 0.58 0.59 1/467 12345\n",
		"sys/devices/platform/soc/soc:firmware/get_throttled":  "50005\n",
		"sys/class/thermal/thermal_zone0/temp":                 "82500\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "ondemand\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": "600000\n",
		"sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "1500000\n",
		"sys/fs/cgroup/cpu.max":                                "150000 100000\n",
		"sys/fs/cgroup/memory.max":                             "max\n",
		"dev/i2c-1":                                            "",
	})
	d := Describe()
	assert.Equal(t, "Raspberry Pi 4 Model B Rev 1.4", d.Board)
	assert.Equal(t, "Raspberry Pi 4 Model B", d.CPU)
	assert.EqualValues(t, 3884384<<10, d.Memory)
	assert.EqualValues(t, 3000000<<10, d.Available)
	assert.Equal(t, 1.5, d.CgroupCPUs)
	assert.Zero(t, d.CgroupMemory)
	assert.Equal(t, 82.5, d.Celsius)
	assert.EqualValues(t, 600, d.MHz)
	assert.EqualValues(t, 1500, d.MaxMHz)
	assert.Equal(t, []string{"under-voltage", "throttled"}, d.ThrottledNow)
	assert.Equal(t, []string{"under-voltage", "throttled"}, d.ThrottledPast)
	assert.Equal(t, []Bus{{Path: "/dev/i2c-1", Writable: true}}, d.Buses)
	advice := d.Advice()
	require.Len(t, advice, 3+btoi(d.Processors >= 2), "%v", advice)
	assert.Contains(t, advice[0], "stronger power supply")
	assert.Contains(t, advice[1], "governor is ondemand")
	assert.Contains(t, advice[2], "hot")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestNothingToSee(t *testing.T) {
	pretend(t, nil)
	d := Describe()
	assert.Empty(t, d.Board)
	assert.Zero(t, d.Memory)
	assert.Empty(t, d.Buses)
	assert.Empty(t, d.Advice())
	now, peak := Resident()
	assert.Zero(t, now+peak)
}

func TestTaint(t *testing.T) {
	at := time.Unix(1000, 0)
	quiet := Health{At: at, Busy: time.Hour, Own: time.Minute}
	after := Health{At: at.Add(time.Second), Busy: time.Hour + time.Second, Own: time.Minute + time.Second}
	assert.Empty(t, Taint(quiet, after), "a second's work, all our own")

	busy := after
	busy.Busy += 800 * time.Millisecond
	assert.Contains(t, Taint(quiet, busy)[0], "other processes used 0.80 of")
	stolen := after
	stolen.Stolen = 300 * time.Millisecond
	assert.Contains(t, Taint(quiet, stolen)[0], "hypervisor kept 0.30")
	slow := after
	slow.MHz, slow.MaxMHz = 600, 1500
	assert.Contains(t, Taint(quiet, slow)[0], "600 of 1500 MHz")
	hot := after
	hot.ThrottleCount, hot.Throttled = 7, Throttling
	assert.Equal(t, []string{"firmware: throttled", "the CPU throttled itself 7 times"}, Taint(quiet, hot))
	past := after
	past.Throttled = UnderVoltage << 16
	assert.Empty(t, Taint(quiet, past), "what has been is over")
}

func TestCPUTimes(t *testing.T) {
	busy, stolen := cpuTimes("cpu  100 10 50 9999 77 3 2 40 0 0\ncpu0 1 1 1\n")
	assert.Equal(t, 1650*time.Millisecond, busy, "user, nice, system and interrupts, not idle or waiting")
	assert.Equal(t, 400*time.Millisecond, stolen)
	busy, stolen = cpuTimes("")
	assert.Zero(t, busy+stolen)
}
