"""figures: every headline figure that the pages show."""

from vs_core.figures.command import add_to as add_to
