"""``python -m cms.matrix.sandbox``: the sandbox on a port of this machine."""

import argparse

from werkzeug.serving import run_simple

from .app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="本地微信与微博平台")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址")
    parser.add_argument("--port", type=int, default=8100, help="监听端口")
    parser.add_argument("--data", default="var/sandbox", help="数据目录")
    parser.add_argument(
        "--callback-base", default="http://127.0.0.1:8000", help="内容平台的地址，回调推送到这里"
    )
    parser.add_argument("--public-base", default="", help="读者浏览器访问本服务的地址")
    options = parser.parse_args()
    app = create_app(
        options.data,
        public_base=options.public_base or f"http://127.0.0.1:{options.port}",
        callback_base=options.callback_base,
    )
    run_simple(options.host, options.port, app, threaded=True)


if __name__ == "__main__":
    main()
