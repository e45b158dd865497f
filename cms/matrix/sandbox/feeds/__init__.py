"""Feeds to collect from: a good one, a badly encoded one, and hostile ones."""

from flask import Blueprint

from . import broken, good, hostile

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
good.register(blueprint)
broken.register(blueprint)
hostile.register(blueprint)
