# %%
LANGUAGE = "zh"  # 中文 zh, English en
BORDER = "borders/example"  # 换成自己的表格文件或文件夹 · your own spreadsheet or folder

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.resolution import draw_resolution
from sim.notebook.borders import check_lines, lay_out_region
from sim.notebook.exploring import run_small
from sim.notebook.story import open_story
from sim.notebook.study_answers import answer_own_border
from sim.notebook.tables import size_table

ARMS = ["none", "five_links"]
story = open_story("own_border", LANGUAGE)
region = sim.load_region(BORDER)
world = lay_out_region(region)
found = sim.compare(region, ARMS, years=1, burn_in=1, replications=4, workers=1, progress=False)
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_own_border(world, found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.lines("mistakes", check_lines("borders/with_mistakes", LANGUAGE))

# %% jupyter={"source_hidden": true}
story.lines("check", check_lines(BORDER, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.table("size", size_table(world, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("trial", draw_resolution(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.explore("choose", run_small(region, ARMS, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
