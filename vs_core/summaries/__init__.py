"""The small tables that pages read instead of raw register marks, kept in step inside each import's transaction."""

from vs_core.summaries.cohorts import DECIDES_COHORTS as DECIDES_COHORTS
from vs_core.summaries.cohorts import cohorts_changed as cohorts_changed
from vs_core.summaries.cohorts import membership_before as membership_before
from vs_core.summaries.marks import marks_changed as marks_changed
from vs_core.summaries.proof import differences as differences
from vs_core.summaries.proof import rebuild as rebuild
