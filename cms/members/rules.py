"""The version of the 个人信息处理规则 at /privacy/.

Change it when purposes, kinds of data or recipients change: everybody is then asked again before
they next speak (个人信息保护法 art. 14).
"""

VERSION = "2026-11"
