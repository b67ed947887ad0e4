"""What kind of place a child in care lives in: the placement codes of the SSDA903 return, in groups."""

from __future__ import annotations

PLACEMENTS = {
    "Foster care with family or friends": ("U1", "U2", "U3", "Q1"),
    "Other foster care": ("U4", "U5", "U6", "Q2"),
    "Placed for adoption": ("A3", "A4", "A5", "A6"),
    "With parents": ("P1",),
    "Children's home": ("K2", "R1"),
    "Supported or independent living": ("K3", "H5", "P2"),
    "Residential school": ("S1",),
    "Secure home or custody": ("K1", "R5"),
    "Hospital or family centre": ("R2", "R3"),
    "Temporary move": ("T0", "T1", "T2", "T3", "T4"),
    "Other placement": ("P3", "Z1", "Z11", "Z12", "Z13", "Z14"),
}
"""Codes by kind of placement, in the order of the pages. Codes: DfE, SSDA903 guide, those retired since included; the
groups are our own."""
KINDS = {code: kind for kind, codes in PLACEMENTS.items() for code in codes}
"""Kind by code."""
