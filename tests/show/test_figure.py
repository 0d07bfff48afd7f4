import threading

import numpy as np
import pytest

from nnlearn.show import Picture, new_axes


def a_picture(alt='Ten points on a line, "steep".'):
    figure, (axes,) = new_axes()
    axes.plot(np.arange(10))
    return Picture(figure, alt)


def test_the_sentence_is_alt_caption_and_repr():
    picture = a_picture()
    page = picture._repr_html_()
    assert page.count("Ten points on a line, &quot;steep&quot;.") == 2
    assert repr(picture) == 'Ten points on a line, "steep".'


def test_a_picture_without_a_sentence_is_refused():
    with pytest.raises(ValueError, match="a sentence that says what it shows"):
        a_picture(" ")


def test_same_figure_same_bytes_on_any_thread():
    made = []
    threads = [threading.Thread(target=lambda: made.append(a_picture().png())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1


def test_columns_stand_side_by_side():
    figure, axes = new_axes(3, width=2, height=1)
    assert len(axes) == 3 and tuple(figure.get_size_inches()) == (6, 1)
