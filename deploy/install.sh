#!/usr/bin/env bash
# Install pinned packages into the environment: with uv where it works (seconds), else with pip.
set -eu
bin=$1 list=$2
"$bin/python" -m pip install --quiet --disable-pip-version-check uv >/dev/null 2>&1 || true
if [ -x "$bin/uv" ] && VIRTUAL_ENV="$(cd "$bin/.." && pwd)" "$bin/uv" pip install --quiet -r "$list"; then
  exit 0
fi
exec "$bin/python" -m pip install --quiet --disable-pip-version-check -r "$list"
