"""What was done, in words: the actions of the journal as people read them."""

from __future__ import annotations

from portal.language import N_, say

ACTION_WORDS = {
    "account.created": N_("Account made"),
    "account.disabled": N_("Account switched off"),
    "account.enabled": N_("Account switched on"),
    "assessment.begun": N_("Assessment begun"),
    "assessment.invited": N_("Invited to an assessment"),
    "assessment.submitted": N_("Assessment sent"),
    "assessment.taken_up": N_("Review begun"),
    "assessment.returned": N_("Questions returned"),
    "assessment.reviewed": N_("Review finished"),
    "assessment.review_reopened": N_("Review opened again"),
    "assessment.released": N_("Result released"),
    "indicator.accepted": N_("Answer accepted"),
    "indicators.accepted": N_("Answers accepted"),
    "indicator.adjusted": N_("Points adjusted"),
    "indicator.returned": N_("Question marked for return"),
    "indicator.flag_closed": N_("Red flag closed"),
    "findings.opened": N_("Findings opened"),
    "commitment.propose": N_("Commitment proposed"),
    "commitment.repropose": N_("Commitment proposed again"),
    "commitment.withdraw": N_("Commitment withdrawn"),
    "commitment.agree": N_("Commitment agreed"),
    "commitment.send_back": N_("Commitment sent back"),
    "commitment.progress": N_("Progress noted"),
    "commitment.report_done": N_("Commitment reported done"),
    "commitment.verify": N_("Commitment verified"),
    "commitment.reopen": N_("Commitment reopened"),
    "evidence.added": N_("Evidence added"),
    "evidence.facts_changed": N_("Facts of evidence changed"),
    "evidence.linked": N_("Evidence linked to an answer"),
    "evidence.unlinked": N_("Evidence unlinked from an answer"),
    "evidence.hidden": N_("Evidence hidden"),
    "evidence.deleted": N_("Evidence deleted"),
    "carbon.uploaded": N_("Carbon file uploaded"),
    "carbon.accepted": N_("Carbon file accepted"),
    "carbon.discarded": N_("Carbon file discarded"),
    "carbon.doubt_noted": N_("Doubt about a carbon figure noted"),
    "carbon.doubt_replied": N_("Doubt about a carbon figure answered"),
    "supplier.added": N_("Supplier added"),
    "supplier.changed": N_("Supplier changed"),
    "invitation.sent": N_("Invitation link made"),
    "invitation.accepted": N_("Invitation accepted"),
    "invitation.revoked": N_("Invitation withdrawn"),
    "sign_in.accepted": N_("Signed in"),
    "sign_in.refused": N_("Sign-in refused"),
    "password.changed": N_("Password changed"),
    "round.opened": N_("Round opened"),
    "round.deadline_moved": N_("Deadline moved"),
    "review.exported": N_("Purchasing review exported"),
    "ranking.exported": N_("Ranking exported"),
    "scorecard.exported": N_("Scorecard exported"),
    "estimate.run": N_("Estimate made"),
    "ledger.loaded": N_("Purchase ledger loaded"),
}


def action_word(locale: str, key: str) -> str:
    """A journal action in words; one we have no words for is shown as it is."""
    return say(locale, ACTION_WORDS[key]) if key in ACTION_WORDS else key
