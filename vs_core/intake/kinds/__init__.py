"""Every KIND of incoming file, by its name on the command line, in the order in which a new database takes them in."""

from vs_core.intake.kind import Kind
from vs_core.intake.kinds.admissions import admissions, custody, destinations
from vs_core.intake.kinds.attendance import attendance
from vs_core.intake.kinds.benchmarks import benchmarks
from vs_core.intake.kinds.calendar import calendar
from vs_core.intake.kinds.children import children
from vs_core.intake.kinds.cohorts import cohorts
from vs_core.intake.kinds.enrolments import enrolments
from vs_core.intake.kinds.exclusions import exclusions
from vs_core.intake.kinds.peps import peps
from vs_core.intake.kinds.pp_plus import allocations, payments, requests
from vs_core.intake.kinds.projects import licences, places, usage
from vs_core.intake.kinds.schools import schools
from vs_core.intake.kinds.ssda903 import episodes, header, uasc
from vs_core.intake.kinds.timetables import timetables
from vs_core.intake.kinds.training import bookings, courses

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        calendar,
        benchmarks,
        schools,
        header,
        episodes,
        uasc,
        children,
        cohorts,
        enrolments,
        attendance,
        exclusions,
        timetables,
        peps,
        allocations,
        requests,
        payments,
        courses,
        bookings,
        places,
        usage,
        licences,
        admissions,
        destinations,
        custody,
    )
}
