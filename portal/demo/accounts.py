"""The demo's accounts. Every person and company is invented; the password is public, so a demo is no place for real data."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "river stone lantern 26"


@dataclass(frozen=True)
class Account:
    """One account to try: address, name, staff role or supplier code with membership role, language."""

    email: str
    name: str
    role: str
    supplier: str
    locale: str
    what: str


ACCOUNTS = (
    Account("manager@buyer.example", "Mara Lindqvist (invented)", "manager", "", "en", "procurement manager: rank, release, export (English)"),
    Account("analyst@buyer.example", "周以宁（虚构）", "analyst", "", "zh", "procurement analyst: review (中文)"),
    Account("admin@buyer.example", "Tomas Okoye (invented)", "admin", "", "en", "administrator: accounts (English)"),
    Account("lead@glass.example", "林若溪（虚构）", "lead", "GLS-01", "zh", "supplier's lead, glass works, assessment open (中文)"),
    Account("quality@glass.example", "赵启明（虚构）", "contributor", "GLS-01", "zh", "supplier's contributor, same glass works (中文)"),
    Account("lead@frames.example", "Ines Alvarado (invented)", "lead", "ALU-02", "en", "supplier's lead, aluminium frames, released result and findings (English)"),
)  # fmt: skip
