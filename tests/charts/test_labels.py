"""Names on a map: apart from each other and nearest to what they name."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.labels import Label, place_labels
from sim.charts.style import drawing, new_figure

SPOTS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=10, unique=True)


@given(SPOTS)
def test_names_do_not_cover_each_other_nor_points_and_stay_inside(spots):
    with drawing("zh"):
        figure = new_figure(8, 8)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, 10)
        axes.set_ylim(0, 10)
        boxes = place_labels(axes, [Label("石角", x, y, "black", 8.0) for x, y in spots], spots)
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
        assert not any(
            box.contains(*point) for point in axes.transData.transform(np.array(spots, dtype=float))
        )
        assert all(figure.bbox.contains(*corner) for corner in box.corners())


def test_a_name_is_nearer_to_its_own_point_than_to_another():
    with drawing("en"):
        figure = new_figure(8, 8)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, 10)
        axes.set_ylim(0, 10)
        # To the right, the usual place, the name would stand against the other point.
        box = place_labels(axes, [Label("Liangtian", 5, 5, "black", 8.0)], [(5, 5), (5.9, 5)])[0]
    own, other = axes.transData.transform([(5, 5), (5.9, 5)])
    middle = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    assert np.hypot(*(middle - own)) < np.hypot(*(middle - other))


def test_obstacles_stay_in_sight():
    with drawing("en"):
        figure = new_figure(8, 8)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, 10)
        axes.set_ylim(0, 10)
        obstacles = [(5 + 0.05 * step, 5.0) for step in range(1, 20)]
        box = place_labels(axes, [Label("Pingding", 5, 5, "black", 8.0)], [(5, 5)], obstacles)[0]
    assert not any(box.contains(*point) for point in axes.transData.transform(np.array(obstacles)))
