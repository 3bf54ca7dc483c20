"""A schematic map: neighbours touch, strangers stand apart, what has a point keeps it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world.layout import KM_PER_DEGREE
from sim.world.schematic import arrange


def distances_km(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    x = lon * KM_PER_DEGREE * np.cos(np.radians(lat.mean()))
    y = lat * KM_PER_DEGREE
    return np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])


def grid(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    cells = np.arange(width * height).reshape(height, width)
    first = np.concatenate([cells[:, :-1].ravel(), cells[:-1].ravel()])
    second = np.concatenate([cells[:, 1:].ravel(), cells[1:].ravel()])
    return first, second


def test_neighbours_are_nearer_than_strangers() -> None:
    first, second = grid(6, 3)
    nowhere = np.full(18, np.nan)
    lon, lat = arrange(np.full(18, 5.0), first, second, nowhere, nowhere)
    apart = distances_km(lon, lat)
    touching = np.zeros((18, 18), dtype=bool)
    touching[first, second] = touching[second, first] = True
    others = ~touching & ~np.eye(18, dtype=bool)
    assert apart[touching].mean() == pytest.approx(10.0, rel=0.2)
    assert apart[touching].max() < 2.0 * apart[touching].min()
    assert apart[others].min() > 0.9 * apart[touching].max()


def test_a_row_of_towns_is_a_row_of_its_length() -> None:
    count = 8
    nowhere = np.full(count, np.nan)
    lon, lat = arrange(np.full(count, 4.0), np.arange(count - 1), np.arange(1, count), nowhere, nowhere)
    assert distances_km(lon, lat)[0, -1] == pytest.approx(8.0 * (count - 1), rel=0.02)


def test_given_points_stay_and_the_others_gather_round_them() -> None:
    lon, lat = np.array([110.0, 110.2, np.nan]), np.array([22.0, 22.0, np.nan])
    placed = arrange(np.full(3, 6.0), np.array([0, 1]), np.array([2, 2]), lon, lat)
    assert placed[0][:2].tolist() == [110.0, 110.2]
    assert placed[1][:2].tolist() == [22.0, 22.0]
    apart = distances_km(*placed)
    assert apart[2, 0] == pytest.approx(apart[2, 1], rel=0.05)
    assert 8.0 < apart[2, 0] < 16.0


def test_parts_that_nothing_joins_do_not_lie_on_each_other() -> None:
    nowhere = np.full(4, np.nan)
    apart = distances_km(*arrange(np.full(4, 5.0), np.array([0, 2]), np.array([1, 3]), nowhere, nowhere))
    assert apart[:2, 2:].min() > 10.0


def test_the_same_border_has_the_same_map() -> None:
    first, second = grid(5, 4)
    nowhere = np.full(20, np.nan)
    maps = [arrange(np.full(20, 5.0), first, second, nowhere, nowhere) for _ in range(2)]
    assert np.array_equal(maps[0], maps[1])
    assert np.isfinite(maps[0]).all()
