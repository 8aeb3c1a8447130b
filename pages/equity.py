"""Racial equity: where along the way do people fare differently?"""

from leadstats import ui


@ui.page("equity", reference="White")
def draw(view):
    ui.reference(view)
    ui.section(
        "The whole way",
        "First: is a gap clear of chance? Then: how large is it, and how many people does it mean?",
    )
    ui.chain(view)
    ui.folded(view, "Stage by stage", ui.stages, sentence="Each stage asks only about those who reached it.")
    ui.folded(
        view,
        "Several yardsticks",
        ui.benchmarks,
        sentence="Which one is chosen decides the answer, so none stands alone.",
    )
    ui.folded(view, "Arrests and stops per resident", ui.per_resident)
    ui.folded(view, "How much of the gap is mix", ui.mixes)
    ui.folded(
        view,
        "Race, counted in two ways",
        lambda view: ui.races(view, "people_referred", "people_enrolled"),
    )
