#!/bin/sh
# Install what the browser tests need beside Chromium: the accessibility rules of axe-core. They
# stay outside the repository (MPL-2.0, and large); Playwright for Python is in the dev lock.
set -eu
cd "$(dirname "$0")"
if ! command -v npm >/dev/null; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends \
        nodejs npm >/dev/null
fi
npm install --no-audit --no-fund --no-package-lock --ignore-scripts --silent
test -s node_modules/axe-core/axe.min.js
