"""An invented authority, Westmere, written out as incoming files and taken in through intake."""
