# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.border_map import draw_map
from sim.charts.scopes import draw_scopes
from sim.notebook.answers import answer_this_border
from sim.notebook.borders import lay_out_of
from sim.notebook.story import open_story
from sim.notebook.tables import level_table, size_table

story = open_story("this_border", LANGUAGE)
found = sim.open_results("studies/alliance/results")
world = lay_out_of(found)
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_this_border(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.table("size", size_table(world, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("map", draw_map(found, LANGUAGE, world, found.baseline, "share"))

# %% jupyter={"source_hidden": true}
story.show("scopes", draw_scopes(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.table("levels", level_table(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
