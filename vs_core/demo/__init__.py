"""An invented authority, Westmere, written out as incoming files and taken in through intake."""

from vs_core.demo.authority import write as write
from vs_core.demo.plan import Delivery as Delivery
