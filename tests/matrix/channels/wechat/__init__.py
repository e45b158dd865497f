"""The WeChat channel."""
