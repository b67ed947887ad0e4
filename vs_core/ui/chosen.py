"""What a page is about, as one value that everything it reads is asked with."""

from __future__ import annotations

from dataclasses import dataclass

from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import EVERYONE, Narrowing
from vs_core.ui import words

COHORT_WORDS = {
    "in care": "Children in care",
    "previously looked after": "Previously looked-after children",
    "child in need": "Children in need",
    "child protection": "Children on a protection plan",
    "kinship": "Children in kinship care",
    "all": "All children known",
}


@dataclass(frozen=True)
class Chosen:
    """What was chosen. only: which of the cohort's children; school: the name of the chosen school, for the sentence;
    left_out: children of whom it is not told whether they are chosen (`rules.narrowing.left_out`)."""

    frame: Frame
    only: Narrowing = EVERYONE
    school: str = ""
    left_out: int = 0

    @property
    def who(self) -> str:
        """`Children in care, secondary, SEN support`."""
        return ", ".join([COHORT_WORDS[self.frame.cohort], *self.only.said(self.school)])

    @property
    def sentence(self) -> str:
        """`Children in care, secondary, 1 Sep to 20 Nov 2026, as known today`."""
        frame = self.frame
        known = f"as known on {words.long_day(frame.known_on)}" if frame.known_on else "as known today"
        inside = ["only while in the cohort"] if frame.while_in_care else []
        return ", ".join([self.who, words.span(frame.start, frame.end), *inside, known])

    @property
    def without(self) -> str:
        """`2 children whose whereabouts are restricted are left out: ...`; empty when nobody is."""
        if not self.left_out:
            return ""
        children = words.counted(self.left_out, "child", "children").capitalize()
        is_left_out = "is left out" if self.left_out == 1 else "are left out"
        return f"{children} whose whereabouts are restricted {is_left_out}: whether this choice fits is not told."
