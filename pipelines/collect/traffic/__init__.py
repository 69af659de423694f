"""Traffic: what the web server's own log tells, without what tells who."""
