"""Tables of the door: who may sign in, who is signed in, tries to sign in, notes not saved yet, when somebody last
looked, and the trail of what people did.

Times are UTC. `audit_event` can only grow: the database itself refuses every UPDATE on it, and DELETE of what is
younger than TRAIL_YEARS. SQLite deletes without a trigger for DELETE what INSERT OR REPLACE puts something else in the
place of, so there that is refused as well.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
    false,
)

from vs_core.store.base import metadata

ROLES = ("headteacher", "inclusion", "operations", "adviser", "analyst", "administrator")
SIGN_INS = ("password", "single sign-on")
TRAIL_YEARS = 6
"""The trail is kept no shorter, because an entry of a school's register is kept as long (School Attendance
Regulations 2024); the database itself refuses to delete a younger event."""
NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time: given and returned with its zone (UTC), kept as UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        read: datetime = value
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


user_account = Table(
    "user_account",
    metadata,
    Column("id", NUMBER, primary_key=True, comment="number of the person"),
    Column("name", String(100), nullable=False, comment="what the person types"),
    Column("name_folded", String(300), nullable=False, unique=True, comment="name without regard to case"),
    Column("display_name", String(200), nullable=False, comment="name that others see"),
    Column("role", String(20), nullable=False, comment="role, which decides what the person sees"),
    Column(
        "password_hash",
        String(100),
        nullable=False,
        comment="bcrypt hash; empty: comes in through the council's single sign-on only",
    ),
    Column("disabled", Boolean, nullable=False, server_default=false(), comment="may not sign in"),
    Column("is_demo", Boolean, nullable=False, server_default=false(), comment="works in demo mode only"),
    Column("caseload_adviser", String(200), comment="children.adviser of an adviser's own children"),
    Column("sees_restricted", Boolean, nullable=False, server_default=false(), comment="sees restricted children"),
    Column("created_at", Moment, nullable=False, comment="added"),
    Column("changed_at", Moment, nullable=False, comment="last changed"),
    Column("sso_name", String(300), comment="name at the single sign-on, lower case, for the first time only"),
    Column("sso_issuer", String(300), comment="who vouches for the person since then"),
    Column("sso_subject", String(255), comment="what the issuer knows the person by, for good"),
    Column("sso_linked_at", Moment, comment="first came in through the single sign-on"),
    CheckConstraint(_one_of("role", ROLES), name="role"),
    CheckConstraint("role <> 'adviser' or length(caseload_adviser) > 0", name="adviser_has_caseload"),
    CheckConstraint("length(name) > 0 and length(display_name) > 0", name="named"),
    comment="People who may sign in",
)
Index("uq_user_account_sso_name", user_account.c.sso_name, unique=True)
Index("uq_user_account_sso_subject", user_account.c.sso_issuer, user_account.c.sso_subject, unique=True)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the cookie, which is kept nowhere"),
    Column("user_id", ForeignKey("user_account.id"), nullable=False, index=True, comment="whose session it is"),
    Column("created_at", Moment, nullable=False, comment="signed in"),
    Column("last_seen_at", Moment, nullable=False, comment="last deed of the person"),
    Column("expires_at", Moment, nullable=False, comment="ends at the latest"),
    Column("ended_at", Moment, comment="ended; empty: not ended by anybody"),
    Column("ended_why", String(40), comment="why it ended"),
    Column("address", String(60), comment="network address"),
    Column("how", String(20), nullable=False, server_default=SIGN_INS[0], comment="how the person signed in"),
    Column("browser", String(200), comment="what the browser says of itself"),
    CheckConstraint(_one_of("how", SIGN_INS), name="how"),
    CheckConstraint("(ended_at is null) = (ended_why is null)", name="ended_with_reason"),
    CheckConstraint("expires_at > created_at", name="lasts"),
    comment="Sign-ins that last or lasted",
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", NUMBER, primary_key=True, comment="number of the try"),
    Column("name_hash", String(64), nullable=False, comment="keyed hash of the name typed, known or not"),
    Column("address", String(60), comment="network address; of IPv6 the network of its first 64 bits"),
    Column("at", Moment, nullable=False, comment="when"),
    Column("outcome", String(10), nullable=False, comment="checking until the password was compared"),
    Column("browser", String(64), comment="hash of a browser in which this name has signed in before"),
    CheckConstraint(_one_of("outcome", ("checking", "failed", "worked")), name="outcome"),
    comment="Tries to sign in, for the lockout",
)
Index("ix_sign_in_attempt_name_hash_at", sign_in_attempt.c.name_hash, sign_in_attempt.c.at)
Index("ix_sign_in_attempt_address_at", sign_in_attempt.c.address, sign_in_attempt.c.at)

draft = Table(
    "draft",
    metadata,
    Column(
        "user_id", ForeignKey("user_account.id"), primary_key=True, comment="whose note it is; nobody else reads it"
    ),
    Column("field", String(200), primary_key=True, comment="the field that it was being written in"),
    Column("text", Text, nullable=False, comment="the note as far as it was written"),
    Column("written_at", Moment, nullable=False, comment="when"),
    comment="Notes that were being written and are not saved yet",
)

last_look = Table(
    "last_look",
    metadata,
    Column("user_id", ForeignKey("user_account.id"), primary_key=True, comment="who looked"),
    Column("page", String(40), primary_key=True, comment="at which page"),
    Column("looked_at", Moment, nullable=False, comment="first look of the last day on which the person looked"),
    Column("before_at", Moment, comment="last look on an earlier day: new is what has come since"),
    CheckConstraint("before_at is null or before_at < looked_at", name="one_after_the_other"),
    comment="When somebody last looked at a page that shows what is new since then",
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", NUMBER, primary_key=True, comment="number of the event, in order"),
    Column("at", Moment, nullable=False, comment="when"),
    Column("user_id", BigInteger, comment="empty for the command line and for unknown people"),
    Column("user_name", String(200), nullable=False, comment="who"),
    Column("what", String(60), nullable=False, index=True, comment="what was done"),
    Column("subject", String(200), nullable=False, index=True, server_default="", comment="to what"),
    Column("detail", Text, nullable=False, server_default="{}", comment="JSON"),
    Column("previous_hash", String(64), nullable=False, unique=True, comment="hash of the event before"),
    Column("hash", String(64), nullable=False, unique=True, comment="hash of this event with the one before"),
    comment="The trail of what people did; it can only grow",
    sqlite_autoincrement=True,
)
Index("ix_audit_event_at", audit_event.c.at)
Index("ix_audit_event_user_name", audit_event.c.user_name)

KEPT_SINCE = {
    "sqlite": (
        f"datetime('now', iif(strftime('%m-%d', 'now') = '02-29', '-1 days', '+0 days'), '-{TRAIL_YEARS} years')"
    ),
    "postgresql": f"((now() at time zone 'utc') - interval '{TRAIL_YEARS} years') at time zone 'utc'",
}
"""The moment before which an event may be deleted; from 29 February, that of the 28th, on both databases."""

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END",
        f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN OLD.at > {KEPT_SINCE['sqlite']} "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END",
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event "
        "WHERE id = NEW.id OR hash = NEW.hash OR previous_hash = NEW.previous_hash) "
        "BEGIN SELECT RAISE(ABORT, 'audit_event can only grow'); END",
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION audit_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'DELETE' AND OLD.at <= {KEPT_SINCE["postgresql"]} THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'audit_event can only grow';
        END $$""",
        """CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_only_grows()""",
        """CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_only_grows()""",
    ),
}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(audit_event, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
