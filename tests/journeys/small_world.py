"""A manager, one supplier with its lead, and an open round, made by the portal's own operations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.core.access import Actor
from portal.operations.accounts import accept_invitation, create_staff
from portal.operations.rounds import invite_supplier, open_round
from portal.operations.suppliers import SupplierFacts, add_supplier
from tests.journeys.filling import GLASSWORKS, changing
from tests.journeys.running import Portal

PASSWORD = "copper orchard window 58"
MANAGER, LEAD = "mara@buyer.example", "lan@lanternfield.example"


@dataclass(frozen=True)
class World:
    """Where the lead answers, and a link of another person that nobody used yet."""

    assessment_id: int
    unused_token: str
    unused_email: str


def make_world(portal: Portal) -> World:
    """Everybody is there and nothing is answered yet; the second supplier's lead has not joined."""
    now = datetime.now(UTC)
    days = portal.settings.invitation_days
    with changing(portal.settings) as session:
        user = create_staff(
            session,
            email=MANAGER,
            name="Mara Lind (invented)",
            password=PASSWORD,
            role="manager",
            locale="en",
            now=now,
        )
        manager = Actor(user_id=user.id, name=user.name, role="manager")
        round_ = open_round(
            session,
            manager,
            name="Annual assessment 2025",
            questionnaire="sustainability/2026.1",
            period_start=date(2025, 1, 1),
            period_end=date(2025, 12, 31),
            deadline_on=(now + timedelta(days=30)).date(),
            now=now,
        )
        tokens, assessments = [], []
        for code, email in ((GLASSWORKS.code, LEAD), ("GL-78", "new@second.example")):
            facts = SupplierFacts(
                code, f"{code} Glass (invented)", "", "CN", GLASSWORKS.roles, GLASSWORKS.materials
            )
            supplier = add_supplier(session, manager, facts=facts, now=now)
            tokens.append(secrets.token_urlsafe(24))
            invited = invite_supplier(
                session,
                manager,
                round_id=round_.id,
                supplier_id=supplier.id,
                email=email,
                token=tokens[-1],
                valid_days=days,
                now=now,
            )
            assessments.append(invited.assessment.id)
        accept_invitation(
            session, token=tokens[0], name="Lan Xi (invented)", password=PASSWORD, locale="en", now=now
        )
    return World(assessments[0], tokens[1], "new@second.example")
