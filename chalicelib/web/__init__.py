"""What all endpoints share. No endpoint's own code is here.

An endpoint file needs, at most:

    from chalicelib.web.auth import admin, app_token, optional, public, signed_in
    from chalicelib.web.body import SentFile
    from chalicelib.web.endpoint import endpoint
    from chalicelib.web.limits import STATUS_ID_ACTION, STATUSES_ACTIONS, TIMELINE
    from chalicelib.web.paging import Page, Paged
    from chalicelib.web.params import DateTime, Flag, Flat, FlakeId, Loose, MaxLength, Named, StrictFlag
    from chalicelib.web.replies import Empty, Html, NoContent, Redirect, Reply
    from chalicelib.web.request import Request
"""
