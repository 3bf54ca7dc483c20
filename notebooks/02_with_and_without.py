# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.coverage import draw_coverage
from sim.charts.doses import draw_doses
from sim.charts.flow import draw_flow
from sim.charts.line import draw_line_coverage
from sim.charts.paired import draw_paired_effects
from sim.charts.resolution import draw_resolution
from sim.charts.willingness import draw_willingness
from sim.notebook.answers import answer_with_and_without
from sim.notebook.borders import lay_out_of
from sim.notebook.exploring import choose_dose
from sim.notebook.story import open_story
from sim.studies.watched import open_watched

story = open_story("with_and_without", LANGUAGE)
found = sim.open_results("studies/alliance/results")
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_with_and_without(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("paired", draw_paired_effects(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("resolution", draw_resolution(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("flow", draw_flow(found, LANGUAGE, "five_links"))

# %% jupyter={"source_hidden": true}
story.show("coverage", draw_coverage(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
watched = open_watched("studies/watched/results")
story.show("line", draw_line_coverage(watched, LANGUAGE, lay_out_of(watched)))

# %% jupyter={"source_hidden": true}
story.show("willingness", draw_willingness(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
doses = sim.open_study("studies/alliance_dose/results")
outcomes = ["settled_90_days", "coverage_7_days", "willingness"]
story.show("dose", draw_doses(doses, LANGUAGE, outcomes))

# %% jupyter={"source_hidden": true}
story.explore("choose", choose_dose(doses, outcomes, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
