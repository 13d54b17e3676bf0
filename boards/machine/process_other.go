//go:build !unix

package machine

import "time"

func processTime() time.Duration { return 0 }
