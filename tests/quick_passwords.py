"""Password hashes of the fewest rounds that bcrypt knows: a usual one takes a quarter of a second on purpose.

How many rounds the product's own take is seen with `AS_SHIPPED` put back.
"""

from __future__ import annotations

import functools

import bcrypt

AS_SHIPPED = bcrypt.gensalt
FEWEST_ROUNDS = 4


def for_all() -> None:
    """From now on, for every password that this process and those forked from it hash."""
    bcrypt.gensalt = functools.partial(AS_SHIPPED, FEWEST_ROUNDS)
