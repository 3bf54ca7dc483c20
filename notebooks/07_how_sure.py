# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.certainty import draw_assumption_sets, draw_precision
from sim.charts.robustness import draw_robustness
from sim.notebook.exploring import choose_runs
from sim.notebook.story import open_story
from sim.notebook.study_answers import answer_how_sure
from sim.notebook.tables import assumption_table
from sim.studies.analyses.robustness import judge_robustness

story = open_story("how_sure", LANGUAGE)
found = sim.open_results("studies/alliance/results")
study = sim.open_study("studies/assumptions/results")
sets = judge_robustness(study, "settled_90_days")
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_how_sure(found, sets, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("runs", draw_precision(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.explore("choose", choose_runs(found, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("sets", draw_assumption_sets(sets, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("rank", draw_robustness(sets, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.table("table", assumption_table(study, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
