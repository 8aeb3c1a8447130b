"""Each page's question and how a view answers it, the most important first, for pages, command line and papers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from leadstats.analysis import control_charts
from leadstats.analysis.goals import outlook
from leadstats.briefing import before_after, by_group, equity, goals, over_time
from leadstats.briefing.answer import Answer, cautions, each_of
from leadstats.briefing.standings import is_part, standings
from leadstats.briefing.view import HEADLINE, View
from leadstats.model.language import message, say
from leadstats.narrative import equity_sentences, headlines, not_recorded, page_leads, stage_words
from leadstats.narrative import goals as said_of

Asked = Callable[[View], Answer | Sequence[Answer]]
# The numbers of a release whose sentences the release itself brings.
RELEASED = {
    "overview": HEADLINE,
    "enrollment": ("people_referred", "intake_within_30_days"),
    "diversion": ("diversion_rate",),
    "jail_beds": ("jail_nights_avoided",),
    "housing": (
        "people_placed_in_permanent_housing",
        "still_housed_at_365_days",
        "people_who_lost_first_home",
    ),
}


@dataclass(frozen=True)
class Question:
    """A page's question. answer: in one sentence. shown_by: the answers that show it best, where there is room for only
    a few. is_briefed: whether it is in a briefing. in_public: the question to ask a release instead, which has less.
    not_public: why a release cannot answer it, so that it is not asked."""

    words: str
    answer: Asked | None = None
    shown_by: tuple[Asked, ...] = ()
    is_briefed: bool = True
    in_public: str = ""
    not_public: str = ""


def answered(page: str, view: View) -> Answer:
    """The answer to a page's question; empty if the page has none. If the view is of a release that cannot answer, it
    has no question, and the lead says why."""
    question = QUESTIONS[page]
    metrics = RELEASED.get(page, ())
    if view.database.is_public and question.not_public and not any(map(view.database.holds, metrics)):
        return Answer(page, say(question.not_public), page=page)
    if view.database.is_public and metrics:
        found = _released(view, metrics)
    else:
        found = question.answer(view) if question.answer else Answer("")
    words = view.database.is_public and question.in_public or question.words
    return replace(found, name=page, page=page, question=say(words))


def shown(page: str, view: View) -> list[Answer]:
    """The charts and tables that show the answer best, without those a release leaves out."""
    found = [each for asked in QUESTIONS[page].shown_by for each in each_of(asked(view))]
    return [each for each in found if not each.left_out]


def _released(view: View, metrics: Sequence[str]) -> Answer:
    found = [view.figure(metric) for metric in metrics if view.database.can_name(metric)]
    said = [*filter(None, map(page_leads.released, found))]
    if not said:
        return _answer(page_leads.not_published(view.database.threshold), found)
    # Numbers that are asked for but not there, as in a small county, are named: silence would be taken for zero.
    if lacking := [each.metric.title for each in found if each.missing]:
        said.append(not_recorded.not_released(lacking))
    return _answer(" ".join(said), found)


def _answer(lead: str, results: Sequence, verdict: str = "") -> Answer:
    told = cautions([each for each in results if not each.missing])
    return Answer("", lead, tuple(results), cautions=told, verdict=verdict, has_csv=True)


def _from(sentence: Callable[..., str], *metrics: str) -> Callable[[View], Answer]:
    """Answers with a sentence made of these numbers, each over its own months; the verdict is about the first."""

    def answer(view: View) -> Answer:
        found = [view.figure(metric) for metric in metrics]
        return _answer(sentence(*found), found, over_time.verdict(view, metrics[0]))

    return answer


def _overview(view: View) -> Answer:
    """First the verdict, if there are goals; then who came."""
    counted = [view.figure(metric) for metric in HEADLINE]
    found = standings(view)
    verdict = said_of.of_all(found)
    numbers = page_leads.overview(*counted)
    if not found:
        return _answer(numbers, counted, verdict)
    if is_part(view.filters):
        # Goals are set for everybody, so their numbers do not belong to this choice of places or pathways.
        return _answer(numbers, counted, say("all of LEAD: {verdict}", verdict=verdict))
    held = [replace(each.published, cells=(each.latest,)) for each in found if each.latest]
    track = said_of.as_things_go(
        [outlook(each, over_time.new_baselines(view, each.goal.by)) for each in found]
    )
    lead = " ".join(filter(None, (said_of.furthest(found), track, numbers)))
    return _answer(lead, [*counted, *held], verdict)


def _jail_beds(view: View) -> Answer:
    names = ("jail_nights_avoided", "jail_beds_avoided", "jail_nights_avoided_by_choice")
    found = [view.figure(name) for name in names]
    return _answer(page_leads.jail_beds(*found), found, page_leads.are_avoided(found[0], found[2]))


def _equity(view: View) -> Answer:
    tables = [view.equity(stage) for stage in stage_words.STAGES]
    known = [table for table in tables if not table.missing]
    if view.database.is_public and not known:
        return _answer(page_leads.not_published(view.database.threshold), known)
    return _answer(page_leads.equity(tables), known, equity_sentences.where(known) if known else "")


def _neighborhoods(view: View) -> Answer:
    rates = view.figure("diversion_rate", breakdown="neighborhood")
    if any(cell.value is not None for cell in rates.cells):
        everyone = view.figure("diversion_rate")
        outliers = control_charts.beyond_chance(rates.cells, headlines.total(everyone))
        verdict = page_leads.how_many_differ(rates, outliers)
        return _answer(page_leads.places_apart(rates, outliers), [rates, everyone], verdict)
    referred = view.figure("people_referred", breakdown="neighborhood")
    if view.database.is_public and referred.missing:
        return _answer(page_leads.not_published(view.database.threshold), [referred])
    said = page_leads.nothing if referred.missing else page_leads.headline
    return _answer(said(referred), [referred])


def _data_quality(view: View) -> Answer:
    if view.database.is_public:
        numbers = [number for held in view.database.tables.values() for number in held.values()]
        shown = sum(number is not None for number in numbers)
        return _answer(page_leads.numbers_hidden(shown, len(numbers) - shown), ())
    read, rejected = (
        sum(getattr(each, part) for each in view.database.exports.files) for part in ("read", "rejected")
    )
    tables = [view.equity(stage) for stage in stage_words.STAGES]
    lead = page_leads.rows_left_out(read, rejected, tables)
    return _answer(lead, (), page_leads.share_left_out(read, rejected))


def _definitions(view: View) -> Answer:
    return _answer(page_leads.definitions(len(view.database.metrics)), ())


# By the address of a page, in order of importance.
QUESTIONS: Mapping[str, Question] = {
    "overview": Question(
        message("Are we on track?"),
        _overview,
        (goals.goals,),
        in_public=message("How many people came to LEAD, and how many arrests were diverted?"),
    ),
    "enrollment": Question(
        message("Who comes, and how fast are they met?"),
        _from(page_leads.enrollment, "intake_within_30_days", "waiting_for_intake"),
        (before_after.referral_stages,),
    ),
    "diversion": Question(
        message("How often is the offer made when it could be?"),
        _from(page_leads.diversion, "diversion_rate"),
        (lambda view: over_time.trend(view, "diversion_rate", has_limits=True),),
    ),
    "jail_beds": Question(
        message("What did diversion spare the jail?"),
        _jail_beds,
        (lambda view: by_group.groups(view, "jail_nights_avoided", "charge_class"),),
        not_public=page_leads.JAIL_BEDS_NOT_PUBLIC,
    ),
    "housing": Question(
        message("Who is housed, and stays housed?"),
        _from(page_leads.housing, "people_placed_in_permanent_housing", "still_housed_at_365_days"),
        (lambda view: over_time.trend(view, "people_placed_in_permanent_housing", has_limits=True),),
        in_public=message("How many people found a home, and did they keep it?"),
    ),
    "equity": Question(message("Where along the way do people fare differently?"), _equity, (equity.chain,)),
    "neighborhoods": Question(
        message("Where do people need LEAD, and where does it reach them?"),
        _neighborhoods,
        (lambda view: by_group.spread(view, "diversion_rate"),),
    ),
    "data_quality": Question(message("How far can these numbers be trusted?"), _data_quality),
    "explore": Question(
        message("Any number, by any group"),
        lambda view: _answer(say(page_leads.EXPLORE), ()),
        is_briefed=False,
    ),
    "case_work": Question(
        message("Who waits, and who is due to be met?"),
        _from(page_leads.case_work, "waiting_over_30_days", "due_for_contact"),
        is_briefed=False,
        not_public=page_leads.CASE_WORK_NOT_PUBLIC,
    ),
    "meetings": Question(message("What was decided, and what became of it?"), is_briefed=False),
    "import": Question(message("How do our own exports get in?"), is_briefed=False),
    "settings": Question(message("What is our county's own?"), is_briefed=False),
    "evidence": Question(message("What is known from elsewhere?"), is_briefed=False),
    "definitions": Question(message("What does each number mean?"), _definitions, is_briefed=False),
}
