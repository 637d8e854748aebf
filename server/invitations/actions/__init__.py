"""Verbs of invitations: send, receive, answer, decide on substitutes, print the giấy mời, mail."""

from server.invitations.actions.answering import answer, decide, mark, own
from server.invitations.actions.mailing import mail_some, on_changed, on_left
from server.invitations.actions.printing import print_invitation
from server.invitations.actions.sending import due, invite_some, send

__all__ = [
    "answer",
    "decide",
    "due",
    "invite_some",
    "mail_some",
    "mark",
    "on_changed",
    "on_left",
    "own",
    "print_invitation",
    "send",
]
