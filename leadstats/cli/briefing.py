"""What `leadstats brief` prints: the answers of a briefing, and as JSON the numbers behind them."""

from typing import Any

from leadstats.briefing import View
from leadstats.briefing.answer import Answer
from leadstats.briefing.brief import Briefing, Figure, figures
from leadstats.cli.rendering import months, scope_as_json
from leadstats.narrative import captions, wording


def as_json(view: View, told: Briefing) -> dict[str, Any]:
    return {
        "snapshot": told.snapshot,
        "audience": told.audience,
        "filters": scope_as_json(told.filters),
        "data_through": told.data_through.isoformat(),
        "answers": [_answer_as_json(view, answer) for answer in told.answers],
    }


def _answer_as_json(view: View, answer: Answer) -> dict[str, Any]:
    first, last = answer.months or (view.filters.first_month, view.filters.last_month)
    return {
        "page": answer.page,
        "question": answer.question,
        "verdict": answer.verdict,
        "lead": answer.lead,
        "months": months(first, last),
        "figures": [_figure_as_json(figure) for figure in figures(view, answer)],
        "cautions": answer.cautions,
        "rests_on": answer.rests_on,
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    numbers = ("breakdown", "category", "unit", "value", "low", "high", "hidden")
    over = months(figure.first_month, figure.last_month)
    return {"metric": figure.metric, **over, **{name: getattr(figure, name) for name in numbers}}


def as_text(view: View, told: Briefing) -> str:
    head = f"Snapshot {told.snapshot}, data through {wording.day(told.data_through)}. {captions.scope(told.filters)}"
    note = wording.audience_note(told.audience, view.database.threshold)
    return "\n\n".join([f"{head}\n{note}.", *map(_answer_as_text, told.answers)])


def _answer_as_text(answer: Answer) -> str:
    verdict = [f"{wording.capital(answer.verdict)}."] if answer.verdict else []
    return "\n  ".join([answer.question, *verdict, answer.lead, *answer.cautions, *answer.rests_on])
