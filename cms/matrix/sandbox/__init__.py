"""A local WeChat and Weibo: one small server of its own, which the matrix talks to over real HTTP.

It is a peer, not a mock (design.md, decision 4). It shares no module with ``cms.matrix.channels``
and imports neither Django nor anything else of this project, so a misreading of the platforms'
contract cannot hide by being made twice.
"""
