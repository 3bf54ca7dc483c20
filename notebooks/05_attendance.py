# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.chosen import draw_chosen_effects
from sim.charts.willingness import draw_suspension_gap
from sim.notebook.answers import answer_attendance
from sim.notebook.exploring import choose_arm
from sim.notebook.story import open_story

story = open_story("attendance", LANGUAGE)
found = sim.open_results("studies/attendance/results")
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_attendance(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("gap", draw_suspension_gap(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("chosen", draw_chosen_effects(found, LANGUAGE, ["attendance", "effort", "settled_90_days"]))

# %% jupyter={"source_hidden": true}
story.explore("choose", choose_arm(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
