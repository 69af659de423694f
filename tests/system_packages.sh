#!/bin/sh
# What the tests need from the system: a browser that opens the reports, web servers that write logs, MariaDB, tools that make
# backups (pgBackRest backs up a PostgreSQL that is not newer than itself: Debian's own), systemd's checks of units, and what
# watches that nothing leaves.
# `system_packages.sh bench`: the bench's peer GoAccess besides.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
[ -x /usr/sbin/apache2 ] || command -v apache2 >/dev/null 2>&1 || missing="$missing apache2-bin"
command -v restic >/dev/null 2>&1 || missing="$missing restic"
command -v pgbackrest >/dev/null 2>&1 || missing="$missing pgbackrest"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
[ -x /usr/sbin/mariadbd ] || command -v mariadbd >/dev/null 2>&1 || missing="$missing mariadb-server"
command -v strace >/dev/null 2>&1 || missing="$missing strace"
[ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
[ "${1:-}" != bench ] || command -v goaccess >/dev/null 2>&1 || missing="$missing goaccess"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing; as root: apt-get install$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends $missing
