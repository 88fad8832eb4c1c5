#!/usr/bin/env bash
# Installs the browser of the dashboard's tests, unless there is one. Debian and its kin; needs root, or sudo.
set -euo pipefail

for place in "${BROWSER:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$place" ] && [ -x "$place" ]; then
    echo "$place is there"
    exit 0
  fi
done
if ! command -v apt-get >/dev/null; then
  echo 'Install Chromium by the means of this system: there is no apt-get here.' >&2
  exit 1
fi
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
export DEBIAN_FRONTEND=noninteractive
as_root apt-get update -qq
as_root apt-get install -y -qq --no-install-recommends chromium
