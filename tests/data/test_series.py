import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlearn.data import (
    load_share_prices,
    load_weather,
    sensor_faults,
    series,
    time_split,
    windows,
)


def test_weather():
    weather = load_weather()
    assert weather.values.shape == (1461, 4) and weather.values.dtype == np.float32
    assert weather.names == ("rain", "temp_max", "temp_min", "wind") and len(weather.units) == 4
    assert (np.diff(weather.time) == np.timedelta64(1, "D")).all()  # no day is missing
    assert weather.time[-1] == np.datetime64("2015-12-31")
    assert np.isfinite(weather.values).all() and (weather.column("rain") >= 0).all()
    assert (weather.column("temp_max") >= weather.column("temp_min")).all()
    with pytest.raises(KeyError, match="there are rain, temp_max"):
        weather.column("fog")


def test_a_changed_weather_file_is_refused_and_other_line_ends_are_not(monkeypatch, tmp_path):
    copy = tmp_path / "seattle_weather.csv"
    monkeypatch.setattr(series, "WEATHER", copy)
    original = series.Path(series.__file__).with_name("seattle_weather.csv").read_bytes()
    copy.write_bytes(original.replace(b"\n", b"\r\n"))
    assert load_weather().values.shape == (1461, 4)
    copy.write_bytes(original.replace(b"12.8", b"12.9", 1))
    with pytest.raises(RuntimeError, match="not as it was"):
        load_weather()


def test_the_weather_file_says_where_it_is_from():
    head = series.WEATHER.read_text()[:600]
    for word in ("NOAA", "public domain", "vega_datasets 0.9.0", "62f0609f787158128aa2bd10"):
        assert word in head


def test_share_prices():
    prices = load_share_prices()
    assert prices.values.shape == (1047, 6) and prices.values.dtype == np.float32
    assert (np.diff(prices.time) > np.timedelta64(0, "D")).all()
    assert (prices.column("high") >= prices.column("low")).all()
    assert abs(prices.column("close")[0] - 100.34) < 1e-4


def test_faults_change_what_they_mark_and_nothing_else():
    weather = load_weather()
    true = weather.column("temp_max")
    true.flags.writeable = False
    readings = sensor_faults(weather.time, true, 40, rng=np.random.default_rng(0))
    assert readings.value.dtype == np.float32 and readings.fault.dtype == bool
    assert np.array_equal(readings.value[~readings.fault], true[~readings.fault])
    assert (readings.value != true)[readings.fault].mean() > 0.8  # a stuck sensor may be right
    starts = np.flatnonzero(np.diff(readings.fault.astype(int)) == 1)
    assert len(starts) == 40 and not readings.fault[0] and not readings.fault[-1]
    again = sensor_faults(weather.time, true, 40, rng=np.random.default_rng(0))
    assert np.array_equal(readings.value, again.value)


def test_faults_need_room():
    with pytest.raises(ValueError, match="no room for 5 faults in 9 readings"):
        sensor_faults(np.arange(9), np.zeros(9), 5)
    for size in (0, 1, 9):
        assert not sensor_faults(np.arange(size), np.zeros(size), 0).fault.any()


@settings(deadline=None, database=None)
@given(st.integers(0, 12), st.integers(1, 4), st.integers(0, 3), st.sampled_from([(), (2,), (0,)]))
def test_windows_of_all_sizes(steps, length, horizon, rest):
    values = np.arange(steps * int(np.prod(rest)), dtype=np.float32).reshape(steps, *rest)
    X, y = windows(values, length, horizon)
    n = max(steps - length - horizon + 1, 0)
    assert X.shape == (n, length, *rest) and y.shape == (n, horizon, *rest)
    assert X.dtype == y.dtype == np.float32
    for i in range(n):
        assert np.array_equal(X[i], values[i : i + length])
        assert np.array_equal(y[i], values[i + length : i + length + horizon])


def test_windows_are_views_that_cannot_be_written_to():
    values = np.arange(10.0)
    X, y = windows(values, 3)
    assert np.shares_memory(X, values) and not X.flags.writeable and not y.flags.writeable
    values[0] = 5  # the series itself still can


def test_wrong_windows():
    for length, horizon in ((0, 1), (2, -1)):
        with pytest.raises(ValueError, match="length of 1 or more"):
            windows(np.arange(5), length, horizon)
    with pytest.raises(ValueError, match="shape"):
        windows(np.float32(3), 1)


def test_time_split():
    parts = time_split(np.arange(20).reshape(10, 2), (0.5, 0.3, 0.2))
    assert [len(p) for p in parts] == [5, 3, 2] and parts[1][0, 0] == 10
    first, second = time_split(np.arange(10), gap=2)
    assert first.tolist() == [*range(7)] and second.tolist() == [9]
    assert [len(p) for p in time_split(np.arange(0))] == [0, 0]
    assert [len(p) for p in time_split(np.arange(1), gap=5)] == [1, 0]
    for shares in ((0.7, 0.2), (1.2, -0.2)):
        with pytest.raises(ValueError, match="add up to"):
            time_split(np.arange(10), shares)
    with pytest.raises(ValueError, match="gap"):
        time_split(np.arange(10), gap=-1)
