"""Racial equity: where along the way do people fare differently?"""

from leadstats import ui

view = ui.open_page("equity", reference="White")
against = ui.reference(view)
ui.section(
    "Stage by stage",
    "Each stage asks only about those who reached it. First: is the gap clear of chance? Then: how large is it, "
    "and how many people does it mean?",
)
ui.stages(view, against)
ui.section("Two yardsticks")
ui.benchmarks(view, against)
