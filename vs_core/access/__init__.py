"""Who may come in, what each role may see, and the trail of who looked."""

from vs_core.access.guard import require, signed_in
from vs_core.access.viewer import EVERYTHING, Scope, Viewer, scope

__all__ = ["EVERYTHING", "Scope", "Viewer", "require", "scope", "signed_in"]
