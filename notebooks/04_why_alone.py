# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.biography import draw_biography
from sim.charts.chosen import draw_chosen_effects
from sim.charts.willingness import draw_suspension_gap
from sim.charts.words import arm_names
from sim.notebook.answers import answer_why_alone
from sim.notebook.life import open_life
from sim.notebook.story import open_story
from sim.notebook.tables import change_table

story = open_story("why_alone", LANGUAGE)
found = sim.open_results("studies/why_alone/results")
measures = ["effort", "settled_90_days", "reciprocity", "joint_share", "settled_90_days_hard", "staff_days"]
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_why_alone(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("gap", draw_suspension_gap(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("chosen", draw_chosen_effects(found, LANGUAGE, measures))

# %% jupyter={"source_hidden": true}
life = open_life("studies/why_alone/life")
names = arm_names(found, LANGUAGE)
story.show("life", draw_biography(life.biography, life.world, names, LANGUAGE, life.picked))

# %% jupyter={"source_hidden": true}
story.table("table", change_table(found, LANGUAGE, measures))

# %% jupyter={"source_hidden": true}
story.end()
