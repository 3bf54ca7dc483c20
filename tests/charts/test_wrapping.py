"""Lines fit, and nothing is lost."""

from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties

from sim.charts.style import drawing
from sim.charts.wrapping import _pieces, _width_points, wrap_lines

WORDS = st.lists(
    st.sampled_from(
        [
            "dispute",
            "五联",
            "（+12个百分点）",
            "，",
            "、",
            "“无机制”",
            "settled;",
            "+8\u00a0to\u00a0+9",
            "90天",
            "%",
        ]
    ),
    min_size=1,
    max_size=30,
).map(" ".join)


@given(WORDS, st.floats(60, 500))
@example("a" * 90, 60.0)
def test_lines_keep_every_letter_and_fit(words, width):
    with drawing("zh"):
        lines = wrap_lines(words, 10.0, width)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        font = FontProperties(size=10.0)
        for line in lines:
            assert _width_points(line, font) <= width or len(_pieces(line)) == 1


@given(st.text(alphabet="界民纠纷，。；：、）（”“ab 9%", min_size=1, max_size=80))
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(words):
    with drawing("zh"):
        lines = wrap_lines(words, 10.0, 90.0)
    for line in lines[1:]:
        assert line[0] not in "，。；：、）”%"
    for line in lines[:-1]:
        assert line[-1] not in "（“"


def test_an_interval_in_chinese_stays_on_one_line():
    words = "明显提高：五联（+11.1个百分点，区间+10.5至+11.6）、补齐短板的联盟"
    for width in range(60, 300, 7):
        with drawing("zh"):
            lines = wrap_lines(words, 12.0, float(width))
        assert "".join(lines) == words
        assert sum("+10.5至+11.6" in line for line in lines) == 1
