"""Studies as a whole: paired, continued, refused, mended and read, with a made-up model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError, OutputError, SimulationError
from sim.studies.store.folder import open_folder
from sim.studies.store.reader import Study, open_study
from sim.studies.study import run_study
from sim.studies.study_plan import StudyPlan, plan_study

EFFECT = "border.settled_90_days.all"


@dataclass
class MadeUp:
    """The value is shock of the seed + x + 2 dose; the shock is shared by all points of a replication."""

    code: dict[str, str] = field(default_factory=lambda: {"sim/made_up.py": "aa"})
    fails: tuple[str, ...] = ()
    noise: float = 0.0
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def begin(self, region: str, parameters: Mapping[str, float], seed: int) -> tuple[float, float, int]:
        if "begin" in self.fails and parameters["x"] > 0.5:
            raise ValueError("no such border")
        shock = np.random.default_rng(seed % 2**32).normal()
        return shock, parameters.get("x", 0.0), seed

    def live(self, past: tuple[float, float, int], arm: str, doses: Mapping[str, float]) -> dict[str, float]:
        if arm in self.fails:
            raise SimulationError(f"{arm} breaks down")
        shock, x, seed = past
        own = self.noise * np.random.default_rng([seed % 2**32, len(arm)]).normal()
        value = 10.0 + shock + x + own + {"none": 0.0, "paper": 1.0}.get(arm, 0.0) + 2.0 * sum(doses.values())
        return {EFFECT: value, "interior.trust.all": float("nan") if arm == "none" else shock}

    def check(self) -> None:
        if "check" in self.fails:
            raise InputError("scope", "nowhere", ["here"])

    def content(self, arm: str, doses: Mapping[str, float]) -> Any:
        return [arm, dict(doses)]

    def identity(self) -> dict[str, Any]:
        return {"code": self.code, "packages": {"none": {}}, "noise": self.noise}


SETTINGS = {
    "arms": ["none", "paper"],
    "region": "here",
    "uncertain": {"x": {"low": 0, "high": 1}},
    "design": {"kind": "latin_hypercube", "samples": 5},
    "replications": 4,
}


def run(folder: Path, model: MadeUp | None = None, *, retry: bool = False, **changes: Any) -> Study:
    return run_study(
        SETTINGS, folder, workers=1, progress=False, model=model or MadeUp(), retry=retry, **changes
    )


def same(one: Study, other: Study) -> None:
    pd.testing.assert_frame_equal(one.points, other.points, check_exact=True)
    pd.testing.assert_frame_equal(one.design, other.design, check_exact=True)
    pd.testing.assert_frame_equal(one.measures, other.measures, check_exact=True)
    left, right = (study.runs.drop(columns="seconds") for study in (one, other))
    pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_every_point_meets_the_same_shocks(tmp_path: Path) -> None:
    study = run(tmp_path / "a")
    assert len(study.runs) == 5 * 2 * 4
    assert not study.runs.duplicated(["point", "replication"]).any()
    assert study.runs.groupby("replication")["seed"].nunique().tolist() == [1] * 4
    effects = study.differences.query("scope == 'border'")["difference"]
    # The shock is the same in both arms, so nothing of it is left.
    assert effects.to_numpy() == pytest.approx(np.ones(20))
    assert len(study.differences) == 5 * 4 * 2


def test_tables_and_views_say_the_same(tmp_path: Path) -> None:
    study = run(tmp_path / "a", MadeUp(fails=("begin",)))
    with study.connection() as connection:
        for name, keys in {
            "points": ["point"],
            "design": ["sample", "arm"],
            "runs": ["point", "replication"],
            "measures": ["point", "replication", "scope", "measure"],
            "differences": ["point", "replication", "scope", "measure"],
        }.items():
            table = getattr(study, name).copy()
            view = connection.sql(f"select * from {name}").df()
            assert list(view.columns) == list(table.columns)
            words = [key for key in table.columns if isinstance(table[key].dtype, pd.CategoricalDtype)]
            table, view = table.astype(dict.fromkeys(words, "str")), view.astype(dict.fromkeys(words, "str"))
            table, view = (item.sort_values(keys).reset_index(drop=True) for item in (table, view))
            pd.testing.assert_frame_equal(table, view, check_dtype=False, check_exact=True)
            assert len(table)


def test_a_study_without_a_run_that_is_ok_can_be_read(tmp_path: Path) -> None:
    study = run(tmp_path / "a", MadeUp(fails=("none", "paper")))
    assert len(study.measures) == len(study.differences) == 0
    with study.connection() as connection:
        for name in ("measures", "differences"):
            view = connection.sql(f"select * from {name}").df()
            assert list(view.columns) == list(getattr(study, name).columns)
            assert len(view) == 0


def test_every_column_is_explained_in_both_languages(tmp_path: Path) -> None:
    players = {"factors": {"duty": None, "trade": None}, "uncertain": None}
    study = run(tmp_path / "a", **players, design={"kind": "shapley", "permutations": 2})
    explained = set(zip(study.columns["table"], study.columns["column"], strict=True))
    for name in ("points", "design", "runs", "measures", "differences"):
        assert {(name, column) for column in getattr(study, name).columns} <= explained
    assert (study.columns[["zh", "en"]] != "").all(axis=None)
    assert not study.columns["en"].str.contains("{", regex=False).any()


def test_values_are_points_by_replications(tmp_path: Path) -> None:
    study = run(tmp_path / "a", MadeUp(fails=("paper",)))
    table = study.values("settled_90_days")
    assert table.shape == (10, 4)
    arms = study.points.set_index("point")["arm"]
    assert table.notna().all(axis=1).equals(arms == "none")
    with pytest.raises(InputError, match="border.trust.all"):
        study.values("trust")


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_a_study_that_was_stopped_is_continued_to_the_same_rows(
    tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.studies import schedule, study

    whole = run(tmp_path / "whole")
    monkeypatch.setattr(schedule, "_CHUNK_SECONDS", 1e-9)
    done = []

    def interrupted(*arguments: Any) -> Any:
        for number, found in enumerate(study_work(*arguments)):
            if number == after:
                raise KeyboardInterrupt
            done.append(found)
            yield found

    study_work = study.work_through
    monkeypatch.setattr(study, "work_through", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped")
    assert len(open_study(tmp_path / "stopped").runs) == 2 * after
    monkeypatch.setattr(study, "work_through", study_work)
    same(whole, run(tmp_path / "stopped"))


def test_a_run_that_fails_is_recorded_and_ends_nothing(tmp_path: Path) -> None:
    study = run(tmp_path / "a", MadeUp(fails=("paper",)))
    assert study.runs["status"].value_counts().to_dict() == {"ok": 20, "failed": 20}
    errors = study.runs["error"].dropna()
    assert len(errors) == 20
    assert all(
        part in errors.iloc[0]
        for part in ("region here", "replication 0 (seed ", "arm paper", "x = ", "paper breaks down")
    )
    # Continued it is left as it is, unless it shall be tried again.
    mended = MadeUp()
    assert (run(tmp_path / "a", mended).runs["status"] == "failed").sum() == 20
    same(run(tmp_path / "a", mended, retry=True), run(tmp_path / "b"))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_would_fail_in_every_run_is_refused_before_any(tmp_path: Path, workers: int) -> None:
    """A worker looks, and what it says comes back as it was said."""
    with pytest.raises(InputError, match="scope = 'nowhere'"):
        run_study(SETTINGS, tmp_path, workers=workers, progress=False, model=MadeUp(fails=("check",)))
    assert len(open_study(tmp_path).runs) == 0


def test_a_past_that_fails_fails_its_runs_only(tmp_path: Path) -> None:
    study = run(tmp_path / "a", MadeUp(fails=("begin",)))
    failed = study.runs[study.runs["status"] == "failed"]
    x = study.points.set_index("point")["parameter_x"]
    assert set(failed["point"]) == set(x[x > 0.5].index)
    assert failed["error"].str.contains("ValueError: no such border").all()


def test_replications_and_points_may_be_added_later(tmp_path: Path) -> None:
    run(tmp_path / "a", replications=2)
    same(run(tmp_path / "a"), run(tmp_path / "b"))
    more = run(tmp_path / "a", arms=["none", "paper", "five_links"])
    assert len(more.runs) == 5 * 3 * 4
    assert sorted(more.points["point"]) == list(range(15))
    old = open_study(tmp_path / "b").points
    pd.testing.assert_frame_equal(more.points.iloc[:10], old, check_exact=True)
    fewer = run(tmp_path / "a", replications=1)
    assert len(fewer.runs) == 5 * 3 * 4


@pytest.mark.parametrize(
    ("model", "changes", "field", "new", "old"),
    [
        (MadeUp(code={"sim/made_up.py": "ab"}), {}, "sim/made_up.py", "ab", '"aa"'),
        (MadeUp(noise=0.5), {}, "noise", 0.5, "0.0"),
        (MadeUp(), {"seed": 2}, "seed", 2, "1"),
        (MadeUp(), {"uncertain": {"x": {"low": 0, "high": 2}}}, "dimensions.x.high", 2.0, "1.0"),
        (MadeUp(), {"arms": ["paper", "none"]}, "baseline", "paper", '"none"'),
        (MadeUp(), {"design": "full_factorial"}, "design.kind", "full_factorial", '"latin_hypercube"'),
    ],
)
def test_another_study_is_refused_and_the_difference_named(
    tmp_path: Path, model: MadeUp, changes: dict[str, Any], field: str, new: object, old: str
) -> None:
    before = run(tmp_path / "a").measures
    with pytest.raises(InputError) as refused:
        run(tmp_path / "a", model, **changes)
    assert (refused.value.field, refused.value.value) == (field, new)
    assert f"allowed: {old}, with which this study began" in str(refused.value)
    pd.testing.assert_frame_equal(open_study(tmp_path / "a").measures, before)


def test_a_truncated_shard_is_run_again(tmp_path: Path) -> None:
    run(tmp_path / "a")
    victim = next((tmp_path / "a" / "shards").glob("runs-*"))
    victim.write_bytes(victim.read_bytes()[:-1])
    cut = open_study(tmp_path / "a")
    assert cut.damaged == (victim.name,)
    assert len(cut.measures) == 0
    mended = run(tmp_path / "a")
    assert mended.mended == (victim.name,)
    assert mended.damaged == ()
    same(mended, run(tmp_path / "b"))


def test_a_table_asked_for_while_shards_are_merged_is_whole(tmp_path: Path) -> None:
    run(tmp_path / "a", replications=2)
    opened = open_study(tmp_path / "a")
    run(tmp_path / "a", arms=["none", "paper", "five_links"])
    assert len(opened.runs) == 60


@pytest.mark.parametrize("place", ["notes.txt", "shards/notes.txt"])
def test_a_foreign_file_is_named_and_nothing_is_touched(tmp_path: Path, place: str) -> None:
    run(tmp_path / "a", replications=2)
    (tmp_path / "a" / place).write_text("mine")
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"notes\.txt"):
        run(tmp_path / "a")
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()} == before
    (tmp_path / "a" / place).unlink()
    same(run(tmp_path / "a"), run(tmp_path / "b"))


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(InputError, match=r"thesis\.docx"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_the_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "comparison"}))
    with pytest.raises(InputError, match="the manifest.json of a study"):
        run(tmp_path)
    with pytest.raises(InputError, match="the folder of a study"):
        open_study(tmp_path / "nowhere")


def test_runs_without_their_manifest_are_refused_and_left_alone(tmp_path: Path) -> None:
    """Of which study they are nobody can tell; taken for this one's, they might be any numbers."""
    run(tmp_path / "a", replications=2)
    manifest = tmp_path / "a" / "manifest.json"
    content = manifest.read_bytes()
    manifest.unlink()
    with pytest.raises(InputError, match=r"bring it back"):
        run(tmp_path / "a", seed=2)
    assert not manifest.exists()
    manifest.write_bytes(content)
    same(run(tmp_path / "a"), run(tmp_path / "b"))


@pytest.mark.parametrize("key", ["identity", "dimensions", "settings", "arms", "study"])
def test_a_manifest_without_what_it_needs_is_a_sentence(tmp_path: Path, key: str) -> None:
    run(tmp_path / "a", replications=2)
    manifest = tmp_path / "a" / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    del content[key]
    manifest.write_text(json.dumps(content), "utf-8")
    for tried in (run, open_study):
        with pytest.raises(InputError, match=r"the manifest\.json of a study"):
            tried(tmp_path / "a")


def test_a_difference_as_long_as_a_package_is_shortened(tmp_path: Path) -> None:
    run(tmp_path / "a", MadeUp(code={"sim/made_up.py": "a" * 500}))
    with pytest.raises(InputError) as refused:
        run(tmp_path / "a", MadeUp(code={"sim/made_up.py": "b" * 500}))
    assert refused.value.field == "sim/made_up.py"
    assert 100 < len(str(refused.value)) < 350


def test_an_unwritable_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(OutputError):
        run(tmp_path / "a")


def test_two_runners_do_not_share_a_folder(tmp_path: Path) -> None:
    plan = plan_study(SETTINGS, model=MadeUp())
    with open_folder(tmp_path / "a", plan), pytest.raises(InputError, match="no other process"):
        run(tmp_path / "a")
    run(tmp_path / "a")


def test_what_an_interrupted_beginning_left_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    (folder / "shards").mkdir(parents=True)
    (folder / "points.parquet").write_bytes(b"half")
    (folder / ".manifest.0123.part.json").write_bytes(b"half")
    same(run(folder), run(tmp_path / "b"))
    assert not list(folder.glob(".*.part*"))


def test_parts_make_the_whole(tmp_path: Path) -> None:
    for part in (2, 0, 1):
        found = run(tmp_path / "a", part=part, parts=3)
    assert len(found.runs) == 40
    same(run(tmp_path / "a"), run(tmp_path / "b"))
    with pytest.raises(InputError, match="part"):
        run(tmp_path / "a", part=3, parts=3)
    with pytest.raises(InputError, match="parts"):
        run(tmp_path / "a", part=0, parts=3, precision=0.1)


def needed(study: Study) -> dict[int, int]:
    return study.runs.groupby("point").size().to_dict()


def test_replications_are_added_to_pairs_whose_interval_is_wide(tmp_path: Path) -> None:
    quiet = run(tmp_path / "quiet", MadeUp(noise=0.001), precision=0.01, maximum_replications=60)
    assert set(needed(quiet).values()) == {4}
    noisy = run(tmp_path / "noisy", MadeUp(noise=1.0), precision=0.06, maximum_replications=500)
    counts = needed(noisy)
    assert max(counts.values()) > 14
    baselines = noisy.points.set_index("point")["baseline_point"].to_dict()
    effects = noisy.differences.query("measure == 'settled_90_days'")
    for point, count in counts.items():
        assert (count - 4) % 10 == 0
        if baselines[point] != point:
            own = effects[effects["point"] == point]
            assert len(own) == count == counts[baselines[point]]
            half = 1.96 * own["difference"].std() / np.sqrt(count)
            assert half <= 0.06 * abs(own["baseline_value"].mean())
    assert noisy.manifest["precision_not_reached"] == []
    same(run(tmp_path / "noisy", MadeUp(noise=1.0), precision=0.06, maximum_replications=500), noisy)


def test_precision_asks_for_the_same_batches_when_stopped_in_between(tmp_path: Path) -> None:
    whole = run(tmp_path / "a", MadeUp(noise=1.0), precision=0.06, maximum_replications=500)
    for most in (8, 24, 500):
        stopped = run(tmp_path / "b", MadeUp(noise=1.0), precision=0.06, maximum_replications=most)
        if most == 8:
            assert stopped.manifest["precision_not_reached"]
    assert set(needed(whole)) == set(needed(stopped))
    keys = ["point", "replication", "scope", "measure"]
    both = whole.measures.merge(stopped.measures, on=keys, suffixes=("", "_b"))
    assert len(both) >= min(len(whole.measures), len(stopped.measures))
    assert both["value"].equals(both["value_b"])


def test_the_analytic_mean_of_a_switch_is_found(tmp_path: Path) -> None:
    doses = {"factors": {"duty": None, "trade": {"levels": [0, 0.5, 1]}}, "uncertain": None}
    study = run(tmp_path / "a", **doses, design="full_factorial")
    effects = (
        study.differences.query("scope == 'border'").merge(study.points, on="point").query("arm == 'dosed'")
    )
    assert (effects["difference"] - 2 * (effects["dose_duty"] + effects["dose_trade"])).abs().max() < 1e-9
    assert len(effects) == 6 * 4


@pytest.mark.parametrize("suffix", [".xlsx", ""])
def test_spreadsheets_get_the_same_numbers(tmp_path: Path, suffix: str) -> None:
    study = run(tmp_path / "研究")
    target = study.export(tmp_path / f"表{suffix}")
    if suffix:
        sheets = pd.read_excel(target, sheet_name=None)
        assert list(sheets) == ["points", "design", "runs", "columns"]
        values = sheets["runs"].pivot(index="point", columns="replication", values=EFFECT)
    else:
        assert (target / "measures.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        table = pd.read_csv(target / "measures.csv", encoding="utf-8-sig").query("scope == 'border'")
        values = table.pivot(index="point", columns="replication", values="value")
    # A spreadsheet keeps fifteen digits.
    assert values.to_numpy() == pytest.approx(
        study.values("settled_90_days").to_numpy(), rel=1e-14 if suffix else 0
    )


def test_a_plan_is_checked_once_and_run_as_it_is(tmp_path: Path) -> None:
    plan = plan_study(SETTINGS, model=MadeUp())
    assert isinstance(plan, StudyPlan)
    same(run_study(plan, tmp_path / "a", workers=1, progress=False), run(tmp_path / "b"))
