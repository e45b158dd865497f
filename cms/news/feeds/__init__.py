"""Feed ingestion without Django: fetch → decode → parse → clean.

Everything that arrives here is hostile until checked: its address, size, time, encoding and
markup. The functions return plain data; what becomes of it is decided by the caller.
"""
