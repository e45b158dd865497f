"""Channels: how a story reaches WeChat, Weibo and others. No Django in here (see README.md)."""
