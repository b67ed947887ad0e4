"""What is written to the trail, in plain words: each kind of event says what its person did.

A kind that is not listed here is shown as it was written.
"""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Coming in": {
        "signed in": "signed in",
        "sign-in failed": "tried to sign in and was not let in",
        "sign-in locked": "used up the last try to sign in for the next minutes",
        "sign-in refused": "came from the single sign-on and was not let in",
        "single sign-on linked": "came in with the council account for the first time",
        "signed out": "signed out",
        "signed out elsewhere": "ended the own sessions in other browsers",
        "own password changed": "changed the own password",
        "own password refused": "tried to change the own password without knowing it",
    },
    "Looking": {
        "child opened": "opened a child's page",
        "child refused": "asked for a child's page that is not theirs to see",
        "search": "searched for a child",
        "page refused": "asked for a page that is not part of the role",
        "trail read": "read the trail",
    },
    "Taking away": {
        "download": "took a file away",
        "download refused": "asked for a file that was offered to somebody else",
    },
    "Files and actions": {
        "import": "took a file in",
        "import undone": "undid an import",
        "refused row corrected": "corrected a refused row",
        "refused row dismissed": "set a refused row aside",
        "action opened": "gave somebody an action",
        "action assigned": "changed whose an action is, or its day",
        "action closed": "closed an action",
        "contact written down": "wrote down a contact about a child",
        "note written down": "wrote a note about a child",
        "child snoozed": "took a child off the worklist until a day",
        "child woken": "put a child back on the worklist",
        "child referred": "referred a child",
        "rate or policy changed": "changed a rate, a policy or a limit",
        "rate or policy confirmed": "confirmed a rate, a policy or a limit",
    },
    "Payments": {
        "batch built": "built a batch of payments",
        "line taken out": "took a payment out of a batch",
        "findings agreed": "agreed to what was found in a batch",
        "batch released": "released a batch of payments",
        "line reversed": "reversed a released payment by a counter-entry",
        "vendor set up": "set a school up to be paid",
        "invoice received": "wrote down that an invoice came",
    },
    "Other people": {
        "user added": "let a new person in",
        "user disabled": "let a person in no longer",
        "user enabled": "let a disabled person in again",
        "password reset": "gave a person a new password",
        "role changed": "gave a person another role, caseload or sight of restricted children",
        "single sign-on named": "said what a person's council account is called",
        "single sign-on unlinked": "took a person's council account away from them",
        "session ended": "ended another person's session",
        "sessions ended": "ended every session of a person",
    },
}
"""What people can do on pages, by what it is about."""

OF_THE_SERVER = {
    "export": "wrote a file from the command line",
    "restore": "restored a backup",
    "trail shortened": "deleted events that had been kept for their time",
    "records deleted": "deleted records that had been kept for their time",
    "demo begun": "began to build the invented county",
    "demo built": "built the invented county",
}
"""What only the server and the command line do."""

EVENTS = {what: words for group in GROUPS.values() for what, words in group.items()} | OF_THE_SERVER


def in_words(what: str) -> str:
    """The words of a kind of event."""
    return EVENTS.get(what, what)
