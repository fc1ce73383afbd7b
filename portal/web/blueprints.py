"""Every group of views of the browser door: an endpoint is audience.room.view."""

from flask import Blueprint

from portal.web.account import entering, profile

ROOMS = (
    (Blueprint("account", __name__), (entering.pages, profile.pages)),
    (Blueprint("supplier", __name__), ()),
    (Blueprint("staff", __name__, url_prefix="/staff"), ()),
)

for _audience, _rooms in ROOMS:
    for _room in _rooms:
        _audience.register_blueprint(_room)

BLUEPRINTS = tuple(audience for audience, _rooms in ROOMS)
