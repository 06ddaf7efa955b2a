#!/bin/sh
# Installs Debian's Chromium for the browser tests where that is possible; elsewhere the tests that need it skip and say so.
if command -v chromium >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 \
        || echo "Chromium could not be installed: the browser tests will be skipped." >&2
else
    echo "No chromium here, and no right to install it: the browser tests will be skipped." >&2
fi
exit 0
