# %%
LANGUAGE = "zh"  # 中文 zh, English en

# %% jupyter={"source_hidden": true}
import sim
from sim.charts.attribution import draw_attribution, draw_interactions
from sim.charts.chosen import draw_coalition
from sim.notebook.exploring import choose_links
from sim.notebook.story import open_story
from sim.notebook.study_answers import answer_which_link
from sim.studies.analyses.attribution import attribute_effect, find_interactions

story = open_story("which_link", LANGUAGE)
study = sim.open_study("studies/five_links/results")
parts = [attribute_effect(study, name) for name in ("settled_90_days", "coverage_7_days", "willingness")]
pairs = find_interactions(study, "settled_90_days")
story.begin()

# %% jupyter={"source_hidden": true}
story.answer(answer_which_link(parts[0], parts[1], pairs, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("parts", draw_attribution(parts, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("pairs", draw_interactions(pairs, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.show("all", draw_coalition(study, LANGUAGE, ["organisation", "peace"]))

# %% jupyter={"source_hidden": true}
story.explore("choose", choose_links(study, LANGUAGE))

# %% jupyter={"source_hidden": true}
story.end()
