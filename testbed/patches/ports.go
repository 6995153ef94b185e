package server

import (
	"fmt"
	"os"
)

// PortsFromEnv takes the ports of the in-memory workload clusters, which are
// constants upstream, from BED_PORTS (first-last,debug): so two beds can run
// side by side.  `build` adds this file to its copy of the provider.
func PortsFromEnv() CustomPorts {
	var p CustomPorts
	if _, err := fmt.Sscanf(os.Getenv("BED_PORTS"), "%d-%d,%d", &p.MinPort, &p.MaxPort, &p.DebugPort); err != nil {
		panic(fmt.Sprintf("BED_PORTS: %v", err))
	}
	return p
}
