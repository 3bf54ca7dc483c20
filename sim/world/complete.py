"""What a table may leave out: each blank gets its stated default, and the person is told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.language import LANGUAGES, catalogue, text
from sim.world.layout import DEFAULT_TOWN_AREA_KM2
from sim.world.mistakes import Mistakes
from sim.world.names import MADE_LINE, Names, Tables
from sim.world.schematic import arrange
from sim.world.sheets import Sheet
from sim.world.tables import LINE, SCHEMATIC

Notes = list[dict[str, str]]


def complete_tables(tables: Tables, sheets: Mapping[str, Sheet], mistakes: Mistakes) -> Notes:
    """Fill in what may be left out, in place.

    Names stand in for each other between the languages; counties that only the towns name, and the
    prefecture and province above counties without any, are made; units without a code get one made of their
    names; references by name become codes; two towns alone are neighbours; what has no point is arranged by
    who touches whom.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Tables as `sim.world.reading.read_table` gives them.
    sheets : mapping of str to Sheet
        Where they stand.
    mistakes : Mistakes
        Takes what cannot be completed.

    Returns
    -------
    list of dict
        What was taken for granted, in zh and en.
    """
    notes: Notes = []
    _name_either_way(tables, sheets, mistakes)
    _make_counties(tables, mistakes, notes)
    _make_superiors(tables, notes)
    names = Names(tables, sheets, mistakes)
    names.settle()
    if names.made_codes:
        notes.append(note("codes_made", count=names.made_codes))
    _default_words(tables)
    _complete_river(tables, sheets, mistakes)
    _default_adjacency(tables, notes)
    _place_towns(tables, notes)
    _tell_blanks(tables, notes)
    return notes


def note(key: str, **values: object) -> dict[str, str]:
    """Say what was taken for granted.

    Parameters
    ----------
    key : str
        Last part of the key of the text.
    **values : object
        What its placeholders stand for.

    Returns
    -------
    dict of str to str
        The sentence in zh and en.

    Examples
    --------
    >>> note("two_towns")["en"]
    'The two towns are taken to be neighbours.'
    """
    return {language: text(f"border.note.{key}", language, **values) for language in LANGUAGES}


def _name_either_way(tables: Tables, sheets: Mapping[str, Sheet], mistakes: Mistakes) -> None:
    for file in ("places.csv", "towns.csv", "villages.csv"):
        frame = tables[file]
        nameless = (frame["name_zh"] == "") & (frame["name_en"] == "")
        for line in frame[LINE][nameless]:
            if not mistakes.has(file, int(line), "name_zh"):
                allowed = {"zh": "中文名或英文名", "en": "a name, in Chinese or in English"}
                mistakes.add(sheets[file], int(line), "name_zh", allowed)
        frame["name_zh"] = frame["name_zh"].where(frame["name_zh"] != "", frame["name_en"])
    departments = tables["departments.csv"]
    is_named = departments["name_en"] != ""
    departments["name_en"] = departments["name_en"].where(is_named, departments["name_zh"])


def _make_counties(tables: Tables, mistakes: Mistakes, notes: Notes) -> None:
    """Make the counties that towns name, where no table of places says anything else."""
    places, towns = tables["places.csv"], tables["towns.csv"]
    if (places["level"] == "county").any() or mistakes.has("places.csv"):
        return
    named = [name for name in dict.fromkeys(towns["county_code"]) if name]
    if named and not (places["level"] != "").any():
        tables["places.csv"] = _with_rows(places, [{"level": "county", "name_zh": name} for name in named])
        notes.append(note("counties_made", count=len(named)))


def _make_superiors(tables: Tables, notes: Notes) -> None:
    """Put counties without any superior under one prefecture, and prefectures under one province."""
    made: list[str] = []
    for level, above in (("county", "prefecture"), ("prefecture", "province")):
        places = tables["places.csv"]
        own = places["level"] == level
        if not own.any() or (places["level"] == above).any() or (places["parent_code"][own] != "").any():
            continue
        name = catalogue()[f"border.made.{above}"]
        row: dict[str, object] = {"level": above, "name_zh": name["zh"], "name_en": name["en"]}
        places = _with_rows(places, [row])
        places.loc[places["level"] == level, "parent_code"] = name["zh"]
        tables["places.csv"] = places
        made.append(above)
    if made:
        notes.append(note("superiors_made"))


def _with_rows(frame: pd.DataFrame, rows: list[dict[str, object]]) -> pd.DataFrame:
    blank = {name: np.nan if frame[name].dtype == "float64" else "" for name in frame.columns}
    added = pd.DataFrame([blank | {LINE: MADE_LINE} | row for row in rows], columns=frame.columns)
    return pd.concat([frame, added.astype(frame.dtypes.to_dict())], ignore_index=True)


def _default_words(tables: Tables) -> None:
    for file, column, word in (
        ("villages.csv", "kind", "village"),
        ("mechanisms.csv", "ties", "all"),
        ("mechanisms.csv", "border_only", "yes"),
    ):
        frame = tables[file]
        frame[column] = frame[column].where(frame[column] != "", word)


def _complete_river(tables: Tables, sheets: Mapping[str, Sheet], mistakes: Mistakes) -> None:
    """Name the towns on the river as the towns' own table does; one outside it must say its county."""
    river, towns = tables["river.csv"], tables["towns.csv"]
    columns = ("name_zh", "name_en", "county_code")
    known = {
        code: dict(zip(columns, cells, strict=True))
        for code, *cells in zip(towns["code"], *(towns[column] for column in columns), strict=True)
    }
    cells_of = zip(*(river[column] for column in columns), strict=True)
    rows = [dict(zip(columns, cells, strict=True)) for cells in cells_of]
    for row, code, line in zip(rows, river["town_code"], river[LINE].tolist(), strict=True):
        for column in columns:
            row[column] = row[column] or known.get(code, {}).get(column, "")
        row["name_zh"] = row["name_zh"] or row["name_en"] or code
        is_lost = code and not row["county_code"] and code not in known
        if is_lost and not (mistakes.has("river.csv", line, "county_code") or mistakes.has("towns.csv")):
            allowed = {
                "zh": "towns.csv 中的乡镇；模型以外的乡镇须另填所属县",
                "en": "a town in towns.csv; a town outside the model needs its county too",
            }
            names = [*known, *towns["name_zh"]]
            mistakes.add(sheets["river.csv"], line, "town_code", allowed, names)
    for column in columns:
        river[column] = pd.Series([row[column] for row in rows], dtype="object", index=river.index)


def _default_adjacency(tables: Tables, notes: Notes) -> None:
    adjacency, towns = tables["adjacency.csv"], tables["towns.csv"]
    if not len(adjacency) and not len(tables["ties.csv"]) and len(towns) == 2:
        a, b = towns["code"]
        tables["adjacency.csv"] = _with_rows(adjacency, [{"town_a": a, "town_b": b}])
        notes.append(note("two_towns"))


def _place_towns(tables: Tables, notes: Notes) -> None:
    """Give counties the middle of their towns, and arrange towns where not even the county has a point."""
    places, towns = tables["places.csv"], tables["towns.csv"]
    is_county = places["level"] == "county"
    _middle_of_towns(places, towns, is_county)
    known = set(places["code"][is_county & places["lon"].notna() & places["lat"].notna()])
    adrift = towns["lon"].isna() & towns["lat"].isna() & ~towns["county_code"].isin(known)
    if not adrift.any():
        return
    index = {code: row for row, code in enumerate(towns["code"])}
    pairs = tables["adjacency.csv"][["town_a", "town_b"]].to_numpy()
    touching = np.array(
        [(index[a], index[b]) for a, b in pairs if a in index and b in index and a != b], dtype=np.int64
    ).reshape(-1, 2)
    area = towns["area_km2"].fillna(DEFAULT_TOWN_AREA_KM2).to_numpy(dtype=np.float64)
    scattered = towns["lon"].isna() & ~adrift
    lon, lat = (towns[column].to_numpy(dtype=np.float64, copy=True) for column in ("lon", "lat"))
    # A town that will be scattered on its county's ground stands for now where the county does.
    seats = places[is_county].drop_duplicates("code").set_index("code")
    for row in np.flatnonzero(scattered):
        lon[row] = seats.loc[towns["county_code"].iloc[row], "lon"]
        lat[row] = seats.loc[towns["county_code"].iloc[row], "lat"]
    lon, lat = arrange(np.sqrt(area / np.pi), touching[:, 0], touching[:, 1], lon, lat)
    towns.loc[adrift, "lon"] = lon[adrift]
    towns.loc[adrift, "lat"] = lat[adrift]
    towns.loc[adrift, "coordinate_source"] = SCHEMATIC
    _middle_of_towns(places, towns, is_county)
    notes.append(note("towns_schematic", count=int(adrift.sum())))


def _middle_of_towns(places: pd.DataFrame, towns: pd.DataFrame, is_county: pd.Series) -> None:
    placed = towns[towns["lon"].notna() & towns["lat"].notna()]
    middle = placed.groupby("county_code")[["lon", "lat"]].mean()
    missing = is_county & places["lon"].isna() & places["lat"].isna() & places["code"].isin(middle.index)
    for column in ("lon", "lat"):
        places.loc[missing, column] = places.loc[missing, "code"].map(middle[column])


def _tell_blanks(tables: Tables, notes: Notes) -> None:
    """Say of every kind of blank how many there are and what stands in for them."""
    places, towns, villages = (tables[file] for file in ("places.csv", "towns.csv", "villages.csv"))
    counties = places[(places["level"] == "county") & places["code"].isin(towns["county_code"])]
    for key, blank in (
        ("towns_scattered", int(towns["lon"].isna().sum())),
        ("villages_scattered", int(villages["lon"].isna().sum())),
        ("areas", int(towns["area_km2"].isna().sum())),
        ("residents_of_counties", int(counties["residents"].isna().sum())),
        ("shared_km", int(tables["adjacency.csv"]["shared_km"].isna().sum())),
    ):
        if blank:
            notes.append(note(key, count=blank))
