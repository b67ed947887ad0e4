"""The tables of the shared database: the contract with the council's warehouse, Power BI and scripts.

Documented for their readers in `data/README.md`; every comment below is part of that contract.
"""

from vs_core.store import access_tables as access_tables
from vs_core.store.base import metadata as metadata
from vs_core.store.tables_attendance import *  # noqa: F403
from vs_core.store.tables_casework import *  # noqa: F403
from vs_core.store.tables_changes import *  # noqa: F403
from vs_core.store.tables_children import *  # noqa: F403
from vs_core.store.tables_ledger import *  # noqa: F403
from vs_core.store.tables_money import *  # noqa: F403
from vs_core.store.tables_payments import *  # noqa: F403
from vs_core.store.tables_reference import *  # noqa: F403
from vs_core.store.tables_support import *  # noqa: F403

VERSIONED = {table.name: table for table in metadata.tables.values() if "key" in table.info}
