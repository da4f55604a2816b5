"""API Gateway's WebSocket API in this process, on the port of the HTTP server.

An upgrade is a request until it is accepted: it has a thread, and the handler of `$connect` decides its status. From
then on all sockets are in one event loop, and a few threads hand to the handlers what clients say. Server-sent events
are another kind of connection to the same handlers.
"""
