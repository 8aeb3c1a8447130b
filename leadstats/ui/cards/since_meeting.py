"""What became of the headlines since the group last met over other data than these."""

from leadstats.briefing import View
from leadstats.ui.cards.card import card
from leadstats.ui.shell import session


def since_meeting(view: View) -> None:
    answer = session.brought(view).since
    if answer:
        card(view, answer)
