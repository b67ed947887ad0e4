"""An upload: what it would do, every problem with it, and a button that does it once."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.casework.imports import NotNow, Upload
from vs_core.intake import Reconciliation
from vs_core.intake.kinds import KINDS
from vs_core.intake.problems import FileProblem
from vs_core.ui import tables, words
from vs_core.ui.tables import Column

PENDING = "upload pending"
NUMBER = "upload number"
TYPES = ["csv", "txt", "tsv", "xlsx", "xlsm"]
LARGEST_MEGABYTES = 100
EARLIEST_YEARS = 30
SHOWN_PROBLEMS = 1000
ENCODINGS = {
    "": "Found by itself (UTF-8, else windows-1252)",
    "utf-8": "UTF-8",
    "windows-1252": "windows-1252",
    "utf-16": "UTF-16",
}
PROBLEMS = (
    Column("row_number", "Row", "number", "As a spreadsheet counts: the column names are row 1"),
    Column("column", "Column"),
    Column("what", "What becomes of it"),
    Column("sentence", "What is wrong"),
    Column("rule", "Rule"),
)


@dataclass
class Pending:
    """An upload that waits to be confirmed. It is taken in once, however often the button is pressed: what came of it
    is kept here, not in the state of the page, because writing that may break the run off. problem: why it can never be
    taken in; not_now: why the last try came to nothing, which may be repeated."""

    key: str
    upload: Upload
    told: Reconciliation | None = None
    problem: str = ""
    not_now: str = ""
    done: Reconciliation | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, viewer: Viewer, today: date) -> None:
        """See what taking it in would do."""
        with self._lock, self._trying():
            self.told = imports.preview(viewer, self.upload, today)

    def confirm(self, viewer: Viewer, today: date) -> None:
        """Take it in, unless that has been done."""
        with self._lock:
            if self.done is None and not self.problem:
                with self._trying():
                    self.done = imports.take_in(viewer, self.upload, today)

    @contextmanager
    def _trying(self) -> Iterator[None]:
        self.not_now = ""
        try:
            yield
        except NotNow as trouble:
            self.not_now = str(trouble)
        except FileProblem as problem:
            self.problem = str(problem)


def show(viewer: Viewer, today: date, kinds: Sequence[str] = tuple(KINDS)) -> None:
    """The part of a page. kinds: what the file may be; the only one is not asked for."""
    place = f"{PENDING} {'any' if len(kinds) > 1 else kinds[0]}"
    pending: Pending | None = st.session_state.get(place)
    if pending is not None and pending.done is not None:
        _result(pending.done, place)
        return
    upload = _choices(today, kinds)
    if upload is None:
        st.session_state.pop(place, None)
        return
    pending = _looked_at(viewer, upload, today, place)
    if pending.problem:
        st.error(words.plain(pending.problem), icon=":material/error:")
        st.caption("Nothing has been taken in.")
    elif pending.told is None:
        _not_now(pending)
        st.button("Look again", icon=":material/refresh:", key="look again")
    else:
        _preview(pending.told)
        _confirm(viewer, pending, today)


def _choices(today: date, kinds: Sequence[str]) -> Upload | None:
    number = st.session_state.setdefault(NUMBER, 0)
    kind = kinds[0] if len(kinds) == 1 else _kind(kinds)
    if kind is None:
        st.caption("CSV (comma, semicolon or tab) or Excel. Nothing is kept before you have seen the totals.")
        return None
    _columns(kind)
    encoding, sheet, mapping, known_on = _how_to_read(number, today)
    file = st.file_uploader(
        f"The file (up to {LARGEST_MEGABYTES} MB)", TYPES, key=f"file {number}", max_upload_size=LARGEST_MEGABYTES
    )
    if file is None:
        return None
    return Upload(kind, file.name, file.getvalue(), known_on, encoding or None, sheet or None, mapping)


def _kind(kinds: Sequence[str]) -> str | None:
    return st.selectbox(
        "What is in the file",
        list(kinds),
        index=None,
        format_func=lambda name: KINDS[name].title,
        placeholder="Choose",
        key="upload of",
        width=420,
    )


def _columns(kind: str) -> None:
    columns = KINDS[kind].columns
    required = ", ".join(column.name for column in columns if column.required)
    optional = ", ".join(column.name for column in columns if not column.required)
    more = " (session and code for each half day, or am and pm for a whole day)" if kind == "attendance" else ""
    st.caption(words.plain(f"Needs the columns {required}{more}. May also have: {optional or 'no others'}."))


def _how_to_read(number: int, today: date) -> tuple[str, str, str, date]:
    with st.expander("How to read it", icon=":material/tune:"):
        known_on = st.date_input(
            "Known on",
            today,
            today - timedelta(366 * EARLIEST_YEARS),
            today,
            format="DD/MM/YYYY",
            key=f"known on {number}",
            help="The day from which its rows count as known. Change it only for a late delivery of an old file.",
        )
        names = imports.mapping_names()
        mapping = st.selectbox("Mapping", ["", *names], format_func=lambda name: name or "None") if names else ""
        encoding = st.selectbox("Encoding of a CSV file", list(ENCODINGS), format_func=ENCODINGS.__getitem__)
        sheet = st.text_input("Sheet of an Excel workbook", help="Only where several sheets are visible.")
    return encoding or "", sheet.strip(), mapping or "", known_on if isinstance(known_on, date) else today


def _looked_at(viewer: Viewer, upload: Upload, today: date, place: str) -> Pending:
    """The upload with its preview, looked at once for the same file and the same choices."""
    key = repr((upload, hashlib.sha256(upload.content).hexdigest()))
    pending: Pending | None = st.session_state.get(place)
    if pending is not None and pending.key == key and (pending.told or pending.problem):
        return pending
    pending = Pending(key, upload)
    with st.spinner("Reading and checking every row…"):
        pending.look(viewer, today)
    st.session_state[place] = pending
    return pending


def _preview(told: Reconciliation) -> None:
    st.subheader("What taking it in would do")
    _totals(told)
    if told.same_file:
        number, at = told.same_file
        st.info(f"This very file was taken in before, as import {number} on {at:%d/%m/%Y}.", icon=":material/history:")
    if told.counts.rows_in and told.counts.unchanged + told.counts.rejected == told.counts.rows_in:
        st.info("It would change nothing.", icon=":material/info:")
    if told.ignored:
        st.warning(
            words.plain(f"Columns without a meaning here, ignored: {', '.join(told.ignored)}."),
            icon=":material/visibility_off:",
        )
    _notes(told)
    _problems(told)


def _notes(told: Reconciliation) -> None:
    for sentence in told.notes:
        st.info(words.plain(sentence), icon=":material/event_busy:")


def _totals(told: Reconciliation) -> None:
    counts = told.counts
    st.markdown(
        f"**{counts.rows_in:,} rows in** = {counts.inserted:,} new + {counts.unchanged:,} unchanged"
        f" + {counts.corrected:,} corrected + {counts.rejected:,} refused"
    )
    st.caption(words.plain(f"{told.file_name}, {KINDS[told.kind].title}, read as {told.encoding}."))


def _problems(told: Reconciliation) -> None:
    if not told.problems:
        st.caption("No row has a problem.")
        return
    shown = told.problems[:SHOWN_PROBLEMS]
    rows = pd.DataFrame([vars(problem) for problem in shown])
    rows["what"] = rows["severity"].map({"rejected": "✗ row refused", "query": "? taken in, to look at"})
    if len(shown) < len(told.problems):
        st.caption(f"The first {len(shown):,} of {len(told.problems):,} problems.")
    tables.listing(
        rows,
        PROBLEMS,
        key="problems of the upload",
        alt="Every problem of the file with its row, column and rule",
        noun=("problem", "problems"),
    )


def _confirm(viewer: Viewer, pending: Pending, today: date) -> None:
    assert pending.told is not None
    counts = pending.told.counts
    good = counts.rows_in - counts.rejected
    if not counts.rows_in:
        st.info("The file has column names and no rows: there is nothing to take in.", icon=":material/info:")
        return
    if counts.rejected:
        st.caption(
            f"The {counts.rejected:,} refused rows would be kept, to be corrected under Refused rows on the Data page."
        )
    label = f"Take in {words.counted(good, 'row')}" if good else "Keep the refused rows for correction"
    if st.button(label, type="primary", icon=":material/check:", key="take in"):
        with st.spinner("Taking it in…"):
            pending.confirm(viewer, today)
        if not pending.not_now:
            st.rerun()
        _not_now(pending)


def _not_now(pending: Pending) -> None:
    st.error(words.plain(pending.not_now), icon=":material/database_off:")
    st.caption("Nothing has been taken in. The same button tries again.")


def _result(told: Reconciliation, place: str) -> None:
    st.success(f"Taken in as import {told.import_id}.", icon=":material/check:")
    _totals(told)
    if told.counts.rejected:
        st.info("The refused rows wait under Refused rows on the Data page.", icon=":material/info:")
    _notes(told)
    _problems(told)
    st.button("Take in another file", icon=":material/upload:", on_click=_next, args=(place,))


def _next(place: str) -> None:
    st.session_state.pop(place, None)
    st.session_state[NUMBER] = st.session_state.get(NUMBER, 0) + 1
