#!/usr/bin/env bash
# One dated folder with everything that cannot be made again: database, uploads, secret key, .env.
#
#     deploy/backup.sh /var/backups/rongmei [days to keep, 30 unless told]
#
# Works while the site runs, for SQLite and for PostgreSQL (needs pg_dump of the server's version).
# Run it as the user the site runs as. How to restore: docs/deploy.md.
set -euo pipefail
umask 077

target=${1:?"用法:deploy/backup.sh 备份目录 [保留天数]"}
keep_days=${2:-30}
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-cms.settings.production}
export PYTHONPATH=$root

mkdir -p "$target"
work=$(mktemp -d "$target/.unfinished-XXXXXX")
trap 'rm -rf "$work"' EXIT

# What and where, from the settings themselves.
engine='' name='' media='' secret_key=''
eval "$("$python" - <<'PY'
import importlib
import os
import shlex

settings = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
database = settings.DATABASES["default"]
values = {
    "engine": database["ENGINE"].rpartition(".")[2],
    "name": database["NAME"],
    "media": settings.MEDIA_ROOT,
    "secret_key": settings.VAR_DIR / "secret_key",
}
for name, value in values.items():
    print(f"{name}={shlex.quote(str(value))}")
for name in ("HOST", "PORT", "USER", "PASSWORD"):
    if database.get(name):
        print(f"export PG{name}={shlex.quote(str(database[name]))}")
PY
)"

case $engine in
  sqlite3)
    "$python" - "$name" "$work/database.sqlite3" <<'PY'
import sqlite3
import sys

source, copy = sqlite3.connect(sys.argv[1], timeout=60), sqlite3.connect(sys.argv[2])
source.backup(copy)
verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
sys.exit(None if verdict == "ok" else f"备份的数据库不完整:{verdict}")
PY
    ;;
  postgresql)
    pg_dump --format=custom --no-owner --file="$work/database.dump" "$name"
    ;;
  *)
    echo "不认识的数据库:$engine" >&2
    exit 1
    ;;
esac

if [ -d "$media" ]; then
  tar -czf "$work/media.tar.gz" -C "$media" .
fi
for file in "$secret_key" "$root/.env"; do
  if [ -f "$file" ]; then
    cp -p "$file" "$work/$(basename "$file")"
  fi
done
sums=$(cd "$work" && find . -type f -exec sha256sum {} +)
printf '%s\n' "$sums" >"$work/SHA256SUMS"

done_at="$target/$(date +%Y%m%d-%H%M%S)"
mv "$work" "$done_at"
touch "$done_at"
find "$target" -mindepth 1 -maxdepth 1 -type d -name '20*' -mtime "+$keep_days" -exec rm -rf {} +
echo "已备份到 $done_at"
