"""What the peers of the traffic benchmark share: how a line is read, and what is told of it."""

COMBINED = (r'^(\S+) \S+ \S+ \[([^\]]+)\] "(?:[^"\\]|\\.)*" (\d{3}) (\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$')
# The first that fits: the order decides, since many agents name several browsers.
FAMILIES = {r"(?i)bot|curl/|python-requests": "robot", "Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox",
            "Chrome/": "Chrome", "Version/.*Safari/": "Safari"}
OTHER = "other"
CORES, GAP_SECONDS, LOGS = 2, 1800, "access.log-*"
