"""Incoming files: read, checked row by row, and written in one transaction with their entry in the ledger."""

from vs_core.intake.taking_in import Reconciliation as Reconciliation
from vs_core.intake.taking_in import take_in as take_in
