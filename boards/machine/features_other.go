//go:build !amd64 && !arm64 && !arm

package machine

// Features lists what the processor can do that kernels are made for: nothing
// here, where only portable kernels run.
func Features() []string { return nil }
