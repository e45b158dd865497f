"""The admin's screens for the matrix, one module a desk; wagtail_hooks.py brings them in."""
