"""Edits of statuses.

    making      an author edits a status of this server
    following   what follows from an edit, also of another server: a job
    reading     what a status was typed as, and what it said before
"""
