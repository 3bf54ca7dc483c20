# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.cost import draw_cost
from sim.charts.doses import draw_doses
from sim.charts.hours import draw_hours_calendar
from sim.charts.payers import draw_payers
from sim.notebook.answers import answer_cost
from sim.notebook.borders import lay_out_of
from sim.notebook.exploring import choose_dose
from sim.notebook.story import open_story
from sim.notebook.tables import change_table
from sim.studies.watched import open_watched

story = open_story("cost", LANGUAGE)
found = sim.open_results("studies/alliance/results")
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_cost(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("plane", draw_cost(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("payers", draw_payers(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
watched = open_watched("studies/watched/results")
story.show("hours", draw_hours_calendar(watched, LANGUAGE, lay_out_of(watched)))

# %% jupyter={"source_hidden": true}
story.table("table", change_table(found, LANGUAGE, ["staff_days_side_a", "staff_days_side_b", "money"]))

# %% jupyter={"source_hidden": true}
doses = sim.open_study("studies/body_dose/results")
outcomes = ["settled_90_days", "staff_days", "willingness"]
story.show("body", draw_doses(doses, LANGUAGE, outcomes))

# %% jupyter={"source_hidden": true}
story.explore("choose", choose_dose(doses, outcomes, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
