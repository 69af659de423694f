"""Traffic: the web server's own logs, counted by day while they are read; no address, agent or URL is kept."""
