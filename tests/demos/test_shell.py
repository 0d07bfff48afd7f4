"""The shell without a browser: gate, time, state, messages, errors, the live run."""

import asyncio
import itertools
import json
import threading

import pytest

from nnlearn.demos import shell
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from tests.demos.coin import CoinLab


def message(demo, action, number=1, **args):
    """What the browser would send."""
    content = {"do": action, "args": args, "view": "v", "id": number}
    demo._receive(demo, content, [])
    return unpack(demo.frame)[0]


def test_nothing_moves_before_the_answer():
    demo = CoinLab()
    for action in (lambda: demo.step(), lambda: demo.set(chance=0.1), lambda: demo.run(3),
                   lambda: demo.play(), lambda: demo.goto(0)):  # fmt: skip
        with pytest.raises(DemoError, match="say first what you expect"):
            action()
    assert demo.t == 0 and demo.settings["chance"] == 0.5
    demo.act("look", closely=True)  # only the view
    assert demo.answer("a") == "Not always."
    demo.step()
    assert demo.t == 1


def test_an_answer_stays_and_a_bad_one_is_refused():
    demo = CoinLab()
    with pytest.raises(DemoError, match="answer with one of A, B"):
        demo.answer("Z")
    demo.answer("B")
    demo.answer("A")
    assert demo.answered == "B"


def test_teachers_need_no_answer():
    demo = CoinLab(predict=False)
    demo.step(5)
    assert demo.t == 5 and demo.spec["asks"] is None


def test_back_rewind_and_scrub_bring_the_same_numbers():
    demo, seen = CoinLab(predict=False, seed=4), []
    for _ in range(450):
        demo.step()
        seen.append(dict(demo.now))
    assert len(demo._past.times) <= 200
    for t in (449, 300, 17, 1):
        demo.goto(t)
        assert demo.now == seen[t - 1]
    demo.goto(450)
    demo.back()
    assert demo.now == seen[448]
    demo.rewind()
    demo.run(450)
    assert demo.now == seen[-1], "the same seed gives the same future"


def test_view_controls_leave_the_past_alone():
    demo = CoinLab(predict=False)
    demo.step(9)
    before = demo.now.copy(), demo._past.times, demo.rng.bit_generator.state
    demo.act("look", closely=True)
    demo.act("table", shown=True)
    demo.act("share", shown=True)
    demo.push()
    demo._repr_mimebundle_()
    assert (demo.now, demo._past.times, demo.rng.bit_generator.state) == before


def test_state_is_json_and_share_rebuilds_it():
    demo = CoinLab(seed=3, chance=0.25, side="tails")
    demo.answer("B")
    demo.step(20)
    assert json.loads(json.dumps(demo.state)) == demo.state
    again = eval(str(demo.share()), {"CoinLab": CoinLab})
    assert again.state == demo.state and again.now == demo.now
    assert "\n" not in demo.share() and repr(demo.share()) == str(demo.share())
    with pytest.raises(DemoError, match="needed is CoinLab version 1"):
        CoinLab.from_state({**demo.state, "version": 9})


def test_controls_say_what_is_wrong():
    demo = CoinLab(predict=False)
    for settings, word in [
        ({"chance": 2}, "outside 0 to 1"), ({"chance": "x"}, "must be a number"),
        ({"chance": float("nan")}, "outside"), ({"side": "edge"}, "one of heads, tails"),
        ({"big": 1}, "True or False"), ({"colour": 1}, "it has chance, side, big"),
    ]:  # fmt: skip
        with pytest.raises(DemoError, match=word):
            demo.set(**settings)
    with pytest.raises(DemoError, match="no control 'colour'"):
        CoinLab(colour=1)


def test_a_message_is_answered_and_its_error_is_shown():
    demo = CoinLab()
    frame = message(demo, "set", 7, chance=0.9)
    assert frame["acks"] == {"v": 7} and "say first" in frame["problem"]
    message(demo, "answer", 8, answer="B")
    frame = message(demo, "boom", 9)
    assert frame["problem"] == "ZeroDivisionError: the coin fell apart"
    assert "no action 'fly'" in message(demo, "fly", 10)["problem"]
    frame = message(demo, "set", 11, chance=0.9)
    assert frame["problem"] == "" and frame["settings"]["chance"] == 0.9


def test_table_line_and_program_travel_only_when_asked_for():
    demo = CoinLab(predict=False)
    assert demo.spec["code"] and message(demo, "look", closely=0)["code"] is None
    assert message(demo, "code", shown=True)["code"] == demo.code() == "coin.throw(0)\n"
    assert message(demo, "step")["code"] == "coin.throw(1)\n"
    assert message(demo, "look", closely=1)["share"] is None
    assert message(demo, "share", shown=True)["share"] == demo.share()
    assert message(demo, "table", shown=True)["table"] == []


def test_two_demos_share_nothing():
    one, two = CoinLab(predict=False), CoinLab(predict=False)
    one.step(5)
    one.set(side="tails")
    assert two.t == 0 and two.settings["side"] == "heads" and two.view == {}


def test_callbacks_may_come_on_any_thread():
    demo = CoinLab(predict=False)
    threads = [threading.Thread(target=lambda: [demo.act("step") for _ in range(25)])
               for _ in range(4)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert demo.t == 100 and demo.now["throws"] == 100


def test_display_has_a_view_a_picture_and_a_sentence():
    bundle, _ = CoinLab()._repr_mimebundle_()
    assert bundle["text/plain"] == "0 of 0 throws were heads." == repr(CoinLab())
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert "model_id" in bundle["application/vnd.jupyter.widget-view+json"]


def live(work):
    """Run a coroutine function on a loop, as a notebook does."""
    return asyncio.run(work())


def test_a_live_run_ends_by_itself_and_rewinds():
    async def work():
        demo = CoinLab(predict=False)
        demo.play()
        await demo.wait()
        return demo

    demo = live(work)
    assert demo.t == 500 and not unpack(demo.frame)[0]["playing"]
    with pytest.raises(DemoError, match="rewind first"):
        demo.play()


@pytest.mark.parametrize("how", ["stop", "close", "step"])
def test_the_run_ends_on(how):
    async def work():
        demo = CoinLab(predict=False)
        demo.pace = 0.01
        demo.play()
        await asyncio.sleep(0.05)
        getattr(demo, how)()
        await asyncio.wait_for(demo.wait(), 2)
        return demo.t

    assert 0 < live(work) < 500


def test_a_run_may_begin_on_another_thread():
    async def work():
        demo = CoinLab(predict=False)
        thread = threading.Thread(target=demo.play)
        thread.start()
        thread.join()
        await demo.wait()
        return demo.t

    assert live(work) == 500


def test_an_exception_in_a_run_is_shown_and_raised_by_wait():
    async def work():
        demo = CoinLab(predict=False)
        demo.advance = lambda: 1 / 0
        demo.play()
        with pytest.raises(ZeroDivisionError):
            await demo.wait()
        return unpack(demo.frame)[0]

    frame = live(work)
    assert frame["problem"] == "ZeroDivisionError: division by zero" and not frame["playing"]


def test_without_a_loop_run_says_what_to_use():
    with pytest.raises(DemoError, match=r"demo\.run\(10\)"):
        CoinLab(predict=False).play()


def test_frames_wait_for_the_browser():
    demo = CoinLab(predict=False)
    message(demo, "hello", reduced=False)
    first = demo._n
    for _ in range(10):
        demo._turn()
    assert demo._n == first + 3 and demo.t == 10, "three frames on their way, no more"
    message(demo, "seen", n=demo._n)
    demo._turn()
    assert demo._n == first + 4 and demo.t == 11


def test_a_run_that_nobody_sees_stops():
    demo = CoinLab(predict=False)
    demo.pace = 1.0
    message(demo, "hello", reduced=False)
    assert len(list(itertools.takewhile(bool, (demo._turn() for _ in range(40))))) < 20


def test_the_last_view_takes_the_run_with_it():
    async def work():
        demo = CoinLab(predict=False)
        demo.pace = 0.01
        message(demo, "hello")
        demo.play()
        message(demo, "bye")
        await asyncio.wait_for(demo.wait(), 2)
        return demo.t

    assert live(work) < 10


def test_reduced_motion_takes_ten_steps_twice_a_second():
    demo = CoinLab(predict=False)
    message(demo, "hello", reduced=True)
    demo._turn()
    assert demo.t == 10 and demo._player._pause() == 0.5


def test_running_a_cell_again_ends_what_it_made(monkeypatch):
    from nnlearn.demos import player

    stopped = []

    class Old:
        def stop(self):
            stopped.append(self)

    cells, first, second = player.CellRegistry(), Old(), Old()
    monkeypatch.setattr(player, "current_cell", lambda: ("cell", "run 1"))
    cells.enter(first)
    cells.enter(second)
    assert stopped == []
    monkeypatch.setattr(player, "current_cell", lambda: ("cell", "run 2"))
    cells.enter(Old())
    assert set(stopped) == {first, second}


def test_the_slot_falls_back_when_the_code_fails_later():
    def share(n, of):
        if of > 3:
            raise KeyError("too many")
        return n / of

    demo = CoinLab(slot=share, predict=False)
    assert demo.badge == "running: your code"
    demo.step(5)
    assert demo.badge == "running: nnlearn"
    assert "KeyError" in unpack(demo.frame)[0]["refused"]["message"]


def test_the_script_is_one_text_without_imports():
    script = CoinLab._esm
    assert "\nimport " not in script and "http" not in script
    assert script.count("export default") == 1
    assert shell.PALETTE["diverging"][0] in script
