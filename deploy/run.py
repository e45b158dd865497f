"""Everything on one machine under one supervisor: web, worker, beat and the sandbox.

    python deploy/run.py --port 8000

Prepares what is missing (database, demo content), starts the processes, waits until the site
answers and prints where to go. Ctrl-C stops all of them. Needs no broker and no database server.
"""

import argparse
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from honcho import manager as supervisor
from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
START_SECONDS = 120
# A worker finishes what it has in hand before it goes; honcho alone would give it five seconds.
supervisor.KILL_WAIT = 12


def main() -> int:
    options = parse()
    sandbox_port = options.sandbox_port or options.port + 100
    environment = settings(options, sandbox_port)
    for port in (options.port, sandbox_port):
        if is_taken(port):
            print(f"端口 {port} 已被占用。换一个端口:make run PORT={port + 1000}")
            return 1
    commands = processes(options, sandbox_port)
    run("deploy/compile_messages.py", env=environment)
    prepare(commands["sandbox"], sandbox_port, environment)
    manager = Manager(Printer(sys.stdout))
    for name, command in commands.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT))
    threading.Thread(target=announce, args=(options, sandbox_port), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in (None, 0, -2, -15, 130, 143) else manager.returncode


def prepare(sandbox: str, port: int, environment: dict[str, str]) -> None:
    """Database and demo content. The first time the sandbox takes part: stories go out to it."""
    done = Path(environment["VAR_DIR"]) / "demo-loaded"
    if done.exists():
        run("manage.py", "load_demo", "--migrate", "--without-channels", env=environment)
        return
    say("首次运行：建立数据库和演示数据（约一两分钟）")
    process = subprocess.Popen(sandbox.split(), cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        run("manage.py", "load_demo", "--migrate", env=environment)
        done.touch()
    finally:
        process.terminate()
        process.wait(timeout=15)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sandbox-port", type=int, default=0)
    return parser.parse_args()


def settings(options: argparse.Namespace, sandbox_port: int) -> dict[str, str]:
    site = f"http://127.0.0.1:{options.port}"
    var = os.environ.get("VAR_DIR", str(ROOT / "var"))
    return {
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "REPLY_SECONDS": "20",
        "FIGURE_SECONDS": "60",
        "TOPIC_SECONDS": "30",
        "LOG_LEVEL": "WARNING",
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        # One machine, one user, loopback only: Celery's words about that help nobody here.
        "PYTHONWARNINGS": "ignore",
        "VAR_DIR": var,
        "SITE_URL": site,
        "SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}",
        "SANDBOX_DATA": f"{var}/sandbox",
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_CALLBACK_BASE": site,
    }


def processes(options: argparse.Namespace, sandbox_port: int) -> dict[str, str]:
    celery = f"{BIN}/celery --quiet --app cms"
    gunicorn = f"{BIN}/gunicorn --worker-class gthread --graceful-timeout 4 --log-level warning"
    gunicorn += " --no-control-socket"
    sandbox = "cms.matrix.sandbox.wsgi:app"
    return {
        "sandbox": f"{gunicorn} --workers 1 --threads 8 -b 127.0.0.1:{sandbox_port} {sandbox}",
        "web": f"{gunicorn} --workers 2 --threads 8 -b {options.host}:{options.port} cms.wsgi",
        "worker": f"{celery} worker -P threads -c 4 --loglevel warning --without-gossip",
        "beat": f"{celery} beat --loglevel warning --pidfile=",
    }


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(*arguments: str, env: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True)


def wait_for(address: str, process: subprocess.Popen | None = None) -> bool:
    """Wait until `address` answers; False after START_SECONDS or when its process has ended."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process and process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except OSError:
            time.sleep(0.3)
    return False


def announce(options: argparse.Namespace, sandbox_port: int) -> None:
    site = f"http://127.0.0.1:{options.port}"
    if not wait_for(f"{site}/"):
        print("网站没有在预期时间内启动，请查看上面的日志。", flush=True)
        return
    print(WELCOME.format(site=site, sandbox=f"http://127.0.0.1:{sandbox_port}"), flush=True)


def say(text: str) -> None:
    print(f"· {text}", flush=True)


WELCOME = """
────────────────────────────────────────────────────────────────────
  融媒工会已启动（Ctrl-C 停止，make reset 清空重来）

  网站       {site}/
  后台       {site}/admin/
  微信/微博沙箱  {sandbox}/

  演示账号（密码都是 rongmei-demo）
    采编      editor        初审   first
    复审      second        终审   final
    评论审核  moderator     媒体主管  manager
    管理员    admin
    职工（网站登录用手机号）  13900000001
────────────────────────────────────────────────────────────────────
"""

if __name__ == "__main__":
    sys.exit(main())
