# 融媒工会 / Rongmei. The two commands a newcomer needs: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: help run reset test test-postgres lint migrations-check check-production format messages lock

help: ## 列出命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

run: $(VENV)/.runtime node_modules/.ready ## 安装、准备数据并启动全部进程（Ctrl-C 停止）
	@exec $(BIN)/python deploy/run.py --host $(HOST) --port $(PORT)

reset: ## 删除本机数据，下次 make run 从头开始
	rm -rf var
	@echo "已清空 var/,再次运行 make run 会重新建立演示数据。"

test: $(VENV)/.dev node_modules/.ready messages ## 运行全部测试
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not e2e"
	$(BIN)/pytest -n0 -m e2e

test-postgres: $(VENV)/.dev node_modules/.ready messages ## 在真正的 PostgreSQL 和 Redis 协议服务器上再跑一遍
	$(BIN)/python deploy/with_services.py $(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not e2e"
	$(BIN)/python deploy/with_services.py $(BIN)/pytest -n0 -m e2e tests/e2e/test_full_circle.py

lint: $(VENV)/.dev ## 格式、风格、模块边界、模板
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy --strict cms/matrix/channels

migrations-check: $(VENV)/.dev ## 模型与迁移一致
	$(BIN)/python manage.py makemigrations --check --dry-run

check-production: $(VENV)/.dev ## 生产设置的部署检查
	VAR_DIR=$$(mktemp -d) DJANGO_SETTINGS_MODULE=cms.settings.production ALLOWED_HOSTS=example.org SITE_URL=https://example.org \
	  SMS_GATEWAY_URL=https://sms.example.org UNION_CONTACT=12351 \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.dev ## 自动整理代码
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(VENV)/.runtime
	@$(BIN)/python deploy/compile_messages.py

lock: $(VENV)/.dev ## 由 pyproject.toml 重新锁定依赖
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 -o requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本:make run PYTHON=/path/to/python3.11"; exit 1; }
	@echo "建立虚拟环境 $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "缺少 venv:请先运行 apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.txt $(VENV)/bin/python
	@echo "安装依赖（首次约一两分钟）"
	@deploy/install.sh $(BIN) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "安装测试依赖"
	@deploy/install.sh $(BIN) requirements-dev.txt
	@touch $@

node_modules/.ready: package-lock.json $(VENV)/.runtime
	@echo "安装图表组件"
	@deploy/assets.sh $(BIN)
